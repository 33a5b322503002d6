// Hooks as JSON: one hook object, and the operator's hooks.json.
//
// Every problem is collected with its place, not only the first, so that
// `hooks check` can show them all; the shim stops at the first.
// Refused: what the runtime specification does not allow in a hook, names that it
// does not have, and text with a NUL, which no exec can pass on.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/error.h"
#include "core/host/file.h"
#include "core/oci/hook.h"
#include "core/text/json_text.h"

using Problems = std::vector<Error>;  // each "FILE:LINE:COLUMN: WHERE: what"

/// use: what they say runs here, so that they must be trusted and programs must exist. review: they are for other hosts.
enum class Purpose : std::uint8_t { use, review };

constexpr Trust trust_for(Purpose purpose) { return purpose == Purpose::use ? Trust::required : Trust::not_needed; }

/// Larger or deeper is no file of hooks.
constexpr std::size_t max_hooks_file_size = 16u << 20;
constexpr std::size_t max_hooks_file_depth = 32;

/// How names are matched: as they are written, none twice and none unknown; or as Go's encoding/json does, which reads
/// hooks.d for podman and CRI-O.
enum class Names : std::uint8_t { exact, as_go };

/// The hook at value; problems name it `where` ("prestart[0]"). Nothing when there is one.
std::optional<Hook> read_hook(const JsonText& text, const JsonText::Value& value, std::string_view where,
                              Problems& problems, Names names = Names::exact);

/// hooks.json: the OCI `hooks` object, or the same wrapped as {"hooks": {…}}; with comments and trailing commas.
/// Throws when it is not JSON.
HooksByStage parse_hooks_json(std::string path, std::string content, Problems& problems);

/// Nothing when there is no such file. Throws when it cannot be read or must not be trusted, too.
std::optional<HooksByStage> read_hooks_json(const std::string& path, Problems& problems,
                                            Purpose purpose = Purpose::use);
