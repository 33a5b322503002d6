// What --help prints, from the rows of the commands.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "core/cli/command.h"

/// The names of an option that help shows, with their dashes.
std::vector<std::string> shown_names(const CommandOption& option);

/// In lines of that many characters, as far as they can be broken between words.
std::string help_of(const CommandSet& set, std::size_t width);
std::string help_of(const CommandSet& set, const CommandGroup& group, std::size_t width);
std::string help_of(const CommandSet& set, const Command& command, std::size_t width);
