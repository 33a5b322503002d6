// SPDX-License-Identifier: Apache-2.0
#include "core/text/json_patch.h"

#include "catch.h"

namespace {

// The document after the patch, or what is wrong with that.
std::string result_of(const std::string& document, const std::string& patch) {
  const JsonText text("document", document), operations("patch", patch);
  try {
    return to_json(patched(json_tree(text), operations));
  } catch (const Error& failure) {
    return failure.text;
  }
}

}  // namespace

TEST_CASE("the examples of RFC 6902's appendix A") {
  struct Row {
    const char* document;
    const char* patch;
    const char* result;
  };
  const auto row = GENERATE(values<Row>({
      {R"({"foo":"bar"})", R"([{"op":"add","path":"/baz","value":"qux"}])", R"({"foo":"bar","baz":"qux"})"},
      {R"({"foo":["bar","baz"]})", R"([{"op":"add","path":"/foo/1","value":"qux"}])", R"({"foo":["bar","qux","baz"]})"},
      {R"({"baz":"qux","foo":"bar"})", R"([{"op":"remove","path":"/baz"}])", R"({"foo":"bar"})"},
      {R"({"foo":["bar","qux","baz"]})", R"([{"op":"remove","path":"/foo/1"}])", R"({"foo":["bar","baz"]})"},
      {R"({"baz":"qux","foo":"bar"})", R"([{"op":"replace","path":"/baz","value":"boo"}])",
       R"({"baz":"boo","foo":"bar"})"},
      {R"({"foo":{"bar":"baz","waldo":"fred"},"qux":{"corge":"grault"}})",
       R"([{"op":"move","from":"/foo/waldo","path":"/qux/thud"}])",
       R"({"foo":{"bar":"baz"},"qux":{"corge":"grault","thud":"fred"}})"},
      {R"({"foo":["all","grass","cows","eat"]})", R"([{"op":"move","from":"/foo/1","path":"/foo/3"}])",
       R"({"foo":["all","cows","eat","grass"]})"},
      {R"({"baz":"qux","foo":["a",2,"c"]})",
       R"([{"op":"test","path":"/baz","value":"qux"},{"op":"test","path":"/foo/1","value":2}])",
       R"({"baz":"qux","foo":["a",2,"c"]})"},
      {R"({"baz":"qux"})", R"([{"op":"test","path":"/baz","value":"bar"}])",
       "patch:1:2: test /baz: another value is there"},
      {R"({"foo":"bar"})", R"([{"op":"add","path":"/child","value":{"grandchild":{}}}])",
       R"({"foo":"bar","child":{"grandchild":{}}})"},
      {R"({"foo":"bar"})", R"([{"op":"add","path":"/baz","value":"qux","xyz":123}])", R"({"foo":"bar","baz":"qux"})"},
      {R"({"foo":"bar"})", R"([{"op":"add","path":"/baz/bat","value":"qux"}])",
       "patch:1:2: add /baz/bat: there is no such place"},
      {R"({"foo":"bar"})", R"([{"op":"add","path":"/baz","value":"qux","op":"remove"}])",
       R"(patch:1:42: "op" is here a second time)"},
      {R"({"/":9,"~1":10})", R"([{"op":"test","path":"/~01","value":10}])", R"({"/":9,"~1":10})"},
      {R"({"/":9,"~1":10})", R"([{"op":"test","path":"/~01","value":"10"}])",
       "patch:1:2: test /~01: another value is there"},
      {R"({"foo":["bar"]})", R"([{"op":"add","path":"/foo/-","value":["abc","def"]}])",
       R"({"foo":["bar",["abc","def"]]})"},
  }));
  CHECK(result_of(row.document, row.patch) == row.result);
}

TEST_CASE("what implementations of JSON Patch are tested with") {
  struct Row {
    const char* document;
    const char* patch;
    const char* result;
  };
  const auto row = GENERATE(values<Row>({
      {"{}", "[]", "{}"},
      {R"(["foo"])", "[]", R"(["foo"])"},
      {R"({"foo":null})", R"([{"op":"add","path":"/foo","value":1}])", R"({"foo":1})"},
      {"[]", R"([{"op":"add","path":"/0","value":"foo"}])", R"(["foo"])"},
      {"{}", R"([{"op":"add","path":"/","value":1}])", R"({"":1})"},
      {R"({"foo":{}})", R"([{"op":"add","path":"/foo/","value":1}])", R"({"foo":{"":1}})"},
      {R"({"foo":1})", R"([{"op":"add","path":"/bar","value":[1,2]}])", R"({"foo":1,"bar":[1,2]})"},
      {R"({"foo":[1,2]})", R"([{"op":"add","path":"/foo/2","value":3}])", R"({"foo":[1,2,3]})"},
      {"[1,2]", R"([{"op":"add","path":"/3","value":3}])", "patch:1:2: add /3: there is no such place"},
      {"[1,2]", R"([{"op":"add","path":"/-1","value":3}])", "patch:1:2: add /-1: there is no such place"},
      {"[1,2]", R"([{"op":"add","path":"/01","value":3}])", "patch:1:2: add /01: there is no such place"},
      {"[1,2]", R"([{"op":"add","path":"/1e0","value":3}])", "patch:1:2: add /1e0: there is no such place"},
      {"[1,2]", R"([{"op":"replace","path":"/-","value":3}])", "patch:1:2: replace /-: there is no such place"},
      {"[1,2]", R"([{"op":"remove","path":"/2"}])", "patch:1:2: remove /2: there is no such place"},
      {"[1,2]", R"([{"op":"remove","path":"/99999999999999999999"}])",
       "patch:1:2: remove /99999999999999999999: there is no such place"},
      {R"({"a":1})", R"([{"op":"replace","path":"","value":[1]}])", "[1]"},
      {R"({"a":1})", R"([{"op":"add","path":"","value":{"b":2}}])", R"({"b":2})"},
      {R"({"a":1})", R"([{"op":"remove","path":""}])", "patch:1:2: remove : the whole document cannot be taken out"},
      {R"({"a":1})", R"([{"op":"replace","path":"/b","value":1}])", "patch:1:2: replace /b: there is no such place"},
      {R"({"a":"x"})", R"([{"op":"add","path":"/a/b","value":1}])", "patch:1:2: add /a/b: there is no such place"},
      {R"({"a":1,"b":2})", R"([{"op":"move","from":"/a","path":"/a"}])", R"({"a":1,"b":2})"},
      {R"({"a":1})", R"([{"op":"move","from":"/b","path":"/b"}])", "patch:1:2: move /b: there is no such place"},
      {R"({"a":{"b":1}})", R"([{"op":"move","from":"/a","path":"/a/b"}])",
       "patch:1:2: move /a/b: what is moved cannot go into itself"},
      {R"({"a":{"b":1}})", R"([{"op":"move","from":"/a/b","path":"/a"}])", R"({"a":1})"},
      {R"({"a":{"b":1}})", R"([{"op":"copy","from":"/a","path":"/a/c"}])", R"({"a":{"b":1,"c":{"b":1}}})"},
      {R"({"a":{"b":1}})", R"([{"op":"copy","from":"","path":"/c"}])", R"({"a":{"b":1},"c":{"a":{"b":1}}})"},
      {R"({"a":1})", R"([{"op":"copy","from":"/x","path":"/c"}])", "patch:1:2: copy /c: there is no such place"},
      {R"({"a":{"b":[1,{"c":1.0}]}})", R"([{"op":"test","path":"/a","value":{"b":[1.0,{"c":1}]}}])",
       R"({"a":{"b":[1,{"c":1.0}]}})"},
      {R"({"a":{"x":1,"y":2}})", R"([{"op":"test","path":"/a","value":{"y":2,"x":1}}])", R"({"a":{"x":1,"y":2}})"},
      {"null", R"([{"op":"test","path":"","value":null}])", "null"},
      {R"({"a":null})", R"([{"op":"test","path":"/a","value":null}])", R"({"a":null})"},
      {R"({"a":null})", R"([{"op":"test","path":"/a"}])", R"(patch:1:2: test /a: a "value" is expected)"},
      {R"({"a":null})", R"([{"op":"test","path":"/b","value":null}])", "patch:1:2: test /b: there is no such place"},
      {R"({"m~n":8})", R"([{"op":"test","path":"/m~0n","value":8}])", R"({"m~n":8})"},
      {R"({"a/b":1})", R"([{"op":"remove","path":"/a~1b"}])", "{}"},
      {"{}", R"([{"op":"add","path":"/a~2","value":1}])",
       R"(patch:1:2: add /a~2: "a~2" has a ~ that is neither ~0 nor ~1)"},
      {"{}", R"([{"op":"add","path":"/a~","value":1}])",
       R"(patch:1:2: add /a~: "a~" has a ~ that is neither ~0 nor ~1)"},
      {"{}", R"([{"op":"add","path":"a","value":1}])", R"(patch:1:2: add a: "a" does not begin with /)"},
      {"{}", R"([{"op":"add","value":1}])", R"(patch:1:2: a string "path" is expected)"},
      {"{}", R"([{"path":"/a","value":1}])", R"(patch:1:2: a string "op" is expected)"},
      {"{}", R"([{"op":"add","path":null,"value":1}])", R"(patch:1:2: a string "path" is expected)"},
      {"{}", R"([{"op":"add","path":"/a"}])", R"(patch:1:2: add /a: a "value" is expected)"},
      {"{}", R"([{"op":"copy","path":"/a"}])", R"(patch:1:2: copy /a: a string "from" is expected)"},
      {"{}", R"([{"op":"spam","path":"/a"}])", R"(patch:1:2: there is no operation "spam")"},
      {"{}", R"([{"op":"Add","path":"/a","value":1}])", R"(patch:1:2: there is no operation "Add")"},
      {"{}", "[5]", "patch:1:2: an operation is expected, an object"},
      {R"({"a":[]})", R"([{"op":"add","path":"/a/-","value":1},{"op":"add","path":"/a/0","value":0}])",
       R"({"a":[0,1]})"},
      {R"({"n":18446744073709551615})", R"([{"op":"copy","from":"/n","path":"/m"}])",
       R"({"n":18446744073709551615,"m":18446744073709551615})"},
      {R"({"a":1})", R"([{"op":"remove","path":"/a"},{"op":"remove","path":"/a"}])",
       "patch:1:30: remove /a: there is no such place"},
  }));
  CHECK(result_of(row.document, row.patch) == row.result);
}
