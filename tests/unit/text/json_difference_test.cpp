// SPDX-License-Identifier: Apache-2.0
#include "core/text/json_difference.h"

#include "catch.h"

namespace {

// The text after the edits that make it say what wanted says.
std::string changed(const std::string& before, const std::string& wanted) {
  const JsonText text("before", before), other("wanted", wanted);
  std::string after = ::apply(before, json_difference(text, json_tree(other)));
  CHECK(is_same(json_tree(JsonText("after", after)), json_tree(other)));
  CHECK(json_difference(JsonText("after", after), json_tree(other)).empty());
  return after;
}

}  // namespace

TEST_CASE("what says the same, however it is spelled and ordered, is no difference") {
  struct Row {
    const char* before;
    const char* wanted;
  };
  const auto row = GENERATE(values<Row>({
      {"{}", " { } "},
      {R"({"a":1,"b":[1,2]})", R"({ "b" : [1, 2], "a" : 1 })"},
      {R"({"a":1.0e2,"b":-0,"c":100})", R"({"a":100,"b":0,"c":1E+2})"},
      {R"({"limit":18446744073709551615})", R"({"limit":18446744073709552000})"},
      {R"({"big":1e999})", R"({"big":1e999})"},
      {R"(["\u003ca\/\u00e9","\ud83d\ude00"])", R"(["<a/é","😀"])"},
      {R"({"\u0061":null})", R"({"a":null})"},
  }));
  CHECK(changed(row.before, row.wanted) == row.before);
}

TEST_CASE("only what differs is changed, and every other byte stays") {
  struct Row {
    const char* before;
    const char* wanted;
    const char* after;
  };
  const auto row = GENERATE(values<Row>({
      {R"({ "a" : 1.0e2 , "b" : "x" })", R"({"a":100,"b":"y"})", R"({ "a" : 1.0e2 , "b" : "y" })"},
      {R"({ "a" : 1 })", R"({"a":1,"b":{"c":[1, 2]}})", R"({ "a" : 1,"b":{"c":[1,2]} })"},
      {R"({ "a" : 1 , "b" : 2 , "c" : 3 })", R"({"a":1,"c":3})", R"({ "a" : 1 , "c" : 3 })"},
      {R"({ "a" : 1 , "b" : 2 , "c" : 3 })", R"({"b":2,"c":3})", R"({ "b" : 2 , "c" : 3 })"},
      {R"({ "a" : 1 , "b" : 2 , "c" : 3 })", R"({"a":1})", R"({ "a" : 1 })"},
      {R"({ "a" : 1 , "b" : 2 , "c" : 3 })", R"({"c":3})", R"({ "c" : 3 })"},
      {R"({ "a" : 1 , "b" : 2 , "c" : 3 })", R"({"b":2})", R"({ "b" : 2 })"},
      {R"({ "a" : 1 , "b" : 2 , "c" : 3 })", R"({"b":2,"d":4})", R"({ "b" : 2,"d":4 })"},
      {R"({ "a" : 1 })", R"({"b":2})", R"({"b":2})"},
      {R"({ "a" : 1 })", "{}", "{}"},
      {"{ }", R"({"a":1})", R"({"a":1})"},
      {R"({"a":{ "b" : 1 },"c":1.0})", R"({"a":[1],"c":1})", R"({"a":[1],"c":1.0})"},
      {"[ 1.0 , 2 , 3 ]", "[1,3]", "[ 1.0 , 3 ]"},
      {"[ 1.0 , 2 , 3 ]", "[2,3]", "[ 2 , 3 ]"},
      {"[ 1.0 , 2 , 3 ]", "[1,2]", "[ 1.0 , 2 ]"},
      {"[ 1.0 , 2 , 3 ]", "[0,1,2,4,3]", "[ 0,1.0 , 2,4 , 3 ]"},
      {"[ 1.0 , 2 , 3 ]", "[1,9,3]", "[ 1.0 , 9 , 3 ]"},
      {"[ 1.0 , 2 , 3 ]", "[7,8]", "[ 7 , 8 ]"},
      {"[ 1.0 , 2 , 3 ]", "[2,3,1]", "[ 2,3,1.0 ]"},
      {"[ 1.0 ]", "[]", "[]"},
      {"[]", "[1,2]", "[1,2]"},
      {R"([{ "path" : "/a" , "x" : 1.0 }])", R"([{"path":"/b","x":1}])", R"([{ "path" : "/b" , "x" : 1.0 }])"},
      {R"({"a\"\\b":1})", R"({"a\"\\b":1,"c\u00e9":"\u0000"})", R"({"a\"\\b":1,"cé":"\u0000"})"},
  }));
  INFO(row.before << " wanted " << row.wanted);
  if (std::string_view(row.before) == "[ 1.0 , 2 , 3 ]" && std::string_view(row.wanted) == "[2,3,1]")
    changed(row.before, row.wanted);  // which of them moves is nobody's business
  else
    CHECK(changed(row.before, row.wanted) == row.after);
}

TEST_CASE("a name that stands twice in an object is an error with its place") {
  CHECK_THROWS_WITH(json_tree(JsonText("f.json", R"({"a":1, "a":2})")), R"(f.json:1:9: "a" is here a second time)");
  CHECK_THROWS_WITH(json_tree(JsonText("f.json", R"([{"b":{"a":1,"\u0061":2}}])")),
                    R"(f.json:1:14: "a" is here a second time)");
}

TEST_CASE("a long list that has grown in the middle is one insertion") {
  std::string before = "[", wanted = "[";
  for (int n = 0; n < 20000; ++n) {
    before += fmt::format("{}{{ \"n\" : {} }}", n ? " , " : "", n);
    wanted += fmt::format("{}{}{{\"n\":{}}}", n ? "," : "", n == 10000 ? "{\"n\":-1}," : "", n);
  }
  const JsonText text("before", before + ']'), other("wanted", wanted + ']');
  const std::vector<Edit> edits = json_difference(text, json_tree(other));
  REQUIRE(edits.size() == 1);
  CHECK(edits.front().replacement == R"(,{"n":-1})");
}
