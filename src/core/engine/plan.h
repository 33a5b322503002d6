// What configure and unconfigure would do to an engine's files, and doing it.
//
// Invariants: what is written was proven by the editor and not rejected by the
// engine's own checker; nothing is written when nothing changes; before a file
// is changed, an undo record says how it was. What configure accepts,
// unconfigure gives back: both read a file as the same document.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "core/engine/engine_request.h"
#include "core/host/change.h"

struct EnginePlan : Plan {
  const Engine* engine = nullptr;
  std::string_view reload;  // the command after which the engine has read it; empty: none is needed
};

/// By reading alone. UsageError for what makes no sense; Error for what cannot be put in, or is not there.
EnginePlan plan_configure(const EngineRequest& request);
EnginePlan plan_unconfigure(const EngineRequest& request);
/// The first half of unconfigure: the runtime is the default no more, but stays for the containers that need it.
EnginePlan plan_release(const EngineRequest& request);

/// Carries the plan out, all of it or nothing; returns what the engine's checker said that does not stop it.
Notes apply(const EnginePlan& plan);
/// The same as a part of the transaction, which the plan must outlive.
Notes apply(const EnginePlan& plan, Transaction& transaction);
