// SPDX-License-Identifier: Apache-2.0
#include "core/hooks/injection.h"

#include "catch.h"
#include "core/host/process.h"
#include "core/oci/recorded_hook.h"
#include "scratch.h"

namespace {

// A hooks.json with one hook for every container.
class OneHook {
 public:
  explicit OneHook(
      std::string_view content = R"({"poststop":[{"path":"/bin/true","args":["true","{{annotation:a}}"]}]})") {
    config_.hooks_path = scratch_.file("hooks.json", content);
    config_.hooks_dirs = {};
  }

  std::string into(const std::string& text, bool into_sandboxes = false) {
    config_.sandbox = into_sandboxes;
    const LoadedHooks loaded = load_hooks(config_);
    const Spec spec("config.json", text);
    CommandLine call;
    call.id = "c1";
    const Injection injection = plan_injection(spec, loaded, Variables(spec, call, ""), config_);
    outcome = injection.outcome;
    hooks = injection.added.size();
    return ::apply(text, injection.edits);
  }

  void record(Recording recording) {
    config_.record = recording;
    config_.record_path = "/r";
  }

  Outcome outcome = Outcome::added;
  std::size_t hooks = 0;

 private:
  Scratch scratch_;
  Config config_;
};

constexpr const char* sandbox =
    R"({"annotations":{"io.kubernetes.cri.container-type":"sandbox","io.kubernetes.cri.sandbox-id":"c1"}})";
constexpr const char* no_sandbox = R"({"annotations":{"io.kubernetes.cri.container-type":"sandbox"}})";

}  // namespace

TEST_CASE("hooks that apply go into the spec with their arguments expanded, and the marker with them") {
  OneHook hook;
  const std::string after = hook.into(R"({"annotations":{"a":"\"b"}})");
  CHECK(hook.outcome == Outcome::added);
  CHECK(hook.hooks == 1);
  CHECK(after.find(R"(,{"path":"/bin/true","args":["true","\"b"],"env":["PATH=/usr/local/sbin:/)") != after.npos);
  CHECK(Spec("config.json", after).has_marker());
}

TEST_CASE("the marker is the first of ours in the first stage on the host that gets hooks, or else in prestart") {
  const Hook marker = marker_hook();
  const auto with = [](std::string_view stages) {
    OneHook hook(stages);
    return Spec("", hook.into(R"({"hooks":{"poststart":[{"path":"/of/others"}]}})")).hooks();
  };
  struct Row {
    std::string_view hooks;
    Stage stage;
    std::size_t index;
  };
  const Row rows[] = {
      {R"({"prestart":[{"path":"/bin/true"}],"poststop":[{"path":"/bin/true"}]})", Stage::prestart, 0},
      {R"({"poststop":[{"path":"/bin/true"}],"createRuntime":[{"path":"/bin/true"},{"path":"/bin/true"}]})",
       Stage::create_runtime, 0},
      {R"({"startContainer":[{"path":"/bin/true"}],"createContainer":[{"path":"/bin/true"}]})", Stage::create_container,
       0},
      {R"({"startContainer":[{"path":"/bin/true"}],"poststart":[{"path":"/bin/true"}],"poststop":[{"path":"/bin/true"}]})",
       Stage::poststart, 1},
      {R"({"startContainer":[{"path":"/bin/true"}],"poststop":[{"path":"/bin/true"}]})", Stage::poststop, 0},
      {R"({"startContainer":[{"path":"/bin/true"}]})", Stage::prestart, 0},
  };
  for (const Row& row : rows) {
    INFO(row.hooks);
    const HooksByStage hooks = with(row.hooks);
    std::size_t markers = 0;
    for (const Stage stage : spec_stages)
      markers += static_cast<std::size_t>(std::ranges::count_if(hooks[stage], is_marker));
    CHECK(markers == 1);
    REQUIRE(hooks[row.stage].size() > row.index);
    CHECK(hooks[row.stage][row.index].path == marker.path);
    CHECK(hooks[row.stage][row.index].env == std::vector<std::string>{std::string(default_environment)});
  }
}

TEST_CASE("where a hook of ours is a marker in any stage there is no other") {
  for (const std::string_view stage : {"prestart", "createContainer", "startContainer", "poststop"}) {
    OneHook hook(fmt::format(
        R"({{"createRuntime":[{{"path":"/bin/true"}}],"{}":[{{"path":"{}","args":["container-hooks","run","--","/b"]}}]}})",
        stage, binary_path()));
    const std::string after = hook.into("{}");
    CHECK(hook.hooks == 2);
    CHECK(Spec("", after).hooks().count() == 2);
    CHECK(Spec("", after).has_marker());
  }
}

TEST_CASE("the sandbox of a pod stays as it is, unless the configuration wants it") {
  OneHook hook;
  CHECK(hook.into(sandbox) == sandbox);
  CHECK(hook.outcome == Outcome::sandbox);
  CHECK(hook.into(sandbox, true) != sandbox);
  CHECK(hook.into(no_sandbox) != no_sandbox);
  CHECK(hook.outcome == Outcome::added);
}

TEST_CASE("a spec with the marker in any stage stays as it is") {
  for (const std::string_view stage : spec_stage_names) {
    OneHook hook;
    const std::string injected = fmt::format(R"({{"hooks":{{"{}":[{{"path":"/usr/bin/container-hooks"}}]}}}})", stage);
    CHECK(hook.into(injected) == injected);
    CHECK(hook.outcome == Outcome::already_there);
  }
}

TEST_CASE("hooks on the host that the spec has without env are named with their stage and place") {
  const Spec spec("config.json", R"({"hooks":{
    "prestart":[{"path":"/a","env":[]},{"path":"/b"}],"createContainer":[{"path":"/c"}],"startContainer":[{"path":"/d"}]}})");
  std::vector<std::string> warnings;
  for (const HookWithoutEnv& hook : hooks_without_env(spec)) warnings.push_back(warning_of(hook));
  CHECK(warnings ==
        std::vector<std::string>{"prestart[1] (/b) has no env: it gets the engine's",
                                 "createContainer[0] (/c) has no env: it gets the image's under runc up to 1.2"});
}

TEST_CASE("a value that is too long for the kernel stops the container, not the hook alone") {
  const auto with = [](std::size_t length, std::string_view hooks) {
    OneHook hook(hooks);
    hook.into(fmt::format(R"({{"annotations":{{"a":"{}"}}}})", std::string(length, 'x')));
  };
  constexpr const char* argument = R"({"poststop":[{"path":"/bin/true","args":["true","{{annotation:a}}"]}]})";
  constexpr const char* variable = R"({"poststop":[{"path":"/bin/true","env":["A={{annotation:a}}"]}]})";
  constexpr std::string_view words = "\"/bin/true\": its arguments are longer than a program can be given";
  CHECK_NOTHROW(with(131071, argument));
  CHECK(message_of([&] { with(131072, argument); }).ends_with(words));
  CHECK_NOTHROW(with(131069, variable));
  CHECK(message_of([&] { with(131070, variable); }).ends_with(words));
  std::string many = R"({"poststop":[{"path":"/bin/true","args":["true")";
  for (int i = 0; i < 9; ++i) many += R"(,"{{annotation:a}}")";
  CHECK(message_of([&] { with(131071, many + "]}]}"); }).ends_with(words));
}

TEST_CASE("hooks on the host whose runs are recorded are calls of the marker's binary, and need no other marker") {
  OneHook hook(R"({"createRuntime":[{"path":"/bin/true","args":["true","x"],"timeout":5}],
                   "startContainer":[{"path":"/bin/inside"}]})");
  hook.record(Recording::all);
  const std::string after = hook.into("{}");
  CHECK(hook.hooks == 2);
  const HooksByStage hooks = Spec("", after).hooks();
  REQUIRE(hooks.count() == 2);
  CHECK(hooks[Stage::start_container].front().path == "/bin/inside");
  const Hook& recorded = hooks[Stage::create_runtime].front();
  CHECK(is_marker(recorded));
  CHECK(recorded.timeout == 7);
  CHECK(recorded.env == std::vector<std::string>{std::string(default_environment)});
  const RecordedRun run = parse_recorded_run(*recorded.args);
  CHECK(run.labels.stage == "createRuntime");
  CHECK(run.labels.hook == "true");
  CHECK(run.labels.container == "c1");
  CHECK(run.target.file == "/r");
  CHECK(run.command == std::vector<std::string>{"/bin/true", "true", "x"});
  const Hook before = unrecorded_hook(recorded);
  CHECK(before.path == "/bin/true");
  CHECK(before.args == std::vector<std::string>{"true", "x"});
  CHECK(before.timeout == 5);
  CHECK(hook.into(after) == after);
}

TEST_CASE("where only hooks of the container apply, recording leaves the marker alone in prestart") {
  OneHook hook(R"({"startContainer":[{"path":"/bin/inside"}]})");
  hook.record(Recording::all);
  const HooksByStage hooks = Spec("", hook.into("{}")).hooks();
  REQUIRE(hooks[Stage::prestart].size() == 1);
  CHECK(hooks[Stage::prestart].front().path == marker_hook().path);
}
