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

/// The value of an option that names a directory, without slashes at its end. UsageError unless it is absolute.
std::string absolute_directory(const Arguments& arguments, std::string_view option, std::string_view otherwise = "");

/// Of --root: the mounted file system to work on; empty: this one.
std::string root_directory(const Arguments& arguments);

/// The config.toml to work on. It need not exist.
std::string config_file(const Arguments& arguments);

/// What config.toml says for --profile, with the directories of hooks in the file system of --root.
Config effective_config(const Arguments& arguments);
