// Everything that is wrong with the configured hooks, and what is only unwise.
//
// Errors are what the shim would stop a container for, or what would stop it
// later for certain; warnings are the rest.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/hooks/hook_sources.h"

/// Everything that was found when the hooks were loaded, and what is unwise in them; errors first.
Findings check_hooks(LoadedHooks loaded);
