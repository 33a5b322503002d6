// What the shim does to one container's spec: the hooks that it gets, with their arguments expanded, and the edits.
//
// The shim and `hooks preview` both stand on this, so that one cannot say what
// the other does not do.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/hooks/hook_sources.h"
#include "core/hooks/precreate.h"
#include "core/hooks/variables.h"
#include "core/oci/spec.h"
#include "core/text/edit.h"

enum class Outcome : std::uint8_t { added, already_there, sandbox, none_apply };

struct Injection {
  Outcome outcome;
  std::vector<Edit> edits = {};               // of the spec's text
  std::vector<std::string> added = {};        // "verify in createRuntime", the marker not counted
  std::vector<std::string> passed_over = {};  // "FILE: why"
};

/// Why no hook is added, or that some are: "the spec has the marker already".
std::string_view reason_of(Outcome outcome);

/// Whether the hook applies to the container, and why. Throws, with the file's name, when that cannot be decided.
Decision decide(const ConfiguredHook& hook, const Spec& spec, const Variables& variables);

/// Error when the hook, with its variables expanded, has longer arguments than execve(2) takes. Such a hook does not run, and
/// after poststart and poststop nobody asks why: a container's user must not be able to cause that by a long value.
void require_startable(const ConfiguredHook& configured, const Hook& hook);

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

/// Hooks on the host whose runs are recorded, where the configuration says so, go in as calls of the runner. Throws when
/// it cannot be decided whether a hook applies.
Injection plan_injection(const Spec& spec, const LoadedHooks& loaded, const Variables& variables, const Config& config);

struct PreparedSpec {
  Spec spec;            // after its precreate hooks
  Injection injection;  // into that
  std::vector<PrecreateRun> precreate;
};

/// All that is done to a spec: its precreate hooks, unless it is left alone anyway, then plan_injection(). Throws what those
/// throw. loaded and call must outlive the result.
PreparedSpec prepare_spec(Spec spec, const LoadedHooks& loaded, const CommandLine& call, const std::string& runtime,
                          const Config& config);
