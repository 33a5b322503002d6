// SPDX-License-Identifier: Apache-2.0
#include "core/hooks/injection.h"

#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "catch.h"

namespace {

namespace fs = std::filesystem;

// A hooks.json with one hook for every container.
class OneHook {
 public:
  OneHook() : path_(fs::temp_directory_path() / fmt::format("injection_test.{}", getpid())) {
    std::ofstream(path_) << R"({"poststop":[{"path":"/bin/true","args":["true","{{annotation:a}}"]}]})";
    config_.hooks_path = path_.string();
    config_.hooks_dirs = {};
  }
  ~OneHook() { fs::remove(path_); }

  std::string into(const std::string& text, bool into_sandboxes = false) {
    const LoadedHooks loaded = load_hooks(config_);
    const Spec spec("config.json", text);
    CommandLine call;
    call.id = "c1";
    const Injection injection = plan_injection(spec, loaded, Variables(spec, call, ""), into_sandboxes);
    outcome = injection.outcome;
    hooks = injection.hooks;
    return ::apply(text, injection.edits);
  }

  Outcome outcome = Outcome::added;
  std::size_t hooks = 0;

 private:
  fs::path path_;
  Config config_;
};

constexpr const char* sandbox =
    R"({"annotations":{"io.kubernetes.cri.container-type":"sandbox","io.kubernetes.cri.sandbox-id":"c1"}})";
constexpr const char* no_sandbox = R"({"annotations":{"io.kubernetes.cri.container-type":"sandbox"}})";
constexpr const char* injected = R"({"hooks":{"prestart":[{"path":"/usr/bin/container-hooks"}]}})";

}  // namespace

TEST_CASE("hooks that apply go into the spec with their arguments expanded, and the marker with them") {
  OneHook hook;
  const std::string after = hook.into(R"({"annotations":{"a":"\"b"}})");
  CHECK(hook.outcome == Outcome::added);
  CHECK(hook.hooks == 1);
  CHECK(after.find(R"("poststop":[{"path":"/bin/true","args":["true","\"b"],"env":["PATH=/usr/local/sbin:/)") !=
        after.npos);
  CHECK(after.find("container-hooks") != after.npos);
}

TEST_CASE("the sandbox of a pod stays as it is, unless the configuration wants it") {
  OneHook hook;
  CHECK(hook.into(sandbox) == sandbox);
  CHECK(hook.outcome == Outcome::sandbox);
  CHECK(hook.into(sandbox, true) != sandbox);
  CHECK(hook.into(no_sandbox) != no_sandbox);
  CHECK(hook.outcome == Outcome::added);
}

TEST_CASE("a spec with the marker stays as it is") {
  OneHook hook;
  CHECK(hook.into(injected) == injected);
  CHECK(hook.outcome == Outcome::already_there);
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
