// The one line that an engine reads when we fail.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "core/oci/command_line.h"

/// Appends it to the file that the engine named with --log, in the format that it asked for. Nothing happens when it
/// named none, or one that cannot be written.
void write_engine_error(const CommandLine& call, std::string_view message);
