// SPDX-License-Identifier: Apache-2.0
#include "core/text/toml_layout.h"

#include "catch.h"
#include "core/text/split.h"

namespace {

using Kind = TomlStatement::Kind;

std::string_view value_of(std::string_view text, const TomlStatement& statement) {
  return text.substr(statement.value, statement.value_end - statement.value);
}

std::vector<std::string> keys_of(std::string_view text) {
  std::vector<std::string> result;
  for (const TomlStatement& statement : toml_layout(text).statements) result.push_back(join(statement.key, "|"));
  return result;
}

}  // namespace

TEST_CASE("statements have their places: line, key, value and end") {
  const std::string text = "# c\n  a.b = 'x' # d\r\n[t] # e\nk = [1, # f\n 2]\n";
  const std::vector<TomlStatement> found = toml_layout(text).statements;
  REQUIRE(found.size() == 3);
  CHECK((found[0].kind == Kind::pair && found[1].kind == Kind::header && found[2].kind == Kind::pair));
  CHECK((found[0].key == Key{"a", "b"} && found[1].key == Key{"t"} && found[2].key == Key{"t", "k"}));
  CHECK((found[0].own == 2 && found[2].own == 1));
  CHECK((found[0].line == 4 && found[0].begin == 6));
  CHECK(value_of(text, found[0]) == "'x'");
  CHECK(value_of(text, found[2]) == "[1, # f\n 2]");
  CHECK(text.substr(found[0].line, found[0].end - found[0].line) == "  a.b = 'x' # d\r\n");
  CHECK(found[2].end == text.size());
}

TEST_CASE("keys are read as TOML means them") {
  CHECK(keys_of("\"a\\u00e9\\tb\" = 1\n'c\\d' = 1\ne . \"f.g\" = 1\n") ==
        std::vector<std::string>{"a\u00e9\tb", "c\\d", "e|f.g"});
  CHECK(keys_of("[ a . 'b.c' ]\nd = 1\n") == std::vector<std::string>{"a|b.c", "a|b.c|d"});
}

TEST_CASE("values end where they end, whatever is in them") {
  for (const std::string value :
       {"1979-05-27 07:32:00", "\"a # b\"", "\"\\\"\"", "'\\'", "\"\"\"\n\"\" # ]\\\"\"\"\"\"\"", "'''\n''''",
        "[\"]\", ']', [1, # ]\n2], {a = '}'}]", "{a = {b = 1}, c = \"}\"}", "true", "[]"}) {
    INFO(value);
    for (const std::string after : {" # comment\nz = 1\n", "\nz = 1\n", "\r\nz = 1\n"}) {
      const std::string text = "a = " + value + after;
      const std::vector<TomlStatement> found = toml_layout(text).statements;
      CHECK(value_of(text, found.front()) == value);
      CHECK(found.back().key == Key{"z"});
    }
  }
}

TEST_CASE("pairs of an inline table are statements after the pair that they stand in") {
  const std::string text = "a = { b = 1, c.d = { e = 'x' } }\n";
  const std::vector<TomlStatement> found = toml_layout(text).statements;
  CHECK(keys_of(text) == std::vector<std::string>{"a", "a|b", "a|c|d", "a|c|d|e"});
  CHECK((found[1].kind == Kind::inline_pair && found[1].own == 1 && found[2].own == 2));
  CHECK(value_of(text, found[2]) == "{ e = 'x' }");
}

TEST_CASE("what stands below an array of tables says so") {
  const std::vector<TomlStatement> found = toml_layout("x = 1\n[[a]]\nb = 1\n[a.c]\nd = 1\n[e]\n").statements;
  REQUIRE(found.size() == 6);
  std::string in_array;
  for (const TomlStatement& statement : found) in_array += statement.in_array ? 'y' : 'n';
  CHECK(in_array == "nyyyyn");
  CHECK(found[1].kind == Kind::array_header);
}

TEST_CASE("what nests deeper than the limit ends the scan, in arrays, tables and keys alike") {
  const auto nested = [](std::size_t depth, const char* open, const char* close) {
    std::string text = "a = ";
    for (std::size_t i = 0; i < depth; ++i) text += open;
    text += "1";
    for (std::size_t i = 0; i < depth; ++i) text += close;
    return text + "\n";
  };
  const auto dotted = [](std::size_t depth) {
    std::string key = "a";
    for (std::size_t i = 1; i < depth; ++i) key += ".a";
    return key;
  };
  CHECK_FALSE(toml_layout(nested(max_toml_depth, "[", "]")).too_deep);
  CHECK(toml_layout(nested(max_toml_depth + 1, "[", "]")).too_deep);
  CHECK(toml_layout(nested(max_toml_depth + 1, "{a = ", "}")).too_deep);
  CHECK_FALSE(toml_layout(dotted(max_toml_depth) + " = 1\n").too_deep);
  CHECK(toml_layout(dotted(max_toml_depth + 1) + " = 1\n").too_deep);
  CHECK_FALSE(toml_layout("a = [{" + dotted(max_toml_depth) + " = 1}]\n").too_deep);
  CHECK(toml_layout("a = [{" + dotted(max_toml_depth + 2) + " = 1}]\n").too_deep);
  CHECK(toml_layout("a = [{'a'" + dotted(max_toml_depth + 2).substr(1) + " = 1}]\n").too_deep);
}

TEST_CASE("invalid text never runs past its end") {
  for (const std::string text : {"a", "a =", "[", "[[a", "a = [", "a = {", "a = \"", "a = '''", "a = {b", "a = [\"\\",
                                 "\"a", "a = [#", "=", ".", "a = {,}", "a = {b = }", "\xEF\xBB\xBF", "a = \"\\u12"}) {
    INFO(text);
    for (const TomlStatement& statement : toml_layout(text).statements) {
      CHECK(statement.begin <= text.size());
      CHECK(statement.value_end <= text.size());
      CHECK(statement.end <= text.size());
    }
  }
}

TEST_CASE("a byte order mark belongs to no statement") {
  CHECK(byte_order_mark("\xEF\xBB\xBF"
                        "a = 1\n") == 3);
  CHECK(byte_order_mark("a = 1\n") == 0);
  CHECK(toml_layout("\xEF\xBB\xBF"
                    "a = 1\n")
            .statements.front()
            .begin == 3);
}
