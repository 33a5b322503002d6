// The commands of container-hooks-ctk, a group a file: rows, and a function for each.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>

#include "core/cli/command.h"

extern const CommandGroup toolkit_commands;  // install, uninstall, status
extern const CommandGroup setup_commands;    // a whole host
extern const CommandGroup runtime_commands;  // what engines know
extern const CommandGroup config_commands;   // config.toml
extern const CommandGroup hooks_commands;    // the operator's hooks

/// All of them, in the order of help.
inline constexpr std::array command_groups = {&toolkit_commands, &setup_commands, &runtime_commands, &config_commands,
                                              &hooks_commands};

/// What the tool is for, as help and its manual say it.
constexpr std::string_view ctk_summary =
    "Configures engines, hooks and this toolkit: OCI lifecycle hooks for every container of every engine.";
