// The tables of podman's hooks_test.go and of the directories in monitor_test.go.
//
// SPDX-License-Identifier: Apache-2.0
#include "core/hooks/hook_sources.h"

#include <unistd.h>

#include "catch.h"
#include "core/hooks/injection.h"
#include "core/hooks/variables.h"
#include "core/host/directory.h"
#include "core/text/split.h"
#include "scratch.h"

namespace {

using Texts = std::vector<std::string>;

// Two directories and a hooks.json that end with the test.
class Hooks {
 public:
  Hooks() {
    for (const char* directory : {"low", "high"}) create_directories(path(directory));
    config.hooks_path = path("hooks.json");
    config.hooks_dirs = {path("low"), path("high")};
  }
  std::string path(const std::string& name) const { return scratch_.path(name); }
  void write(const std::string& name, const std::string& content) const { scratch_.file(name, content); }

  // A hook for every container, known by its timeout.
  void hook(const std::string& name, int timeout, const std::string& stages = R"(["createRuntime"])") const {
    write(
        name,
        fmt::format(
            R"({{"version":"1.0.0","hook":{{"path":"/bin/true","timeout":{}}},"when":{{"always":true}},"stages":{}}})",
            timeout, stages));
  }

  HooksByStage chosen(const std::string& text = "{}") const {
    const LoadedHooks loaded = load_hooks(config);
    require_no_errors(loaded.findings);
    HooksByStage result;
    const Spec spec("config.json", text);
    for (const ConfiguredHook& hook : loaded.hooks)
      for (const Stage stage :
           decide(hook, spec, Variables(spec, CommandLine(), "")).applies ? hook.stages : std::vector<Stage>())
        result[stage].push_back(hook.hook);
    return result;
  }

  std::string timeouts(Stage stage) const {
    const HooksByStage hooks = chosen();
    Texts result;
    for (const Hook& hook : hooks[stage]) result.push_back(std::to_string(hook.timeout.value_or(0)));
    return join(result, " ");
  }

  Texts findings(Severity severity) const {
    Texts result;
    for (const Finding& finding : load_hooks(config).findings)
      if (finding.severity == severity) result.push_back(finding.text);
    return result;
  }
  Texts problems() const { return findings(Severity::error); }
  Texts warnings() const { return findings(Severity::warning); }

  Config config;

 private:
  Scratch scratch_;
};

}  // namespace

TEST_CASE("files count by their names in lower case, and each stage has its hooks in that order") {
  const Hooks hooks;
  hooks.hook("low/02-another-hook.json", 3);
  hooks.hook("low/01-my-hook.json", 1, R"(["prestart","poststart","poststop"])");
  hooks.hook("low/01-UPPERCASE.json", 2);
  CHECK(hooks.timeouts(Stage::create_runtime) == "1 2 3");
  CHECK(hooks.timeouts(Stage::poststart) == "1");
  CHECK(hooks.timeouts(Stage::poststop) == "1");
  CHECK(hooks.timeouts(Stage::prestart).empty());
}

TEST_CASE("the order of names is that of their bytes, but for the case of letters") {
  const Hooks hooks;
  const Texts names = {"01-my-hook", "01-my", "01-UPPERCASE", "02-another", "10", "9", "_x", "a", "Z", "é", "É2"};
  int timeout = 0;
  for (const std::string& name : names) hooks.hook("low/" + name + ".json", ++timeout);
  CHECK(hooks.timeouts(Stage::create_runtime) == "1 2 3 4 5 6 7 8 9 10 11");
}

TEST_CASE("the same name in a later directory replaces the earlier file, which must still be one") {
  const Hooks hooks;
  hooks.hook("low/a.json", 1);
  hooks.hook("low/b.json", 2);
  hooks.hook("high/a.json", 3);
  CHECK(hooks.timeouts(Stage::create_runtime) == "3 2");
  hooks.write("low/a.json", "not JSON");
  CHECK(hooks.problems() == Texts{hooks.path("low/a.json") + ":1:2: a value is expected here"});
  hooks.write("low/a.json", R"({"version":"1.0.0","hook":{"path":"/not/there"},"when":{},"stages":[]})");
  CHECK(hooks.timeouts(Stage::create_runtime) == "3 2");
  CHECK(hooks.problems().empty());
  hooks.write("low/a.json", "not JSON");
  remove_if_exists(hooks.path("high/a.json"));
  CHECK(hooks.problems() == Texts{hooks.path("low/a.json") + ":1:2: a value is expected here"});
}

TEST_CASE("only files that end in .json count, hidden ones and those that links lead to, too") {
  const Hooks hooks;
  hooks.hook("low/.hidden.json", 1);
  hooks.hook("low/elsewhere", 2);
  hooks.write("low/README", "remarks");
  hooks.write("low/upper.JSON", "remarks");
  create_directories(hooks.path("low/directory"));
  replace_link(hooks.path("low/link.json"), "elsewhere");
  CHECK(hooks.timeouts(Stage::create_runtime) == "1 2");
}

TEST_CASE("missing is not empty: a link that leads nowhere is an error, wherever it is on the way") {
  Hooks hooks;
  hooks.hook("low/a.json", 1);
  replace_link(hooks.path("high/a.json"), "nowhere");
  const auto nowhere = [&](const std::string& read, const std::string& link) {
    return Texts{"read " + hooks.path(read) + ": the link " + hooks.path(link) + " leads nowhere"};
  };
  CHECK(hooks.problems() == nowhere("high/a.json", "high/a.json"));
  remove_if_exists(hooks.path("high/a.json"));
  replace_link(hooks.path("hooks.json"), hooks.path("gone"));
  CHECK(hooks.problems() == nowhere("hooks.json", "hooks.json"));
  remove_if_exists(hooks.path("hooks.json"));
  replace_link(hooks.path("link"), "gone");
  hooks.config.hooks_dirs = {hooks.path("low"), hooks.path("link")};
  CHECK(hooks.problems() == nowhere("link", "link"));
  hooks.config.hooks_dirs = {hooks.path("link/below/it")};
  CHECK(hooks.problems() == nowhere("link/below/it", "link"));
  hooks.config.hooks_dirs = {};
  hooks.config.hooks_path = hooks.path("link/hooks.json");
  CHECK(hooks.problems() == nowhere("link/hooks.json", "link"));
}

TEST_CASE("what the configuration names and is not there is a warning; the defaults may be absent in silence") {
  Hooks hooks;
  replace_link(hooks.path("link"), "low");
  hooks.config.hooks_dirs = {hooks.path("link/none")};
  CHECK(hooks.problems().empty());
  CHECK(hooks.warnings() == Texts{hooks.path("hooks.json") + ", which config.toml names, does not exist",
                                  hooks.path("link/none") + ", which config.toml names, does not exist"});
  if (access("/etc/container-hooks", F_OK) == 0) return;
  hooks.config = Config();
  CHECK(hooks.problems().empty());
  CHECK(hooks.warnings().empty());
}

TEST_CASE("a directory, a device and an empty file that end in .json are errors") {
  const Hooks hooks;
  create_directories(hooks.path("low/a.json"));
  replace_link(hooks.path("low/b.json"), "/dev/null");
  hooks.write("low/c.json", "");
  CHECK(hooks.problems() == Texts{
                                "read " + hooks.path("low/a.json") + ": a directory is in its place (EISDIR)",
                                "read " + hooks.path("low/b.json") + ": it is not a regular file",
                                hooks.path("low/c.json") + ":1:1: there is no JSON in it",
                            });
}

TEST_CASE("a missing directory has no hooks; a file in its place is an error") {
  Hooks hooks;
  hooks.hook("low/a.json", 1);
  hooks.config.hooks_dirs = {hooks.path("none"), hooks.path("low")};
  CHECK(hooks.timeouts(Stage::create_runtime) == "1");
  hooks.config.hooks_dirs = {hooks.path("low/a.json")};
  CHECK(hooks.problems().size() == 1);
}

TEST_CASE("a program that is missing is an error wherever its file stands, and hides no other error") {
  const Hooks hooks;
  const std::string missing =
      R"({"version":"1.0.0","hook":{"path":"/not/there"},"when":{"always":true},"stages":["poststop"]})";
  hooks.write("low/a.json", missing);
  hooks.hook("low/z.json", 1);
  CHECK_THROWS_WITH(hooks.chosen(), hooks.path("low/a.json") + ":1:35: \"/not/there\": it does not exist (ENOENT)");
  hooks.write("low/b.json", R"({"version":"-1"})");
  CHECK(hooks.problems().size() == 2);
  REQUIRE(rename(hooks.path("low/b.json").c_str(), hooks.path("low/0.json").c_str()) == 0);
  CHECK(hooks.problems().size() == 2);
}

TEST_CASE("each prestart of a hooks.d file is a createRuntime; that of hooks.json stays") {
  const Hooks hooks;
  hooks.hook("low/a.json", 1, R"(["prestart","createRuntime","prestart"])");
  hooks.write("hooks.json", R"({"prestart":[{"path":"/bin/true","timeout":7}]})");
  CHECK(hooks.timeouts(Stage::create_runtime) == "1 1 1");
  CHECK(hooks.timeouts(Stage::prestart) == "7");
}

TEST_CASE("the hooks of hooks.json come before those of hooks.d") {
  const Hooks hooks;
  hooks.hook("low/0.json", 2);
  hooks.write("hooks.json", R"({"createRuntime":[{"path":"/bin/true","timeout":1}]})");
  CHECK(hooks.timeouts(Stage::create_runtime) == "1 2");
}

TEST_CASE("hooks that do not apply are left out, and what cannot be decided names the file") {
  const Hooks hooks;
  const std::string file =
      R"({"version":"1.0.0","hook":{"path":"/bin/true"},"when":{"commands":["sh"]},"stages":["poststop"]})";
  hooks.write("low/a.json", file);
  CHECK(hooks.chosen(R"({"process":{"args":["/bin/sh"]}})").count() == 1);
  CHECK(hooks.chosen(R"({"process":{"args":["/bin/cat"]}})").count() == 0);
  CHECK_THROWS_WITH(
      hooks.chosen(R"({"process":{"args":[]}})"),
      hooks.path("low/a.json") + ": process.args must have at least one entry to be matched with commands");
}

TEST_CASE("a program of hooks.json that is missing, or cannot be executed, is an error with its place") {
  const Hooks hooks;
  const auto naming = [&](const std::string& stage, const std::string& path) {
    hooks.write("hooks.json", "{\"" + stage + "\":[\n{\"path\":\"" + path + "\"}]}");
    return hooks.problems();
  };
  const std::string at = hooks.path("hooks.json") + ":2:9: ";
  for (const Stage stage : spec_stages) {
    INFO(stage_name(stage));
    const Texts missing = naming(std::string(stage_name(stage)), "/opt/nope");
    CHECK(missing == (runs_on_host(stage) ? Texts{at + "\"/opt/nope\": it does not exist (ENOENT)"} : Texts()));
  }
  CHECK(naming("poststop", "/etc") == Texts{at + "\"/etc\": it is not a regular file"});
  CHECK(naming("poststop", "/etc/passwd") == Texts{at + "\"/etc/passwd\": it is not executable"});
}

TEST_CASE("no hooks.json and no files: no hooks, and nothing wrong") {
  const Hooks hooks;
  CHECK(load_hooks(hooks.config).hooks.empty());
  hooks.hook("high/a.json", 1);
  CHECK(load_hooks(hooks.config).hooks.size() == 1);
}

TEST_CASE("a hook for startContainer alone is a path inside the container and is not looked for") {
  const Hooks hooks;
  const auto with = [&](const std::string& stages) {
    hooks.write("low/a.json", R"({"version":"1.0.0","hook":{"path":"/inside/only"},"stages":)" + stages + "}");
    return hooks.problems().size();
  };
  CHECK(with(R"(["startContainer"])") == 0);
  CHECK(with(R"(["startContainer","poststop"])") == 1);
  CHECK(with("[]") == 1);
  hooks.write("low/a.json", R"({"hook":"/inside/only","stages":["startContainer"]})");
  CHECK(hooks.problems().empty());
}
