// The configured hooks, and what becomes of them in one container, for people and for programs.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "core/hooks/hook_sources.h"
#include "core/hooks/injection.h"

enum class Format : std::uint8_t { text, json };

/// All hooks by stage. What is wrong in a file becomes problems.
std::string hook_list(const HookSources& sources, Problems& problems, Format format);

/// For each hook whether it applies and why, its arguments as the container would have them, and what config.json would
/// become. Throws what the shim would throw.
std::string hook_preview(const Spec& spec, const HookSources& sources, const Variables& variables, bool into_sandboxes,
                         Format format);
