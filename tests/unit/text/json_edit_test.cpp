// SPDX-License-Identifier: Apache-2.0
#include "core/text/json_edit.h"

#include "catch.h"

namespace {

std::string with(const std::string& content, const std::string& container, const std::string& name,
                 const std::string& value) {
  const JsonText json("f.json", content);
  const JsonText::Value object = container.empty() ? json.root() : json.member(json.root(), container)->value;
  return apply(content, {edit_to_insert(json, object, {name, value})});
}

std::string without(const std::string& content, const std::string& name) {
  const JsonText json("f.json", content);
  return apply(content, {edit_to_remove(json, json.root(), name)});
}

struct Row {
  std::string before;
  std::string container;
  std::string after;
};

}  // namespace

TEST_CASE("a member is inserted in the style of the text around it") {
  const auto row = GENERATE(values<Row>({
      {"{}", "", "{\n    \"n\": 1\n}"},
      {R"({"a":1})", "", R"({"a":1,"n":1})"},
      {R"({"a": 1})", "", R"({"a": 1, "n": 1})"},
      {R"({ "a" : 1, "b" : 2 })", "", R"({ "a" : 1, "b" : 2, "n" : 1 })"},
      {"{\n  \"a\": 1\n}\n", "", "{\n  \"a\": 1,\n  \"n\": 1\n}\n"},
      {"{\n\n  \"a\": 1,\n\n  \"b\": 2\n}\n", "", "{\n\n  \"a\": 1,\n\n  \"b\": 2,\n  \"n\": 1\n}\n"},
      {"{\r\n\t\"a\": 1\r\n}", "", "{\r\n\t\"a\": 1,\r\n\t\"n\": 1\r\n}"},
      {"{\n  \"a\": {}\n}\n", "a", "{\n  \"a\": {\n    \"n\": 1\n  }\n}\n"},
      {"{\n  \"a\": {\"x\": 1}\n}\n", "a", "{\n  \"a\": {\"x\": 1, \"n\": 1}\n}\n"},
      {"{\"a\": {}}", "a", "{\"a\": {\"n\": 1}}"},
      {"{\r\n\t\"a\": {}\r\n}", "a", "{\r\n\t\"a\": {\r\n\t\t\"n\": 1\r\n\t}\r\n}"},
  }));
  INFO(row.before);
  CHECK(with(row.before, row.container, "n", "1") == row.after);
}

TEST_CASE("a member is removed with one comma") {
  CHECK(without(R"({"a": 1, "b": 2, "c": 3})", "a") == R"({"b": 2, "c": 3})");
  CHECK(without(R"({"a": 1, "b": 2, "c": 3})", "b") == R"({"a": 1, "c": 3})");
  CHECK(without(R"({"a": 1, "b": 2, "c": 3})", "c") == R"({"a": 1, "b": 2})");
  CHECK(without("{\n  \"a\": 1\n}", "a") == "{}");
  CHECK(without("{\n  \"a\": 1,\n  \"b\": 2\n}", "b") == "{\n  \"a\": 1\n}");
  CHECK(without("{\"a\": 1}", "b") == "{\"a\": 1}");
}

TEST_CASE("what is inserted is removed without a trace") {
  for (const std::string before :
       {R"({"a":1})", R"({ "a": 1 })", "{\n  \"a\": \",\"\n}\n", "{\r\n\t\"a\": [1,\r\n2]\r\n}"})
    CHECK(without(with(before, "", "new", "{}"), "new") == before);
}

TEST_CASE("members and elements are added after the last one") {
  const auto with_member = [](std::string content, JsonText::Dialect dialect = JsonText::Dialect::strict) {
    const JsonText text("f", std::move(content), dialect);
    const std::string result =
        ::apply(text.content(), {edit_to_add_members(text, text.root(), {{"n\"", "1"}, {"m", "[]"}})});
    CHECK_NOTHROW(JsonText("f", result, dialect));
    return result;
  };
  CHECK(with_member("{}") == R"({"n\"":1,"m":[]})");
  CHECK(with_member("{\n}") == "{\"n\\\"\":1,\"m\":[]\n}");
  CHECK(with_member("{\"a\": 1}") == R"({"a": 1,"n\"":1,"m":[]})");
  CHECK(with_member("{\"a\": {}\n}\n") == "{\"a\": {},\"n\\\"\":1,\"m\":[]\n}\n");
  CHECK(with_member("{\"a\":1, /* { */}", JsonText::Dialect::relaxed) == "{\"a\":1,\"n\\\"\":1,\"m\":[], /* { */}");

  const auto with_element = [](std::string content) {
    const JsonText text("f", std::move(content));
    return ::apply(text.content(), {edit_to_add_elements(text, text.root(), {"{}", "2"})});
  };
  CHECK(with_element("[]") == "[{},2]");
  CHECK(with_element("[ ]") == "[{},2 ]");
  CHECK(with_element("[[] , \"]\" ]") == "[[] , \"]\",{},2 ]");
}
