// Making a host what it should be, engine by engine, and taking that back.
//
// Invariants: an engine is made to read its files again only where they have
// changed since it did; one that does not come up with the new file gets the old
// one back, byte for byte, and is started again.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/engine/plan.h"

struct SetupRequest {
  std::string root;                         // the mounted file system of the host; empty: this one
  std::vector<const Engine*> engines = {};  // empty: those that are found
  std::vector<std::string> profiles = {};   // each gets a runtime of its own, besides the one without a profile
  bool as_default = false;                  // the one without a profile
  bool restart = true;                      // where an engine has to read its files again; false: that is only said
};

/// What was done, or would be, to one engine.
struct EngineStep {
  std::vector<Change> changes;
  Notes notes;
  std::string service;  // what its service was told, or should be: "systemctl reload docker"; empty: nothing
  bool is_told = false;
};

/// Of the engines that the request names, or of those that the host has: their program in one of the usual directories,
/// and a file that does not switch off what would use the runtime.
std::vector<const Engine*> engines_to_set_up(const SetupRequest& request);

/// By reading alone: the plans for an engine's runtimes. A later one takes the file as it is now, too.
std::vector<EnginePlan> plan_engine(const Engine& engine, const SetupRequest& request);

/// Configures the engine, and waits until it knows the runtime. Error, and all is as it was, when it does not come up.
EngineStep set_up(const Engine& engine, const SetupRequest& request);

/// The containers, running or stopped, that need the runtime, as far as engines, bundles and processes tell.
std::vector<std::string> containers_in_need(const std::string& root);

/// Takes our runtimes out of the engine's files, and waits until it is up again.
EngineStep take_back(const Engine& engine, const SetupRequest& request);
