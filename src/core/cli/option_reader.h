// What stands after the words of a command, told apart as GNU's getopt_long(3) does: options anywhere, --name=value or
// --name value, and operands; after `--` there are operands alone.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/cli/command.h"

inline constexpr std::array global_options = {
    CommandOption{"h,help", "", "Show this help"},
    CommandOption{"d,debug", "", "Say more: which files are read, which changes are made"},
    CommandOption{"q,quiet", "", "Say nothing but errors"},
    CommandOption{"v,version", "", "Show the version"},
};

/// The options of a command, and the global ones.
std::vector<CommandOption> options_of(const Command& command);

/// Reads the arguments after the words of the command. UsageError, with what was probably meant, for an option that
/// there is not, or whose value is missing or not wanted.
Arguments read_arguments(const Command& command, std::span<const std::string> given);
