// Options that several commands have, and what they mean.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "core/cli/command.h"
#include "core/toolkit/config.h"

constexpr CommandOption json_option = {"json", "", "Print JSON"};
constexpr CommandOption root_option = {"root", "DIR", "Work on the file system that is mounted at DIR"};
constexpr CommandOption profile_option = {"profile", "NAME", "As the profile NAME has it"};

/// The absolute path that an option gives; empty when it gives none. A relative one is below the current directory, or,
/// with --root, below that, as after chroot(1).
std::string given_path(const Arguments& arguments, std::string_view option, std::string_view otherwise = "");

/// Of --root: the mounted file system to work on, as an absolute path; empty: this one.
std::string root_directory(const Arguments& arguments);

/// Of --profile: what the name of the shim ends with, so it can be in a file's name; empty where it is not given.
std::string given_profile(const Arguments& arguments);

constexpr CommandOption user_option = {"user", "", "In this user's own files, as it is without root"};

/// The config.toml to work on. It need not exist.
RootedPath config_file(const Arguments& arguments);

/// Whether a command is to write the user's own files: with --user, and without root unless --root says where.
/// UsageError for --user where the shim would not read them.
bool writes_own_files(const Arguments& arguments);

/// The config.toml to write. A user's own that is not there yet is to name the directory of hooks beside it, too:
/// assignments_to_create() has what to add to those of the command.
RootedPath config_file_to_write(const Arguments& arguments);
std::vector<std::string> assignments_to_create(const RootedPath& path, const Arguments& arguments);

/// What config.toml says for --profile, with the directories of hooks in the file system of --root.
Config effective_config(const Arguments& arguments);
