// The tables that manuals and completions are filled with, each as text for its place.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "core/cli/command.h"

/// The template with each line "@NAME@" replaced by the table of that name, and @version@ anywhere. Error for a name
/// that no table has.
std::string filled(std::string_view text, const CommandSet& set);
