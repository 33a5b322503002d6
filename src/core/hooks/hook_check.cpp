// SPDX-License-Identifier: Apache-2.0
#include "core/hooks/hook_check.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>

#include "core/hooks/hook_file.h"
#include "core/hooks/variables.h"
#include "core/host/file.h"
#include "core/text/position.h"

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

class Check {
 public:
  explicit Check(Purpose purpose) : purpose_(purpose) {}

  void problems(const Problems& problems) {
    for (const Error& problem : problems) findings.push_back({Severity::error, problem.text});
  }
  void hook(const ConfiguredHook& configured);
  void keys_of(const std::string& path);

  std::vector<Finding> findings;

 private:
  void program(const ConfiguredHook& configured);
  void add(Severity severity, const ConfiguredHook& configured, std::string_view what);

  Purpose purpose_;
};

void Check::add(Severity severity, const ConfiguredHook& configured, std::string_view what) {
  const std::string content = read_if_exists(configured.source).value_or("");
  const Position at = position_of(content, configured.hook.offset);
  findings.push_back({severity, fmt::format("{}:{}:{}: {}: {}", configured.source, at.line, at.column,
                                            json_quoted(configured.hook.path), what)});
}

// What a container would only find out when it starts.
void Check::program(const ConfiguredHook& configured) {
  const auto runs_inside = [](Stage stage) { return stage == Stage::start_container; };
  if (std::ranges::all_of(configured.named, runs_inside)) return;
  const std::string& path = configured.hook.path;
  const Severity missing = purpose_ == Purpose::use ? Severity::error : Severity::warning;
  struct stat status;
  if (stat(path.c_str(), &status) != 0)
    add(missing, configured, errno_text(errno));
  else if (!S_ISREG(status.st_mode))
    add(Severity::error, configured, "it is no regular file");
  else if ((status.st_mode & 0111) == 0)
    add(Severity::error, configured, "it is not executable");
}

void Check::hook(const ConfiguredHook& configured) {
  if (is_marker(configured.hook)) return;
  program(configured);
  for (const Rule& rule : rules)
    if (rule.applies(configured)) add(Severity::warning, configured, rule.warning);
  for (const std::string& unknown : Variables::unknown_in(configured.hook))
    add(Severity::warning, configured, fmt::format("there is no variable {}", unknown));
}

void Check::keys_of(const std::string& path) {
  try {
    const JsonText text(path, read_if_exists(path).value_or(""));
    for (const Error& key : ignored_keys(text)) findings.push_back({Severity::warning, key.text});
  } catch (const Error&) {
    // whoever reads it for the hooks has told already
  }
}

}  // namespace

std::vector<Finding> check_hooks(const HookSources& sources, Problems problems) {
  Check check(sources.purpose());
  sources.visit(problems, [&](ConfiguredHook&& hook) { check.hook(hook); });
  for (const std::string& path : sources.files()) check.keys_of(path);
  check.problems(problems);
  std::ranges::stable_sort(check.findings, {}, &Finding::severity);
  return std::move(check.findings);
}
