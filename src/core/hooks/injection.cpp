// SPDX-License-Identifier: Apache-2.0
#include "core/hooks/injection.h"

#include <algorithm>

namespace {

HooksByStage with_marker(HooksByStage hooks) {
  std::vector<Hook>& prestart = hooks[Stage::prestart];
  if (std::ranges::none_of(prestart, is_marker)) prestart.push_back(in_stage(marker_hook(), Stage::prestart));
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
      for (const Stage stage : configured.stages) result[stage].push_back(in_stage(configured.hook, stage));
    }
    if (witness) witness(configured, decision);
  });
  if (!problems.empty()) throw problems.front();
  return result;
}

}  // namespace

std::vector<HookWithoutEnv> hooks_without_env(const Spec& spec) {
  std::vector<HookWithoutEnv> result;
  const HooksByStage hooks = spec.hooks();
  for (const Stage stage : all_stages)
    for (std::size_t index = 0; runs_on_host(stage) && index < hooks[stage].size(); ++index)
      if (!hooks[stage][index].env) result.push_back({stage, index, hooks[stage][index].path});
  return result;
}

std::string warning_of(const HookWithoutEnv& hook) {
  return fmt::format("{}[{}] ({}) has no env: it gets the {}", stage_name(hook.stage), hook.index, hook.path,
                     hook.stage == Stage::create_container ? "image's under runc up to 1.2" : "engine's");
}

Injection plan_injection(const Spec& spec, const HookSources& sources, const Variables& variables, bool into_sandboxes,
                         const Witness& witness) {
  const bool already_there = spec.has_marker();
  const bool passed_over = already_there || (variables.of_sandbox() && !into_sandboxes);
  const HooksByStage hooks =
      passed_over && !witness ? HooksByStage() : applicable_hooks(spec, sources, variables, witness);
  if (passed_over) return {already_there ? Outcome::already_there : Outcome::sandbox, 0, {}};
  if (hooks.count() == 0) return {Outcome::none_apply, 0, {}};
  return {Outcome::added, hooks.count(), spec.edits_adding(with_marker(hooks))};
}
