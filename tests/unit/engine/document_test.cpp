// SPDX-License-Identifier: Apache-2.0
#include "core/engine/document.h"

#include "scratch.h"

namespace {

using Kind = Document::Kind;

std::unique_ptr<Document> json(const std::string& content) { return json_document("x.json", content); }
std::unique_ptr<Document> toml(const std::string& content) { return toml_document("x.toml", content); }

}  // namespace

TEST_CASE("both languages tell the same of what they have in common") {
  const auto as_json = json(R"({"s":"x","n":1,"t":{"b":"2","a":{}}})");
  const auto as_toml = toml("s = \"x\"\nn = 1\n[t]\nb = \"2\"\n[t.a]\n");
  for (const Document* document : {as_json.get(), as_toml.get()}) {
    CHECK(document->kind({"s"}) == Kind::string);
    CHECK(document->kind({"n"}) == Kind::other);
    CHECK(document->kind({"t"}) == Kind::table);
    CHECK(document->kind({"t", "none"}) == Kind::missing);
    CHECK(document->kind({"s", "below"}) == Kind::missing);
    CHECK(document->string({"t", "b"}) == "2");
    CHECK(document->string({"none"}) == std::nullopt);
    CHECK(document->string_if_any({"n"}) == std::nullopt);
    CHECK(document->names({"t"}) == std::vector<std::string>{"b", "a"});
    CHECK(document->names({"none"}).empty());
    CHECK(document->names_if_any({"s"}).empty());
    CHECK(document->contains({"t", "a"}));
    CHECK_FALSE(document->contains({"t", "c"}));
    CHECK(document->spelling({"s"}) == "\"x\"");
    CHECK(document->spelling({"none"}) == std::nullopt);
  }
}

TEST_CASE("a value of the wrong type is an error with its place where it is asked for by type") {
  struct Row {
    std::unique_ptr<Document> document;
    const char* string;
    const char* names;
  };
  const Row rows[] = {
      {json("{\n \"n\": 1}"), "x.json:2:7: a string is expected here, not a number",
       "x.json:2:7: an object is expected here, not a number"},
      {toml("\nn = 1\n"), "x.toml:2:5: n: a string is expected here", "x.toml:2:5: n: a table is expected here"},
  };
  for (const Row& row : rows) {
    CHECK(message_of([&] { row.document->string({"n"}); }) == row.string);
    CHECK(message_of([&] { row.document->names({"n"}); }) == row.names);
  }
}

TEST_CASE("an error names the key's place, or the file alone where there is none") {
  CHECK(json("{\"a\": 1}")->error_at({"a"}, "no").text == "x.json:1:7: no");
  CHECK(json("{}")->error_at({"a"}, "no").text == "x.json: no");
  CHECK(toml("a = 1\n")->error_at({"a"}, "no").text == "x.toml:1:5: no");
  CHECK(toml("")->error_at({"a"}, "no").text == "x.toml: no");
}

TEST_CASE("a set makes the tables on the way, a remove takes only what is named") {
  const auto as_json = json("{\"z\": 1e3}");
  as_json->set({"a", "b"}, "\"c\"");
  CHECK(as_json->string({"a", "b"}) == "c");
  CHECK_THAT(as_json->content(), ContainsSubstring("\"z\": 1e3"));
  as_json->remove({"a", "b"});
  CHECK(as_json->names({"a"}).empty());
  as_json->remove({"none"});
  as_json->remove({"a"});
  CHECK(as_json->content() == "{\"z\": 1e3}");
  const auto as_toml = toml("z = 1e3 # mine\n");
  as_toml->set({"a", "b"}, "'c'");
  CHECK(as_toml->string({"a", "b"}) == "c");
  as_toml->remove({"none"});
  as_toml->remove({"a"});
  CHECK(as_toml->content() == "z = 1e3 # mine\n");
}

TEST_CASE("an edit that cannot be made leaves the document as it was") {
  const auto as_json = json("{\"a\": 1}");
  CHECK_THROWS_AS(as_json->set({"a", "b"}, "1"), Error);
  CHECK(as_json->content() == "{\"a\": 1}");
  const auto as_toml = toml("a = 1\n");
  CHECK_THROWS_AS(as_toml->set({"a", "b"}, "1"), Error);
  CHECK_THROWS_AS(as_toml->set({"b"}, "not TOML"), Error);
  CHECK(as_toml->content() == "a = 1\n");
}

TEST_CASE("a copied table has another name and the same content") {
  for (const auto& document : {json("{\"t\": {\"a\": {\"x\": \"1\"}}}"), toml("[t.a]\nx = \"1\"\n")}) {
    document->copy_table({"t", "a"}, "b");
    CHECK(document->names({"t"}) == std::vector<std::string>{"a", "b"});
    CHECK(document->string({"t", "b", "x"}) == "1");
  }
}

TEST_CASE("JSON: a key that is there twice is nothing to build on, and a name in another case is refused") {
  CHECK(json("{\"a\":1,\"a\":{}}")->kind({"a"}) == Kind::other);
  const auto document = json("{\"Runtimes\":{\"A\":{}}}");
  CHECK(document->kind({"runtimes"}) == Kind::other);
  CHECK_THAT(message_of([&] { document->names({"runtimes"}); }), ContainsSubstring("\"Runtimes\" is not \"runtimes\""));
  CHECK(document->kind({"Runtimes", "a"}) == Kind::missing);
}

TEST_CASE("JSON: blanks alone are an empty object") {
  CHECK(json(" \n\t")->content() == "{}\n");
  CHECK(json("")->names({}).empty());
  CHECK_THROWS_WITH(json("[]"), ContainsSubstring("x.json:1:1: an object is expected here"));
}

TEST_CASE("a file is nobody's when it has neither comments nor settings but those that are named") {
  CHECK(json("{}")->is_empty_but_for({}));
  CHECK(json("{\"a\": {}}")->is_empty_but_for({"a"}));
  CHECK_FALSE(json("{\"a\": {}}")->is_empty_but_for({"b"}));
  CHECK_FALSE(json("{\"a\": {\"x\": 1}}")->is_empty_but_for({"a"}));
  CHECK(toml("\n")->is_empty_but_for({}));
  CHECK(toml("version = 3\n")->is_empty_but_for({"version"}));
  CHECK_FALSE(toml("version = 3\n")->is_empty_but_for({}));
  CHECK_FALSE(toml("# mine\n")->is_empty_but_for({}));
}

TEST_CASE("TOML: arrays of strings and integers are read, and others are not taken for them") {
  const auto document = toml("l = ['a', \"b\"]\nm = ['a', 1]\nn = 7\n");
  CHECK(document->strings({"l"}) == std::vector<std::string>{"a", "b"});
  CHECK(document->kind({"l"}) == Kind::strings);
  CHECK(document->kind({"m"}) == Kind::other);
  CHECK(document->strings_if_any({"m"}).empty());
  CHECK(document->strings({"none"}).empty());
  CHECK(document->integer({"n"}) == 7);
  CHECK(document->integer({"none"}) == std::nullopt);
  CHECK_THROWS_WITH(document->integer({"l"}), ContainsSubstring("x.toml:1:5: l: an integer is expected here"));
}
