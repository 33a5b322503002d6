// Everything that is wrong with the configured hooks, and what is only unwise.
//
// Errors are what the shim would stop a container for, or what would stop it
// later for certain; warnings are the rest.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/hooks/hook_sources.h"

enum class Severity : std::uint8_t { error, warning };

struct Finding {
  Severity severity;
  std::string text;  // "FILE:LINE:COLUMN: what"
};

/// problems: those that reading the sources had already.
std::vector<Finding> check_hooks(const HookSources& sources, Problems problems);
