// Hooks as JSON: one hook object, and the operator's hooks.json.
//
// Refused: what the runtime specification does not allow in a hook, names that it
// does not have, and text with a NUL, which no exec can pass on.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/hooks/finding.h"
#include "core/oci/hook.h"
#include "core/text/json_text.h"

/// Larger or deeper is not a file of hooks.
constexpr std::size_t max_hooks_file_size = 16u << 20;
constexpr std::size_t max_hooks_file_depth = 32;

/// How names are matched: as they are written, none twice and none unknown; or as Go's encoding/json does, which reads
/// hooks.d for podman and CRI-O.
enum class Names : std::uint8_t { exact, as_go };

/// The hook at value; findings name it `where` ("prestart[0]"). Nothing when there are errors.
Parsed<std::optional<Hook>> read_hook(const JsonText& text, const JsonText::Value& value, std::string_view where,
                                      Names names = Names::exact);

/// hooks.json: the OCI `hooks` object, or the same wrapped as {"hooks": {…}}; with comments and trailing commas.
/// Throws when it is not JSON.
Parsed<HooksByStage> parse_hooks_json(std::string path, std::string content);
