// The commands of container-hooks-ctk, a group a file: rows, and a function for each.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/cli/command.h"

extern const CommandGroup toolkit_commands;  // install, uninstall, status
extern const CommandGroup runtime_commands;  // what engines know
extern const CommandGroup config_commands;   // config.toml
extern const CommandGroup hooks_commands;    // the operator's hooks
