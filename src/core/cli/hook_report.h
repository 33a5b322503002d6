// The configured hooks, and what becomes of them in one container, for people and for programs.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "core/hooks/hook_sources.h"
#include "core/hooks/injection.h"

enum class Format : std::uint8_t { text, json };

/// All hooks by stage, and which files do not count, since others replace them.
std::string hook_list(const LoadedHooks& loaded, Format format);

/// What was found, what was not looked at, and how much was.
std::string check_report(const LoadedHooks& checked, Format format);

struct Preview {
  const std::string& before;  // the spec's text
  const PreparedSpec& prepared;
  const LoadedHooks& loaded;
  const Variables& variables;  // of the spec as it is prepared
};

/// What prepare_spec() has found. For each hook whether it applies and why, its arguments as the container would have them, whether the spec has it
/// already, and what config.json would become. Throws what the shim would throw.
std::string hook_preview(const Preview& preview, Format format);
