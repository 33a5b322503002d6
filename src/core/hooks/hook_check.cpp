// SPDX-License-Identifier: Apache-2.0
#include "core/hooks/hook_check.h"

#include <algorithm>

#include "core/hooks/hook_lint.h"
#include "core/hooks/variables.h"

namespace {

void check_hook(const ConfiguredHook& configured, Portable portable, Findings& findings) {
  if (is_marker(configured.hook)) return;
  const auto warn = [&](std::string_view what) { findings.push_back(finding_at(Severity::warning, configured, what)); };
  for (const std::string_view advice : advice_on(configured)) warn(advice);
  if (portable == Portable::all || is_read_by_engines(configured))
    for (const std::string_view difference : differences_of(configured)) warn(difference);
  for (const std::string& unknown : Variables::unknown_in(configured.hook))
    warn(fmt::format("there is no variable {}", unknown));
}

}  // namespace

LoadedHooks check_hooks(LoadedHooks loaded, Portable portable) {
  for (const ConfiguredHook& hook : loaded.hooks) check_hook(hook, portable, loaded.findings);
  std::ranges::stable_sort(loaded.findings, {}, &Finding::severity);
  return loaded;
}
