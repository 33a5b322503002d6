// SPDX-License-Identifier: Apache-2.0
#include "core/hooks/injection.h"

#include <algorithm>
#include <array>
#include <utility>

#include "core/host/path.h"
#include "core/oci/recorded_hook.h"

namespace {

bool has_marker(const HooksByStage& hooks) {
  return std::ranges::any_of(spec_stages, [&](Stage stage) { return std::ranges::any_of(hooks[stage], is_marker); });
}

// The first on the host that gets hooks anyway: crun gives up a faster way for a container with any hook in prestart,
// createRuntime or createContainer, and who only has a poststop hook should not pay for a marker in prestart.
Stage stage_of_marker(const HooksByStage& hooks) {
  const auto* found =
      std::ranges::find_if(spec_stages, [&](Stage stage) { return runs_on_host(stage) && !hooks[stage].empty(); });
  return found == spec_stages.end() ? Stage::prestart : *found;
}

// The first of ours in its stage, so that no hook of ours ever ran in a container without it.
HooksByStage with_marker(HooksByStage hooks) {
  if (has_marker(hooks)) return hooks;
  const Stage stage = stage_of_marker(hooks);
  hooks[stage].insert(hooks[stage].begin(), in_stage(marker_hook(), stage));
  return hooks;
}

// "10-verify.json" in a directory has one hook, verify; a hooks.json has many, known by their programs.
std::string name_of(const ConfiguredHook& configured) {
  if (configured.is_of_hooks_json) return std::string(base_name(configured.hook.path));
  std::string_view name = base_name(configured.source);
  name.remove_suffix(name.ends_with(".json") ? 5 : 0);
  const std::size_t digits = std::min(name.find_first_not_of("0123456789"), name.size());
  if (digits > 0 && digits + 1 < name.size() && (name[digits] == '-' || name[digits] == '_'))
    name.remove_prefix(digits + 1);
  return std::string(name);
}

// Makes recorded hooks of those on the host, when their runs are to be recorded.
class Recorder {
 public:
  Recorder(const Variables& variables, const Config& config) : is_on_(config.record != Recording::off) {
    if (!is_on_) return;
    run_.labels = variables.labels();
    run_.target = {config.record, config.record_path, static_cast<std::uint64_t>(config.record_size), config.journal};
    marker_ = marker_hook();
  }

  Hook as_recorded(Hook hook, Stage stage, const ConfiguredHook& configured) const {
    if (!is_on_ || !runs_on_host(stage)) return hook;
    RecordedRun run = run_;
    run.labels.stage = stage_name(stage);
    run.labels.hook = name_of(configured);
    run.labels.file = configured.source;
    hook = recorded_hook(hook, marker_, std::move(run));
    require_startable(configured, hook);
    return hook;
  }

 private:
  bool is_on_;
  RecordedRun run_;
  Hook marker_;
};

// The hooks that apply, and what became of each.
class Selection {
 public:
  Selection(const Variables& variables, const Config& config) : variables_(variables), recorder_(variables, config) {}

  void add(const ConfiguredHook& configured) {
    const Hook hook = variables_.expand(configured.hook);
    require_startable(configured, hook);
    for (const Stage stage : configured.stages) {
      if (stage == Stage::precreate) continue;
      hooks[stage].push_back(recorder_.as_recorded(in_stage(hook, stage), stage, configured));
      added.push_back(fmt::format("{} in {}", name_of(configured), stage_name(stage)));
    }
  }

  void pass_over(const ConfiguredHook& configured, std::string_view why) {
    passed_over.push_back(fmt::format("{}: {}", configured.source, why));
  }

  HooksByStage hooks;
  std::vector<std::string> added, passed_over;

 private:
  const Variables& variables_;
  Recorder recorder_;
};

Selection select(const Spec& spec, const LoadedHooks& loaded, const Variables& variables, const Config& config) {
  Selection result(variables, config);
  for (const ConfiguredHook& configured : loaded.hooks) {
    const Decision decision = decide(configured, spec, variables);
    decision.applies ? result.add(configured) : result.pass_over(configured, decision.why);
  }
  return result;
}

// Why nothing of ours goes into it, whatever hooks there are.
std::optional<Outcome> left_alone(const Spec& spec, const Variables& variables, const Config& config) {
  if (spec.has_marker()) return Outcome::already_there;
  if (variables.of_sandbox() && !config.sandbox) return Outcome::sandbox;
  return std::nullopt;
}

// Where a hook has only written the spec, the marker says that it is not to do so again.
Injection planned(const Spec& spec, Selection selection) {
  if (selection.added.empty()) return {Outcome::none_apply, {}, {}, std::move(selection.passed_over)};
  return {Outcome::added, spec.edits_adding(with_marker(std::move(selection.hooks))), std::move(selection.added),
          std::move(selection.passed_over)};
}

constexpr std::array<std::string_view, 4> reasons = {
    "some apply",
    "the spec has the marker already",
    "it is the sandbox of a pod, and sandbox = false",
    "none applies",
};

// execve(2): MAX_ARG_STRLEN with its NUL, and what is left of the smallest usual limit of all together.
constexpr std::size_t longest_string = 131071;
constexpr std::size_t longest_together = 1u << 20;

}  // namespace

void require_startable(const ConfiguredHook& configured, const Hook& hook) {
  std::size_t together = 0;
  for (const auto* strings : {&hook.args, &hook.env})
    for (const std::string& string : *strings ? **strings : std::vector<std::string>()) {
      together += string.size() + 1;
      if (string.size() > longest_string || together > longest_together)
        throw Error(at_hook(configured, "its arguments are longer than a program can be given"));
    }
}

std::string_view reason_of(Outcome outcome) { return reasons[static_cast<std::size_t>(outcome)]; }

std::vector<HookWithoutEnv> hooks_without_env(const Spec& spec) {
  std::vector<HookWithoutEnv> result;
  const HooksByStage hooks = spec.hooks();
  for (const Stage stage : spec_stages)
    for (std::size_t index = 0; runs_on_host(stage) && index < hooks[stage].size(); ++index)
      if (!hooks[stage][index].env) result.push_back({stage, index, hooks[stage][index].path});
  return result;
}

std::string warning_of(const HookWithoutEnv& hook) {
  return fmt::format("{}[{}] ({}) has no env: it gets the {}", stage_name(hook.stage), hook.index, hook.path,
                     hook.stage == Stage::create_container ? "image's under runc up to 1.2" : "engine's");
}

Decision decide(const ConfiguredHook& hook, const Spec& spec, const Variables& variables) {
  return in_context(hook.source, [&] {
    Decision when = decide(hook.when, spec, variables);
    if (!when.applies || !hook.unless) return when;
    const Decision unless = decide(*hook.unless, spec, variables);
    return Decision{!unless.applies,
                    unless.applies ? "unless: " + unless.why : fmt::format("{}; unless: {}", when.why, unless.why)};
  });
}

Injection plan_injection(const Spec& spec, const LoadedHooks& loaded, const Variables& variables,
                         const Config& config) {
  if (const auto outcome = left_alone(spec, variables, config)) return {*outcome};
  return planned(spec, select(spec, loaded, variables, config));
}

PreparedSpec prepare_spec(Spec spec, const LoadedHooks& loaded, const CommandLine& call, const std::string& runtime,
                          const Config& config) {
  if (const Variables variables(spec, call, runtime); !has_precreate(loaded) || left_alone(spec, variables, config)) {
    Injection injection = plan_injection(spec, loaded, variables, config);
    return {std::move(spec), std::move(injection), {}};
  }
  Precreated precreated = run_precreate(std::move(spec), loaded, call, runtime, config.on_error);
  Selection selection = select(precreated.spec, loaded, Variables(precreated.spec, call, runtime), config);
  std::vector<std::string> added;
  for (const PrecreateRun& run : precreated.runs)
    if (run.decision.applies && run.failure.empty()) added.push_back(name_of(*run.hook) + " in precreate");
  selection.added.insert(selection.added.begin(), added.begin(), added.end());
  Injection injection = planned(precreated.spec, std::move(selection));
  return {std::move(precreated.spec), std::move(injection), std::move(precreated.runs)};
}
