// What a hook should not do, as rows: a name, whether it applies, and a sentence.
//
// Refusals are what lets a value that a container's user chose become code. They
// are problems wherever a hook is read, so the shim stops for them, too. Advice is
// the rest, which only `hooks check` gives.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>
#include <vector>

#include "core/oci/hook.h"

struct ConfiguredHook;

/// Why no container may have this hook; empty when it may.
std::string_view refusal_of(const Hook& hook);

/// What is unwise about it, a sentence each.
std::vector<std::string_view> advice_on(const ConfiguredHook& hook);

/// What podman and CRI-O make of its file where they read it themselves, a sentence for each difference.
std::vector<std::string_view> differences_of(const ConfiguredHook& hook);

/// Whether it stands in a directory that they read.
bool is_read_by_engines(const ConfiguredHook& hook);
