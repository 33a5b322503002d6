// The tables of podman's read_test.go and hook_test.go of both versions, with the differences that are on purpose.
//
// SPDX-License-Identifier: Apache-2.0
#include "core/hooks/hook_file.h"

#include "catch.h"
#include "core/hooks/variables.h"

namespace {

Parsed<std::optional<HookFile>> read(std::string content) { return parse_hook_file("a.json", std::move(content)); }

HookFile accepted(std::string content) {
  auto [result, findings] = read(std::move(content));
  for (const Finding& finding : findings) UNSCOPED_INFO(finding.text);
  REQUIRE(result);
  return std::move(*result);
}

std::vector<std::string> texts_of(const Findings& findings, Severity severity) {
  std::vector<std::string> result;
  for (const Finding& finding : findings)
    if (finding.severity == severity) result.push_back(finding.text);
  return result;
}

std::vector<std::string> problems_of(std::string content) {
  try {
    const auto [result, findings] = read(std::move(content));
    return result ? std::vector<std::string>{"accepted"} : texts_of(findings, Severity::error);
  } catch (const Error& error) {
    return {error.text};
  }
}

bool holds(const HookFile& file, const std::string& members) {
  const Spec spec("config.json", '{' + members + '}');
  const CommandLine call;
  return decide(file.when, spec, Variables(spec, call, "")).applies;
}

std::string current(std::string_view rest) {
  return fmt::format(R"({{"version":"1.0.0","hook":{{"path":"/bin/true"}},{}}})", rest);
}

using Stages = std::vector<Stage>;
using Texts = std::vector<std::string>;

}  // namespace

TEST_CASE("1.0.0: hook, conditions and stages") {
  const HookFile file = accepted(R"({"version": "1.0.0",
    "hook": {"path": "/bin/sh", "args": ["sh", "-c", "true"], "env": ["A=b"], "timeout": 5},
    "when": {"always": true, "hasBindMounts": true, "annotations": {"^a$": "b"}, "commands": ["c", "d"]},
    "stages": ["prestart", "poststop"]})");
  CHECK(file.hook.path == "/bin/sh");
  CHECK(file.hook.args == Texts{"sh", "-c", "true"});
  CHECK(file.hook.env == Texts{"A=b"});
  CHECK(file.hook.timeout == 5);
  CHECK(file.stages == Stages{Stage::prestart, Stage::poststop});
  CHECK(file.when.needs == Condition::Needs::all);
  CHECK(description_of(file.when) == R"(always and bind mounts and annotation "^a$" = "b" and command "c", "d")");
}

TEST_CASE("1.0.0: without `when`, or with an empty one, a hook never applies") {
  for (const char* rest : {R"("stages":["poststop"])", R"("when":{},"stages":["poststop"])",
                           R"("when":null,"stages":["poststop"])", R"("when":{"commands":[]},"stages":["poststop"])"})
    CHECK(description_of(accepted(current(rest)).when) == "never");
}

TEST_CASE(
    "1.0.0: every stage of the specification is known, as often as it stands there, and no stage at all is allowed") {
  CHECK(
      accepted(
          current(R"("stages":["createContainer","createRuntime","prestart","poststart","poststop","startContainer"])"))
          .stages == Stages{Stage::create_container, Stage::create_runtime, Stage::prestart, Stage::poststart,
                            Stage::poststop, Stage::start_container});
  CHECK(accepted(current(R"("stages":["prestart","createRuntime","prestart"])")).stages.size() == 3);
  CHECK(accepted(current(R"("stages":[])")).stages.empty());
}

TEST_CASE("0.1.0: each field has its meaning") {
  const HookFile file = accepted(R"({"version":"0.1.0","hook":"/bin/sh","arguments":["a","b"],
    "stages":["prestart"],"cmds":["c"],"annotations":["x","y"],"hasbindmounts":true})");
  CHECK(file.hook.path == "/bin/sh");
  CHECK(file.hook.args == Texts{"/bin/sh", "a", "b"});
  CHECK(file.when.needs == Condition::Needs::any);
  CHECK(description_of(file.when) == R"(bind mounts or annotation ".*" = "x|y" or command "c")");
  CHECK(holds(file, R"("annotations":{"any":"-y-"})"));
}

TEST_CASE("0.1.0 is the version of a file that names none") {
  for (const char* version : {R"("version":"",)", R"("version":null,)", ""}) {
    const HookFile file = accepted(fmt::format(R"({{{}"hook":"/bin/sh","stage":["prestart"],"cmd":["c"]}})", version));
    CHECK(file.when.needs == Condition::Needs::any);
    CHECK_FALSE(file.hook.args);
  }
}

TEST_CASE("0.1.0: names have a singular, too, but not both at once") {
  const auto with = [](const char* rest) { return fmt::format(R"({{"hook":"/bin/sh",{}}})", rest); };
  CHECK(accepted(with(R"("stage":["prestart"])")).stages == Stages{Stage::prestart});
  CHECK(accepted(with(R"("stages":[],"cmd":["c"])")).when.commands.size() == 1);
  CHECK(accepted(with(R"("stages":[],"annotation":["c"])")).when.annotations.size() == 1);
  CHECK(problems_of(with(R"("stage":[],"stages":[])")) == Texts{R"(a.json:1:27: stage: "stages" is set, too)"});
  CHECK(problems_of(with(R"("stages":[],"cmd":[],"cmds":[])")) == Texts{R"(a.json:1:37: cmd: "cmds" is set, too)"});
  CHECK(problems_of(with(R"("stages":[],"annotation":[],"annotations":[])")) ==
        Texts{R"(a.json:1:44: annotation: "annotations" is set, too)"});
}

TEST_CASE("0.1.0: `arguments` that are there make args, also when they are empty") {
  CHECK(accepted(R"({"hook":"/bin/sh","arguments":[],"stages":[]})").hook.args == Texts{"/bin/sh"});
  CHECK_FALSE(accepted(R"({"hook":"/bin/sh","arguments":null,"stages":[]})").hook.args);
}

TEST_CASE("0.1.0: an empty list of annotations matches any annotation") {
  const HookFile file = accepted(R"({"hook":"/bin/sh","annotations":[],"stages":[]})");
  CHECK(holds(file, R"("annotations":{"a":"b"})"));
  CHECK_FALSE(holds(file, ""));
}

TEST_CASE("names are read as Go reads them: any case, unknown ones ignored, the last of several wins") {
  const HookFile file =
      accepted(R"({"VERSION":"1.0.0","x-new":{"a":[1]},"Hook":{"Path":"/bin/false","PATH":"/bin/true","extra":1},
    "When":{"ALWAYS":false,"always":true,"Commands":["a"],"commands":null},"sTages":["nonsense"],"stages":["poststop"]})");
  CHECK(file.hook.path == "/bin/true");
  CHECK(description_of(file.when) == "always");
  CHECK(file.stages == Stages{Stage::poststop});
}

TEST_CASE("a file that is no JSON, or not what Go takes for it, is refused with the place") {
  struct Row {
    const char* content;
    const char* message;
  };
  const auto row = GENERATE(values<Row>({
      {"", "a.json:1:1: there is no JSON in it"},
      {"{", "a.json:1:2: a name in double quotes is expected here"},
      {"{} x", "a.json:1:4: text after the end of the document"},
      {"{} // remark", "a.json:1:4: text after the end of the document"},
      {"[]", "a.json:1:1: the file: an object is expected, not an array"},
      {R"({"version":"-1"})", R"(a.json:1:12: version: "-1" is neither 1.0.0 nor 0.1.0)"},
      {R"({"version":1})", "a.json:1:12: version: a string is expected, not a number"},
  }));
  CAPTURE(row.content);
  CHECK(problems_of(row.content).front() == row.message);
}

TEST_CASE("every problem of a file is told, with its place") {
  struct Row {
    const char* content;
    Texts messages;
  };
  const auto row = GENERATE(values<Row>({
      {"null", {"a.json:1:1: stages: it is missing", "a.json:1:1: hook: it is missing"}},
      {"{}", {"a.json:1:1: stages: it is missing", "a.json:1:1: hook: it is missing"}},
      {R"({"hook":{"path":"/bin/sh"},"stages":[]})",
       {"a.json:1:9: hook: a string is expected, not an object, since without \"version\" this is a file of 0.1.0"}},
      {R"({"version":"1.0.0","hook":"/bin/sh","stages":[]})",
       {"a.json:1:27: hook: an object is expected, not a string"}},
      {R"({"version":"1.0.0","hook":{},"stages":[]})", {"a.json:1:27: hook: \"path\" is missing"}},
      {R"({"version":"1.0.0","hook":{"path":null},"stages":[]})", {"a.json:1:27: hook: \"path\" is missing"}},
      {R"({"version":"1.0.0","hook":{"path":"/bin/sh"}})", {"a.json:1:1: stages: it is missing"}},
      {R"({"version":"1.0.0","hook":{"path":"bin/sh","timeout":-1},"stages":["preStart","b"]})",
       {"a.json:1:68: stages: unknown stage \"preStart\", did you mean \"prestart\"?",
        "a.json:1:79: stages: unknown stage \"b\"", "a.json:1:35: hook.path: \"bin/sh\" is not an absolute path",
        "a.json:1:54: hook.timeout: -1 is not a whole number of seconds above 0"}},
      {R"({"hook":"sh","stages":[]})", {"a.json:1:9: hook: \"sh\" is not an absolute path"}},
      {R"({"hook":"/bin/s\u0000h","stages":[]})", {"a.json:1:9: hook: a NUL character cannot be passed to a program"}},
      {R"({"hook":"/bin/sh","stages":[1],"cmds":"x"})",
       {"a.json:1:29: stages: a string is expected, not a number",
        "a.json:1:39: cmds: an array is expected, not a string"}},
  }));
  CAPTURE(row.content);
  CHECK(problems_of(row.content) == row.messages);
}

TEST_CASE("invalid patterns are problems of the file, in every field that has patterns") {
  const auto when = [](const char* text) { return current(fmt::format(R"("stages":[],"when":{})", text)); };
  CHECK(problems_of(when(R"({"annotations":{"[":"a"}})")) ==
        Texts{R"(a.json:1:83: when.annotations: invalid pattern "[": missing ]: [)"});
  CHECK(problems_of(when(R"({"annotations":{"a":"["}})")) ==
        Texts{R"(a.json:1:87: when.annotations: invalid pattern "[": missing ]: [)"});
  CHECK(problems_of(when(R"({"commands":["["],"always":false})")) ==
        Texts{R"(a.json:1:80: when.commands: invalid pattern "[": missing ]: [)"});
  for (const char* pattern : {"(?=x)", R"(\\1)", "a{1001}"})
    CHECK(problems_of(when(fmt::format(R"({{"commands":["{}"]}})", pattern).c_str())).size() == 1);
  CHECK(problems_of(R"({"hook":"/bin/sh","stages":[],"cmds":["["]})").size() == 1);
  CHECK(problems_of(R"({"hook":"/bin/sh","stages":[],"annotations":["["]})").size() == 1);
}

TEST_CASE(
    "a condition that is not known is an error, whatever its value; other keys that nobody looks at are warnings") {
  const auto when = [](const char* text) { return current(fmt::format(R"("stages":[],"when":{})", text)); };
  CHECK(problems_of(when(R"({"allways":true})")) ==
        Texts{R"(a.json:1:68: when: unknown key "allways", did you mean "always"?)"});
  CHECK(problems_of(current(R"("when":{"always":true},"unless":{"alwys":true},"stages":["poststop"])")) ==
        Texts{R"(a.json:1:81: unless: unknown key "alwys", did you mean "always"?)"});
  CHECK(problems_of(current(R"("when":{"images":"nginx"},"unless":{"labels":["a"]},"stages":["poststop"])")) ==
        Texts{"a.json:1:65: when.images: an array is expected, not a string",
              "a.json:1:93: unless.labels: an object is expected, not an array"});
  CHECK(problems_of(current(R"("when":{"namespaces":["["]},"unless":[],"stages":["poststop"])")) ==
        Texts{R"(a.json:1:70: when.namespaces: invalid pattern "[": missing ]: [)",
              "a.json:1:85: unless: an object is expected, not an array"});
  CHECK(problems_of(when(R"({"always":true,"x":null})")) == Texts{R"(a.json:1:82: when: unknown key "x")"});
  CHECK(problems_of(when(R"({"ALWAYS":true,"hasbindmounts":true})")) == Texts{"accepted"});
  const auto [file, findings] = read(R"({"version":"1.0.0","hook":{"path":"/h","arg":1},"stages":[],"wen":{}})");
  REQUIRE(file);
  CHECK(texts_of(findings, Severity::warning) ==
        Texts{R"(a.json:1:61: unknown key "wen" is ignored, did you mean "when"?)",
              R"(a.json:1:40: unknown key "arg" is ignored, did you mean "args"?)"});
  const auto old = read(R"({"hook":"/h","stages":[],"when":{"always":true}})");
  CHECK(texts_of(old.findings, Severity::warning) == Texts{R"(a.json:1:26: unknown key "when" is ignored)"});
}
