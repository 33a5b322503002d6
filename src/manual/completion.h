// The commands as rows for the completions of shells. What is done with them is in the templates beside this file.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "core/cli/command.h"

/// Functions that print what can stand at a place: commands, options of a command, values of a kind.
std::string bash_rows(const CommandSet& set);
/// The same, with what each means, as arguments of _arguments and _describe.
std::string zsh_rows(const CommandSet& set);
/// A call of complete for each.
std::string fish_rows(const CommandSet& set);
