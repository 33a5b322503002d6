// SPDX-License-Identifier: Apache-2.0
#include "core/hooks/hook_check.h"

#include <algorithm>
#include <array>

#include "core/hooks/variables.h"

namespace {

bool runs_in(const ConfiguredHook& hook, Stage stage) {
  return std::ranges::find(hook.named, stage) != hook.named.end();
}

bool has_condition(const Condition& when) {
  return when.always || when.has_bind_mounts || !when.annotations.empty() || !when.commands.empty();
}

struct Rule {
  bool (*applies)(const ConfiguredHook& hook);
  std::string_view warning;
};

constexpr std::array rules = {
    Rule{[](const ConfiguredHook& hook) { return !hook.hook.timeout; },
         "it has no timeout: when it hangs, the engine waits for ever"},
    Rule{[](const ConfiguredHook& hook) { return hook.named.empty(); }, "it names no stage, so it never runs"},
    Rule{[](const ConfiguredHook& hook) { return !has_condition(hook.when); },
         "it has no condition, so it never applies"},
    Rule{[](const ConfiguredHook& hook) { return hook.when.has_bind_mounts == false; },
         "hasBindMounts = false holds for no container"},
    Rule{[](const ConfiguredHook& hook) { return runs_in(hook, Stage::prestart); },
         "prestart is deprecated; createRuntime runs at the same time"},
    Rule{[](const ConfiguredHook& hook) { return runs_in(hook, Stage::start_container); },
         "a hook for startContainer is looked for inside the container"},
};

void check_hook(const ConfiguredHook& configured, Findings& findings) {
  if (is_marker(configured.hook)) return;
  const auto warn = [&](std::string_view what) { findings.push_back({Severity::warning, at_hook(configured, what)}); };
  for (const Rule& rule : rules)
    if (rule.applies(configured)) warn(rule.warning);
  for (const std::string& unknown : Variables::unknown_in(configured.hook))
    warn(fmt::format("there is no variable {}", unknown));
}

}  // namespace

Findings check_hooks(LoadedHooks loaded) {
  for (const ConfiguredHook& hook : loaded.hooks) check_hook(hook, loaded.findings);
  std::ranges::stable_sort(loaded.findings, {}, &Finding::severity);
  return std::move(loaded.findings);
}
