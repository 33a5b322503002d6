// SPDX-License-Identifier: Apache-2.0
#include "core/oci/spec.h"

#include "core/host/process.h"
#include "scratch.h"

namespace {

Spec spec(std::string content) { return Spec("f", std::move(content)); }

std::string refusal(std::string content) {
  return message_of([&] { spec(std::move(content)); });
}

HooksByStage one_hook_in(std::initializer_list<Stage> stages) {
  HooksByStage hooks;
  for (const Stage stage : stages) hooks[stage].push_back({"/h", {}, {}, {}});
  return hooks;
}

constexpr std::string_view new_hook = "{\"path\":\"/h\"}";

HooksByStage in_every_stage() {
  return one_hook_in({Stage::prestart, Stage::create_runtime, Stage::create_container, Stage::start_container,
                      Stage::poststart, Stage::poststop});
}

std::string added(const std::string& content, const HooksByStage& hooks) {
  const Spec text = spec(content);
  return ::apply(text.content(), text.edits_adding(hooks));
}

// Paths of the hooks of each stage: "prestart: /a /b; poststop: /c; ".
std::string listing(const std::string& content) {
  const JsonText text("f", content);
  std::string result;
  const auto hooks = text.member(text.root(), "hooks");
  if (!hooks) return result;
  for (const JsonText::Member& stage : text.members(hooks->value)) {
    result += stage.name + ":";
    for (const JsonText::Value& entry : text.elements(stage.value))
      result += " " + text.string(text.member(entry, "path")->value);
    result += "; ";
  }
  return result;
}

// What is left of the new text when the edits are taken out of it again.
std::string without(const std::string& changed, const std::vector<Edit>& edits, std::string_view original) {
  std::vector<Edit> back;
  std::ptrdiff_t moved = 0;
  for (const Edit& edit : edits) {
    const auto begin = static_cast<std::size_t>(static_cast<std::ptrdiff_t>(edit.begin) + moved);
    back.push_back(
        {begin, begin + edit.replacement.size(), std::string(original.substr(edit.begin, edit.end - edit.begin))});
    moved += static_cast<std::ptrdiff_t>(edit.replacement.size()) - static_cast<std::ptrdiff_t>(edit.end - edit.begin);
  }
  return ::apply(changed, back);
}

}  // namespace

TEST_CASE("hooks are spliced in, and every other byte stays") {
  struct Row {
    std::string_view before;
    std::string_view after;
  };
  constexpr Row rows[] = {
      {"{}", R"({"hooks":{"poststop":[{"path":"/h"}]}})"},
      {"{ }", R"({"hooks":{"poststop":[{"path":"/h"}]} })"},
      {R"({"a":1})", R"({"a":1,"hooks":{"poststop":[{"path":"/h"}]}})"},
      {R"({"hooks":null})", R"({"hooks":{"poststop":[{"path":"/h"}]}})"},
      {R"({"hooks":{}})", R"({"hooks":{"poststop":[{"path":"/h"}]}})"},
      {R"({"hooks":{"poststop":null}})", R"({"hooks":{"poststop":[{"path":"/h"}]}})"},
      {R"({"hooks":{"poststop":[]}})", R"({"hooks":{"poststop":[{"path":"/h"}]}})"},
      {R"({"hooks":{"poststop":[ ]}})", R"({"hooks":{"poststop":[{"path":"/h"} ]}})"},
      {R"({"hooks":{"poststop":[{"path":"/a"}]}})", R"({"hooks":{"poststop":[{"path":"/a"},{"path":"/h"}]}})"},
      {R"({"hooks":{"prestart":[{"path":"/a"}]}})",
       R"({"hooks":{"prestart":[{"path":"/a"}],"poststop":[{"path":"/h"}]}})"},
      {R"({"hooks":{"x-vendor":1}})", R"({"hooks":{"x-vendor":1,"poststop":[{"path":"/h"}]}})"},
      {"\t{\r\n\t\"hooks\" : {\r\n\t\t\"poststop\" : [\r\n\t\t]\r\n\t}\r\n}\r\n",
       "\t{\r\n\t\"hooks\" : {\r\n\t\t\"poststop\" : [{\"path\":\"/h\"}\r\n\t\t]\r\n\t}\r\n}\r\n"},
      {R"({"\u0068ooks":{"post\u0073top":[]}})", R"({"\u0068ooks":{"post\u0073top":[{"path":"/h"}]}})"},
      {R"({"annotations":{"hooks":"hooks"},"process":{"hooks":[]}})",
       R"({"annotations":{"hooks":"hooks"},"process":{"hooks":[]},"hooks":{"poststop":[{"path":"/h"}]}})"},
  };
  for (const Row& row : rows) {
    INFO(row.before);
    CHECK(added(std::string(row.before), one_hook_in({Stage::poststop})) == row.after);
  }
}

TEST_CASE("whatever stands in a spec that no runtime knows is there afterwards") {
  for (const std::string& value :
       {std::string("1.0e2"), std::string("18446744073709551615"), std::string("1e400"), std::string(400, '9'),
        std::string("-0.0"), std::string("\"\\u003c\\ud83d\\ude00\\/<&>\""), std::string("\"\xff\xfe\""),
        std::string("{\"x\":[[[{}]]]}"), std::string(9'000, '[') + std::string(9'000, ']')})
    for (const std::string_view form :
         {"{{\"x\":{0},\"hooks\":{{\"prestart\":[{{\"path\":\"/a\",\"x\":{0}}}],\"x\":{0}}}}}",
          "{{\"hooks\":null,\"x\":{0}}}", "{{\"x\":\t{0}\r\n}}\n\n", "{{\"x\":{0},\"x\":{0}}}"}) {
      const std::string before = fmt::format(fmt::runtime(form), value);
      const Spec text = spec(before);
      const std::vector<Edit> edits = text.edits_adding(in_every_stage());
      const std::string after = ::apply(before, edits);
      CHECK(refusal(after) == "no error");
      CHECK(without(after, edits, before) == before);
      for (const Edit& edit : edits)
        CHECK((edit.begin == edit.end || before.substr(edit.begin, edit.end - edit.begin) == "null"));
    }
}

TEST_CASE("the operator's hooks come after those that are there, in their own order") {
  const std::string before =
      R"({"hooks":{"poststop":[{"path":"/p1"},{"path":"/p2"}],"prestart":null,"createRuntime":[],"poststart":[{"path":"/s"}]}})";
  HooksByStage hooks = in_every_stage();
  hooks[Stage::poststop].push_back({"/i", {}, {}, {}});
  CHECK(listing(added(before, hooks)) ==
        "poststop: /p1 /p2 /h /i; prestart: /h; createRuntime: /h; poststart: /s /h; createContainer: /h; "
        "startContainer: /h; ");
  CHECK(listing(added("{}", hooks)) ==
        "prestart: /h; createRuntime: /h; createContainer: /h; startContainer: /h; poststart: /h; poststop: /h /i; ");
}

TEST_CASE("no hooks, no edit") {
  for (const std::string_view content : {"{}", R"({"hooks":null})", R"({"hooks":{"prestart":null}})"})
    CHECK(spec(std::string(content)).edits_adding({}).empty());
}

TEST_CASE("a spec of which two readers could make two things is refused, with the place") {
  struct Row {
    std::string_view text;
    std::string_view message;
  };
  constexpr Row rows[] = {
      {"", "f:1:1: there is no JSON in it"},
      {"[]", "f:1:1: a spec is an object, not an array"},
      {" null", "f:1:2: a spec is an object, not null"},
      {"{}x", "f:1:3: text after the end of the document"},
      {R"({"hooks":[]})", "f:1:10: hooks: an object is expected, not an array"},
      {R"({"hooks":"x"})", "f:1:10: hooks: an object is expected, not a string"},
      {R"({"hooks":false})", "f:1:10: hooks: an object is expected, not a boolean"},
      {"{\"hooks\":\n{\"prestart\":{}}}", "f:2:13: hooks.prestart: an array is expected, not an object"},
      {"{\"hooks\":\n{\"poststop\":0}}", "f:2:13: hooks.poststop: an array is expected, not a number"},
      {"{\"hooks\":{},\n\"hooks\":{}}", "f:2:1: \"hooks\" is here a second time"},
      {"{\"hooks\":null,\n\"h\\u006foks\":{}}", "f:2:1: \"hooks\" is here a second time"},
      {"{\"hooks\":{\"prestart\":[],\n\"prestart\":[]}}", "f:2:1: \"prestart\" is here a second time"},
      {"{\"Hooks\":{}}", "f:1:2: \"Hooks\" is not \"hooks\", but some runtimes would take it for that"},
      {"{\"hook\xC5\xBF\":{}}", "f:1:2: \"hook\xC5\xBF\" is not \"hooks\", but some runtimes would take it for that"},
      {"{\"hoo\xE2\x84\xAAs\":{}}",
       "f:1:2: \"hoo\xE2\x84\xAAs\" is not \"hooks\", but some runtimes would take it for that"},
      {R"({"hooks":{"preStart":[]}})",
       "f:1:11: \"preStart\" is not \"prestart\", but some runtimes would take it for that"},
      {R"({"hooks":{"createruntime":[]}})",
       "f:1:11: \"createruntime\" is not \"createRuntime\", but some runtimes would take it for that"},
  };
  for (const Row& row : rows) {
    INFO(row.text);
    CHECK(refusal(std::string(row.text)) == row.message);
  }
  CHECK(refusal(std::string("{}\0", 3)) == "f:1:3: a NUL byte is not JSON");
  CHECK(refusal("\xEF\xBB\xBF{}") == "f:1:1: a byte order mark is not JSON");
  CHECK(refusal(std::string(1'000'000, '[')).find("f:1:10001: nesting") == 0);
}

TEST_CASE("the marker is known by its name, wherever it is installed, in any stage") {
  const auto has_marker = [](std::string_view hooks) {
    return spec(fmt::format("{{\"hooks\":{}}}", hooks)).has_marker();
  };
  CHECK(has_marker(R"({"prestart":[{"path":"/usr/bin/container-hooks"}]})"));
  CHECK(has_marker(R"({"prestart":[{"path":"/a"},{"args":["x"],"path":"/opt/x/container\u002dhooks"}]})"));
  for (const std::string_view stage : spec_stage_names)
    CHECK(has_marker(fmt::format(R"({{"{}":[{{"path":"/a"}},{{"path":"/usr/bin/container-hooks"}}]}})", stage)));
  CHECK(has_marker(R"({"poststop":[{"path":"/x/container-hooks","args":["container-hooks","run","--","/a"]}]})"));
  CHECK(has_marker(fmt::format(R"({{"poststop":[{{"path":"{}","args":["container-hooks"]}}]}})", binary_path())));
  CHECK_FALSE(has_marker(R"({"prestart":[{"path":"/bin/sh","args":["container-hooks"]}]})"));
  CHECK_FALSE(has_marker(R"({"prestart":[{"path":"/usr/bin/container-hooks-toolkit"}]})"));
  CHECK_FALSE(has_marker(R"({"prestart":[{"path":"/usr/bin/my-container-hooks"},{"path":"/container-hooks/x"}]})"));
  CHECK_FALSE(has_marker(R"({"prestart":[{"path":"/x","args":["x","container-hooks"]}]})"));
  CHECK_FALSE(
      has_marker(R"({"prestart":[1,null,"container-hooks",[],{},{"path":5,"args":"container-hooks"},{"args":[5]}]})"));
  CHECK_FALSE(has_marker(R"({"prestart":null})"));
  CHECK_FALSE(has_marker("{}"));
  CHECK_FALSE(has_marker("null"));
  CHECK_FALSE(spec("{}").has_marker());
}

TEST_CASE("specs that engines were seen to write take hooks, and lose no byte") {
  const std::set<std::string> files = names_in(test_data("specs"));
  CHECK(files.size() >= 11);
  for (const std::string& file : files) {
    INFO(file);
    const std::string before = content_of(test_data("specs/" + file));
    const Spec text = spec(before);
    CHECK_FALSE(text.has_marker());
    HooksByStage hooks = in_every_stage();
    hooks[Stage::prestart].push_back({"/usr/bin/container-hooks", {}, {}, {}});
    const std::vector<Edit> edits = text.edits_adding(hooks);
    const std::string after = ::apply(before, edits);
    CHECK(spec(after).has_marker());
    CHECK(without(after, edits, before) == before);
    std::size_t new_hooks = 0;
    for (std::size_t at = after.find(new_hook); at != after.npos; at = after.find(new_hook, at + 1)) ++new_hooks;
    CHECK(new_hooks == spec_stage_names.size());
  }
}

TEST_CASE("a spec of five megabytes is spliced like any other") {
  std::string before = "{\"x\":[0";
  while (before.size() < 5'000'000) before += ",{\"n\":1.50,\"s\":\"\\u00e9\"}";
  before += "],\"hooks\":{\"prestart\":[{\"path\":\"/a\"}]}}";
  const std::string after = added(before, one_hook_in({Stage::prestart}));
  CHECK(after == before.substr(0, before.size() - 3) + "," + std::string(new_hook) + "]}}");
}

TEST_CASE("the hooks of a spec are read with the fields that they have, others and null are left out") {
  const HooksByStage hooks = spec(R"({"hooks":{
    "createContainer":[{"path":"/a","args":["a","b"],"env":[],"timeout":5,"x":1},{"path":"/b","env":null,"timeout":1.5}],
    "poststop":null}})")
                                 .hooks();
  CHECK(hooks.count() == 2);
  CHECK(to_json(hooks[Stage::create_container][0]) == R"({"path":"/a","args":["a","b"],"env":[],"timeout":5})");
  CHECK(to_json(hooks[Stage::create_container][1]) == R"({"path":"/b"})");
  CHECK(spec("{}").hooks().count() == 0);
  CHECK(spec(R"({"hooks":{"prestart":[1]}})").hooks()[Stage::prestart][0].path.empty());
}
