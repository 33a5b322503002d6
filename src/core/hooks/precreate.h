// The hooks that write the spec: the stage precreate, as podman has it, for every engine.
//
// Such a program gets the spec on its standard input and answers with nothing, with the whole spec as it should be, or with a
// JSON Patch (RFC 6902). Of its answer only what differs is edited into the text of the spec: what it lacks goes, what is
// the same stays byte for byte. Each one sees the work of those before it, and so do conditions.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "core/hooks/hook_sources.h"
#include "core/oci/command_line.h"
#include "core/oci/spec.h"

/// What became of one of them.
struct PrecreateRun {
  const ConfiguredHook* hook;
  Decision decision;
  std::string failure = {};  // why it changed nothing
};

struct Precreated {
  Spec spec;
  std::vector<PrecreateRun> runs;
};

bool has_precreate(const LoadedHooks& loaded);

/// Runs those that apply, in the bundle and for ten seconds at most where their files do not say otherwise. Error for the
/// first that fails, unless the configuration says that containers start all the same. loaded must outlive the result.
Precreated run_precreate(Spec spec, const LoadedHooks& loaded, const CommandLine& call, const std::string& runtime,
                         OnError on_error);
