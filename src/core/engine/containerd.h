// What containerd has in common with the distributions that bring one of their own.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "core/engine/engine.h"

/// Error with a place for a version of the file that nobody knows.
RuntimeTable containerd_table(const Document& document);

/// What in containerd's main file keeps the runtime from being used.
Notes containerd_ineffective(const Document& main, const Wanted& wanted);

/// Whether the file is one of those that this one imports.
bool is_imported_by(const Document& main, const std::string& file);
