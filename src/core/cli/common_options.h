// Options that several commands have, and what they mean.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

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

/// The config.toml to work on. It need not exist.
RootedPath config_file(const Arguments& arguments);

/// What config.toml says for --profile, with the directories of hooks in the file system of --root.
Config effective_config(const Arguments& arguments);
