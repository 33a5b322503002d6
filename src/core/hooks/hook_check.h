// Everything that is wrong with the configured hooks, and what is only unwise.
//
// Errors are what the shim would stop a container for, or what would stop it
// later for certain; warnings are the rest.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "core/hooks/hook_sources.h"

/// Of which files it is said what podman and CRI-O make of them: of those in their directories, or of all.
enum class Portable : std::uint8_t { engines_own, all };

/// The hooks with everything that was found when they were loaded, and what is unwise in them; errors first.
LoadedHooks check_hooks(LoadedHooks loaded, Portable portable = Portable::engines_own);
