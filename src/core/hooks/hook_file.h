// One file of a hooks.d directory: oci-hooks(5), versions 1.0.0 and 0.1.0.
//
// The same file says the same to podman and CRI-O, so it is read as Go's
// encoding/json does: names in any case, unknown ones ignored, the last of
// several wins, no comments. Stricter than they are, on purpose: a condition
// that is not known is an error, since a hook that should deny would not apply;
// so are relative paths, and timeouts below 1.
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
  std::optional<Condition> unless;  // where it holds, the hook does not apply
};

/// Nothing when there are errors. Throws when the content is not JSON. Keys that nobody looks at are warnings.
Parsed<std::optional<HookFile>> parse_hook_file(std::string path, std::string content);

/// Whether a JSON text is meant as a file of hooks.d, and not as a hooks.json.
bool looks_like_hook_file(const JsonText& text);
