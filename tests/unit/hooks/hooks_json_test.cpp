// SPDX-License-Identifier: Apache-2.0
#include "core/hooks/hooks_json.h"

#include "core/host/file.h"
#include "scratch.h"

namespace {

struct Reading {
  HooksByStage hooks;
  std::vector<std::string> problems;  // without the file's name
};

Reading reading(std::string_view content) {
  auto [hooks, findings] = parse_hooks_json("f", std::string(content));
  Reading result = {std::move(hooks), {}};
  for (const Finding& finding : findings) {
    REQUIRE(finding.severity == Severity::error);
    REQUIRE(finding.text.starts_with("f:"));
    result.problems.push_back(finding.text.substr(2));
  }
  return result;
}

// Every problem, joined; what is thrown counts as one.
std::string problems_of(std::string_view content) {
  std::string result;
  const std::string thrown = message_of([&] {
    for (const std::string& problem : reading(content).problems) result += (result.empty() ? "" : "; ") + problem;
  });
  return thrown == "no error" ? result : thrown.substr(2);
}

// The README's example: the wrapper object, and the comma after its last stage.
constexpr std::string_view published_example = R"({
    "hooks": {
        "prestart": [
            {
                "path": "/usr/bin/container-hooks"
            },
            {
                "path": "/usr/bin/nvidia-container-runtime-hook",
                "args": ["nvidia-container-runtime-hook", "prestart"],
                "env": ["PATH=/usr/bin", "A=b"],
                "timeout": 5
            },
        ],
        "poststop": [],
    },
}
)";

}  // namespace

TEST_CASE("the published example is accepted as it stands") {
  const Reading result = reading(published_example);
  CHECK(result.problems.empty());
  CHECK(result.hooks.count() == 2);
  const std::vector<Hook>& prestart = result.hooks[Stage::prestart];
  CHECK(to_json(prestart[0]) == R"({"path":"/usr/bin/container-hooks"})");
  CHECK(to_json(prestart[1]) ==
        R"({"path":"/usr/bin/nvidia-container-runtime-hook","args":["nvidia-container-runtime-hook","prestart"],)"
        R"("env":["PATH=/usr/bin","A=b"],"timeout":5})");
}

TEST_CASE("hooks stand in every stage, in order, with or without the wrapper, among comments") {
  const std::string bare = R"({ // a comment
    "poststop": [{"path":"/6"}], "prestart": [{"path":"/1"},{"path":"/1b"}], "createRuntime": [{"path":"/2"}],
    "createContainer": [{"path":"/3"}] /* " */, "startContainer": [{"path":"/4"}], "poststart": [{"path":"/5"},],
  })";
  for (const std::string& content : {bare, "{\"hooks\":" + bare + "}"}) {
    const Reading result = reading(content);
    CHECK(result.problems.empty());
    CHECK(result.hooks.count() == 7);
    CHECK(result.hooks[Stage::prestart][1].path == "/1b");
    CHECK(result.hooks[Stage::create_runtime][0].path == "/2");
    CHECK(result.hooks[Stage::create_container][0].path == "/3");
    CHECK(result.hooks[Stage::start_container][0].path == "/4");
    CHECK(result.hooks[Stage::poststart][0].path == "/5");
    CHECK(result.hooks[Stage::poststop][0].path == "/6");
  }
}

TEST_CASE("a file without hooks is none at all, and a missing one is no error") {
  for (const std::string_view content :
       {"{}", "{\"hooks\":{}}", "{\"prestart\":[]}", "{\"prestart\":null}", "/* nothing */ {}"}) {
    INFO(content);
    const Reading result = reading(content);
    CHECK(result.problems.empty());
    CHECK(result.hooks.count() == 0);
  }
}

TEST_CASE("what is wrong with a hook is said with line, column, stage and index") {
  struct Row {
    std::string_view content;
    std::string_view problem;
  };
  constexpr Row rows[] = {
      {R"({"preStart":[]})", R"(1:2: unknown stage "preStart", did you mean "prestart"?)"},
      {R"({"prestrat":[]})", R"(1:2: unknown stage "prestrat", did you mean "prestart"?)"},
      {R"({"hooks":{"poststpo":[]}})", R"(1:11: unknown stage "poststpo", did you mean "poststop"?)"},
      {R"({"completely-else":[]})", R"(1:2: unknown stage "completely-else")"},
      {R"({"hooks":{},"prestart":[]})", R"(1:13: hooks: "prestart" cannot stand beside it)"},
      {R"({"prestart":[],"hooks":{}})", R"(1:2: hooks: "prestart" cannot stand beside it)"},
      {R"({"hooks":{"hooks":{}}})", R"(1:11: unknown stage "hooks")"},
      {"{\"prestart\":[],\n\"prestart\":[]}", R"(2:1: hooks: "prestart" is here a second time)"},
      {"[]", "1:1: hooks: an object is expected, not an array"},
      {"{\"hooks\":[]}", "1:10: hooks: an object is expected, not an array"},
      {R"({"prestart":{}})", "1:13: prestart: an array is expected, not an object"},
      {R"({"prestart":[5]})", "1:14: prestart[0]: an object is expected, not a number"},
      {R"({"prestart":[null]})", "1:14: prestart[0]: an object is expected, not null"},
      {R"({"prestart":[{"path":"/a"},{}]})", R"(1:28: prestart[1]: "path" is missing)"},
      {R"({"prestart":[{"path":"bin/a"}]})", R"(1:22: prestart[0].path: "bin/a" is not an absolute path)"},
      {R"({"prestart":[{"path":""}]})", R"(1:22: prestart[0].path: "" is not an absolute path)"},
      {R"({"prestart":[{"path":5}]})", "1:22: prestart[0].path: a string is expected, not a number"},
      {R"({"prestart":[{"path":null}]})", "1:22: prestart[0].path: a string is expected, not null"},
      {R"({"prestart":[{"path":"/a\u0000"}]})",
       R"(1:22: prestart[0].path: "/a\u0000" has a NUL character, which no program can be given)"},
      {R"({"prestart":[{"path":"/a","path":"/b"}]})", R"(1:27: prestart[0]: "path" is here a second time)"},
      {R"({"prestart":[{"path":"/a","arg":[]}]})", R"(1:27: prestart[0]: unknown key "arg", did you mean "args"?)"},
      {R"({"prestart":[{"path":"/a","Timeout":1}]})",
       R"(1:27: prestart[0]: unknown key "Timeout", did you mean "timeout"?)"},
      {R"({"prestart":[{"path":"/a","when":{"always":true}}]})", R"(1:27: prestart[0]: unknown key "when")"},
      {R"({"prestart":[{"path":"/a","args":"x"}]})", "1:34: prestart[0].args: an array is expected, not a string"},
      {R"({"prestart":[{"path":"/a","args":["x",5]}]})",
       "1:39: prestart[0].args[1]: a string is expected, not a number"},
      {R"({"prestart":[{"path":"/a","args":["a\u0000b"]}]})",
       R"(1:35: prestart[0].args[0]: "a\u0000b" has a NUL character, which no program can be given)"},
      {R"({"prestart":[{"path":"/a","env":{"A":"b"}}]})", "1:33: prestart[0].env: an array is expected, not an object"},
      {R"({"prestart":[{"path":"/a","env":["A"]}]})", R"(1:34: prestart[0].env[0]: "A" is not NAME=value)"},
      {R"({"prestart":[{"path":"/a","env":["=b"]}]})", R"(1:34: prestart[0].env[0]: "=b" is not NAME=value)"},
      {R"({"prestart":[{"path":"/a","env":[null]}]})", "1:34: prestart[0].env[0]: a string is expected, not null"},
      {R"({"prestart":[{"path":"/a","timeout":0}]})",
       "1:37: prestart[0].timeout: 0 is not a whole number of seconds above 0"},
      {R"({"prestart":[{"path":"/a","timeout":-1}]})",
       "1:37: prestart[0].timeout: -1 is not a whole number of seconds above 0"},
      {R"({"prestart":[{"path":"/a","timeout":"5"}]})",
       "1:37: prestart[0].timeout: a number is expected, not a string"},
      {R"({"prestart":[{"path":"/a","timeout":1.5}]})",
       "1:37: prestart[0].timeout: 1.5 is not a whole number of seconds above 0"},
      {R"({"prestart":[{"path":"/a","timeout":1e1}]})",
       "1:37: prestart[0].timeout: 1e1 is not a whole number of seconds above 0"},
      {R"({"prestart":[{"path":"/a","timeout":1e400}]})",
       "1:37: prestart[0].timeout: 1e400 is not a whole number of seconds above 0"},
      {R"({"prestart":[{"path":"/a","timeout":2147483648}]})",
       "1:37: prestart[0].timeout: 2147483648 is not a whole number of seconds above 0"},
      {"", "1:1: there is no JSON in it"},
      {"{\"prestart\":[}", "1:14: a value is expected here"},
      {"{} {}", "1:4: text after the end of the document"},
  };
  for (const Row& row : rows) {
    INFO(row.content);
    CHECK(problems_of(row.content) == row.problem);
  }
}

TEST_CASE("fields that are null are not set") {
  const Reading result = reading(R"({"prestart":[{"path":"/a","args":null,"env":null,"timeout":null}]})");
  CHECK(result.problems.empty());
  CHECK(to_json(result.hooks[Stage::prestart].at(0)) == R"({"path":"/a"})");
}

TEST_CASE("every problem is collected, and what is right is read all the same") {
  const Reading result = reading(
      "{\n\"prestart\":[{\"path\":\"a\",\"timeout\":0},\n{\"path\":\"/ok\"}],\n\"poststpo\":[],\n\"poststop\":[{}]}");
  CHECK(result.problems == std::vector<std::string>{
                               "2:21: prestart[0].path: \"a\" is not an absolute path",
                               "2:35: prestart[0].timeout: 0 is not a whole number of seconds above 0",
                               "4:1: unknown stage \"poststpo\", did you mean \"poststop\"?",
                               "5:13: poststop[0]: \"path\" is missing",
                           });
  CHECK(result.hooks.count() == 1);
}

TEST_CASE("a file that is too deep is not a file of hooks") {
  const auto nested = [](std::size_t levels) {
    return fmt::format("{{\"prestart\":{}{}}}", std::string(levels, '['), std::string(levels, ']'));
  };
  CHECK(problems_of(nested(63)) == "1:44: nesting deeper than 32 levels");
  CHECK(problems_of(nested(31)).find("nesting") == std::string::npos);
}

TEST_CASE("one hook is read from any text, and named as the caller says") {
  const JsonText text("f", R"([{"path":"/a"},{"path":"a"}])");
  const std::vector<JsonText::Value> values = text.elements(text.root());
  const auto good = read_hook(text, values[0], "the hook");
  CHECK(good.value->path == "/a");
  CHECK(good.value->position.column == 10);
  const auto bad = read_hook(text, values[1], "the hook");
  CHECK_FALSE(bad.value);
  REQUIRE(bad.findings.size() == 1);
  CHECK(bad.findings[0].text == "f:1:24: the hook.path: \"a\" is not an absolute path");
}
