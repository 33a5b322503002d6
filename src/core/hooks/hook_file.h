// One file of a hooks.d directory: oci-hooks(5), versions 1.0.0 and 0.1.0.
//
// The same file says the same to podman and CRI-O, so it is read as Go's
// encoding/json does: names in any case, unknown ones ignored, the last of
// several wins, no comments. Stricter than they are, on purpose: a hook whose
// program is not on this host is an error and not dropped in silence (but for
// startContainer, which runs inside the container), and so are relative paths
// and timeouts that are none.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/hooks/condition.h"
#include "core/hooks/hooks_json.h"
#include "core/oci/hook.h"

struct HookFile {
  Hook hook;
  std::vector<Stage> stages;  // as they are named, each as often as it is
  Condition when;
};

/// Nothing when there are problems. Throws when text is no JSON.
std::optional<HookFile> parse_hook_file(std::string path, std::string content, Problems& problems,
                                        Purpose purpose = Purpose::use);

/// Nothing when there are problems, or no such file. Throws when it cannot be read or must not be trusted, too.
std::optional<HookFile> read_hook_file(const std::string& path, Problems& problems, Purpose purpose = Purpose::use);

/// Whether a JSON text is meant as a file of hooks.d, and not as a hooks.json.
bool looks_like_hook_file(const JsonText& text);

/// The keys that no reader of the file looks at, each with its place and with what was meant.
Problems ignored_keys(const JsonText& text);
