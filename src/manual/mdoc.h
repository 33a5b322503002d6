// Manuals in mdoc(7): the page of a command, and the tables in pages that are written by hand.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "core/cli/command.h"

/// "container-hooks-ctk-hooks-add"
std::string page_name(const CommandSet& set, const Command& command);

/// The page of a command. description is what its row cannot say, in mdoc; it may be empty.
std::string mdoc_page(const CommandSet& set, const Command& command, std::string_view description);

// Tables: each a list of terms and what they mean.
std::string mdoc_commands(const CommandSet& set);
std::string mdoc_global_options(const CommandSet& set);
std::string mdoc_engines(const CommandSet& set);
std::string mdoc_settings(const CommandSet& set);
std::string mdoc_default_config(const CommandSet& set);
std::string mdoc_stages(const CommandSet& set);
std::string mdoc_variables(const CommandSet& set);
/// The pages of all commands, for SEE ALSO.
std::string mdoc_pages(const CommandSet& set);
