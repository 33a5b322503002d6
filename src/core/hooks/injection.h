// What the shim does to one container's spec: the hooks that it gets, with their arguments expanded, and the edits.
//
// The shim and `hooks preview` both stand on this, so that one cannot say what
// the other does not do.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "core/hooks/hook_sources.h"
#include "core/hooks/variables.h"
#include "core/oci/spec.h"
#include "core/text/edit.h"

enum class Outcome : std::uint8_t { added, already_there, sandbox, none_apply };

struct Injection {
  Outcome outcome;
  std::size_t hooks = 0;    // that are added, the marker not counted
  std::vector<Edit> edits;  // of the spec's text
};

/// Is told of every hook that is configured, with arguments expanded where it applies, and of what was decided.
using Witness = std::function<void(const ConfiguredHook&, const Decision&)>;

/// A hook on the host that the spec had before us, and that has no env. It stays as it is: whoever put it there may mean
/// it so.
struct HookWithoutEnv {
  Stage stage;
  std::size_t index;
  std::string path;
};
std::vector<HookWithoutEnv> hooks_without_env(const Spec& spec);

/// "createContainer[0] (/usr/bin/x) has no env: under runc up to 1.2 it gets the image's"
std::string warning_of(const HookWithoutEnv& hook);

/// Throws the first problem in the files of hooks.
Injection plan_injection(const Spec& spec, const HookSources& sources, const Variables& variables, bool into_sandboxes,
                         const Witness& witness = {});
