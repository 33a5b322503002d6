// SPDX-License-Identifier: Apache-2.0
#include "core/hooks/injection.h"

#include <algorithm>

namespace {

HooksByStage with_marker(HooksByStage hooks) {
  std::vector<Hook>& prestart = hooks[Stage::prestart];
  if (std::ranges::none_of(prestart, is_marker)) prestart.push_back(marker_hook());
  return hooks;
}

HooksByStage applicable_hooks(const Spec& spec, const HookSources& sources, const Variables& variables,
                              const Witness& witness) {
  HooksByStage result;
  Problems problems;
  sources.visit(problems, [&](ConfiguredHook&& configured) {
    const Decision decision = in_context(configured.source, [&] { return decide(configured.when, spec); });
    if (decision.applies) {
      configured.hook = variables.expand(std::move(configured.hook));
      for (const Stage stage : configured.stages) result[stage].push_back(configured.hook);
    }
    if (witness) witness(configured, decision);
  });
  if (!problems.empty()) throw problems.front();
  return result;
}

}  // namespace

Injection plan_injection(const Spec& spec, const HookSources& sources, const Variables& variables, bool into_sandboxes,
                         const Witness& witness) {
  const bool already_there = spec.has_marker();
  const bool passed_over = already_there || (spec.is_sandbox() && !into_sandboxes);
  const HooksByStage hooks =
      passed_over && !witness ? HooksByStage() : applicable_hooks(spec, sources, variables, witness);
  if (passed_over) return {already_there ? Outcome::already_there : Outcome::sandbox, 0, {}};
  if (hooks.count() == 0) return {Outcome::none_apply, 0, {}};
  return {Outcome::added, hooks.count(), spec.edits_adding(with_marker(hooks))};
}
