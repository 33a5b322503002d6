// SPDX-License-Identifier: Apache-2.0
#include "core/text/toml_edit.h"

#include "catch.h"
#include "core/text/toml_text.h"

namespace {

std::string with(std::string content, const Key& key, std::string_view value) {
  TomlText text("f.toml", std::move(content));
  text.set(key, value);
  return text.content();
}

std::string without(std::string content, const Key& key) {
  TomlText text("f.toml", std::move(content));
  text.remove(key);
  return text.content();
}

std::string with_copy(std::string content, const Key& table, std::string_view name) {
  TomlText text("f.toml", std::move(content));
  text.copy_table(table, name);
  return text.content();
}

struct Set {
  std::string_view what;
  std::string before;
  Key key;
  std::string_view value;
  std::string after;
};

}  // namespace

TEST_CASE("a value is replaced or added where its table is, in the style of its neighbours") {
  const auto row = GENERATE(values<Set>({
      {"replace, comment kept", "a = 1 # one\nb = 2\n", {"a"}, "9", "a = 9 # one\nb = 2\n"},
      {"replace a multi-line array", "a = [ # x\n 1, # ]\n]\nb = 2\n", {"a"}, "[]", "a = []\nb = 2\n"},
      {"replace a multi-line string that looks like headers",
       "a = '''\n[b]\nc = 1\n''''\nd = 2\n",
       {"a"},
       "''",
       "a = ''\nd = 2\n"},
      {"empty file", "", {"a"}, "1", "a = 1\n"},
      {"empty file, nested", "", {"a", "b", "c"}, "1", "[a.b]\nc = 1\n"},
      {"only comments", "# hello\n", {"a"}, "1", "a = 1\n# hello\n"},
      {"no final newline", "a = 1", {"b"}, "2", "a = 1\nb = 2"},
      {"no final newline, table", "a = 1", {"b", "c"}, "2", "a = 1\n\n[b]\nc = 2"},
      {"CRLF", "a = 1\r\n[t]\r\nb = 2\r\n", {"t", "c"}, "3", "a = 1\r\n[t]\r\nb = 2\r\nc = 3\r\n"},
      {"byte order mark",
       "\xEF\xBB\xBF[t]\nb = 2\n",
       {"a"},
       "1",
       "\xEF\xBB\xBF"
       "a = 1\n[t]\nb = 2\n"},
      {"indented header",
       "[t]\n  a = 1\n\n  [t.u]\n    b = 2\n",
       {"t", "c"},
       "3",
       "[t]\n  a = 1\n  c = 3\n\n  [t.u]\n    b = 2\n"},
      {"header without pairs", "[s]\n  a = 1\n[t]\n[u]\n", {"t", "c"}, "3", "[s]\n  a = 1\n[t]\n  c = 3\n[u]\n"},
      {"root key before headers",
       "# top\n\nversion = 2\n\n# about t\n[t]\n",
       {"imports"},
       "[]",
       "# top\n\nversion = 2\nimports = []\n\n# about t\n[t]\n"},
      {"implicit table", "[t.u]\na = 1\n\n[z]\n", {"t", "b"}, "2", "[t.u]\na = 1\n\n[t]\nb = 2\n\n[z]\n"},
      {"sub-table after its family",
       "[t]\na = 1\n\n[t.u]\nb = 2\n\n# about z\n[z]\n",
       {"t", "v", "c"},
       "3",
       "[t]\na = 1\n\n[t.u]\nb = 2\n\n[t.v]\nc = 3\n\n# about z\n[z]\n"},
      {"out of order",
       "[t.u]\nb = 2\n[z]\n[t]\na = 1\n",
       {"t", "u", "c"},
       "3",
       "[t.u]\nb = 2\nc = 3\n[z]\n[t]\na = 1\n"},
      {"single quotes",
       "[t.'x.y']\na = ''\n",
       {"t", "x.y", "z.z", "b"},
       "2",
       "[t.'x.y']\na = ''\n\n[t.'x.y'.'z.z']\nb = 2\n"},
      {"dotted", "t.u.a = 1\nz = 0\n", {"t", "u", "b"}, "2", "t.u.a = 1\nt.u.b = 2\nz = 0\n"},
      {"dotted below a header", "[t]\nu.a = 1\n", {"t", "u", "v", "b"}, "2", "[t]\nu.a = 1\nu.v.b = 2\n"},
      {"inline table", "t = { a = 1 } # c\n", {"t", "b"}, "2", "t = { a = 1, b = 2 } # c\n"},
      {"inline table, nested", "t = {a = {x = 1}}\n", {"t", "a", "y"}, "2", "t = {a = {x = 1, y = 2}}\n"},
      {"inline table, new table in it", "t = {a = 1}\n", {"t", "b", "c"}, "2", "t = {a = 1, b.c = 2}\n"},
      {"empty inline table", "t = {}\n", {"t", "b"}, "2", "t = { b = 2 }\n"},
      {"header-like text in a string",
       "a = \"\"\"\n[t]\n\"\"\"\n",
       {"t", "b"},
       "2",
       "a = \"\"\"\n[t]\n\"\"\"\n\n[t]\nb = 2\n"},
      {"after an array of tables", "[[x]]\na = 1\n", {"t", "b"}, "2", "[[x]]\na = 1\n\n[t]\nb = 2\n"},
      {"escaped key", "\"\\u0061\" = 1\n", {"a"}, "2", "\"\\u0061\" = 2\n"},
  }));
  INFO(row.what);
  CHECK(with(row.before, row.key, row.value) == row.after);
}

TEST_CASE("what was added is taken away without a trace") {
  for (const std::string before : {"", "a = 1\n", "a = 1", "# c\n", "[t]\n  a = 1\n", "[t]\n  a = 1\n\n# z\n[z]\n",
                                   "[t.u]\nb = 2\n\n\n[z]\n\n", "a = 1\r\n\r\n[t]\r\nb = 2\r\n"}) {
    INFO(before);
    CHECK(without(with(before, {"new"}, "1"), {"new"}) == before);
    CHECK(without(with(before, {"new", "b", "c"}, "1"), {"new"}) == before);
    CHECK(without(with(before, {"t", "n", "m"}, "1"), {"t", "n"}) == before);
    if (before.find("[t]") != before.npos) CHECK(without(with(before, {"t", "new"}, "1"), {"t", "new"}) == before);
  }
}

TEST_CASE("removing takes a whole table and nothing of its neighbours") {
  CHECK(without("[t]\na = 1\n\n# u\n[t.u]\nb = 2 # x\n\n[t.u.v]\nc = 3\n\n# w\n[t.w]\nd = 4\n", {"t", "u"}) ==
        "[t]\na = 1\n\n# u\n\n# w\n[t.w]\nd = 4\n");
  CHECK(without("[t.u]\na = 1\n[z]\n[t.u.v]\nb = 2\n", {"t", "u"}) == "[z]\n");
  CHECK(without("t = { a = 1, b = 2, c = 3 }\n", {"t", "b"}) == "t = { a = 1, c = 3 }\n");
  CHECK(without("t = { a = 1 , b = 2,c = 3 }\n", {"t", "b"}) == "t = { a = 1,c = 3 }\n");
  CHECK(without("t = { a = 1,  b = 2 }\n", {"t", "a"}) == "t = { b = 2 }\n");
  CHECK(without("t = { a = 1, b.x = 2, b.y = 3 }\n", {"t", "b"}) == "t = { a = 1 }\n");
  CHECK(without("t = { a = 1 }\n", {"t", "a"}) == "t = {}\n");
  CHECK(without("t = [{\ta.x = 1, a.y = 2}, { a = { b = 1 } }]\nu = { a.b = 1 }\n", {"u", "a", "b"}) ==
        "t = [{\ta.x = 1, a.y = 2}, { a = { b = 1 } }]\nu = {}\n");
  CHECK(without("t.a.x = 1\nt.b = 2\nt.a.y = 3\n", {"t", "a"}) == "t.b = 2\n");
  CHECK(without("[[t.x]]\na = 1\n[[t.x]]\na = 2\n[u]\n", {"t", "x"}) == "[u]\n");
  CHECK(without("a = 1\n", {"b"}) == "a = 1\n");
}

TEST_CASE("a table is copied with its sub-tables, spelling and indentation, without its comments") {
  CHECK(with_copy("[r]\n\n  [r.runc]\n    # why\n    type = 'x' # y\n\n    [r.runc.options]\n      A = [\n        1,\n "
                  "     ]\n\n[z]\n",
                  {"r", "runc"}, "new") ==
        "[r]\n\n  [r.runc]\n    # why\n    type = 'x' # y\n\n    [r.runc.options]\n      A = [\n        1,\n      ]\n"
        "\n  [r.new]\n    type = 'x'\n\n    [r.new.options]\n      A = [\n        1,\n      ]\n\n[z]\n");
  CHECK(with_copy("[r]\nrunc = { type = 'x', options = { A = 1 } } # c\n", {"r", "runc"}, "new") ==
        "[r]\nrunc = { type = 'x', options = { A = 1 } } # c\nnew = { type = 'x', options = { A = 1 } }\n");
  CHECK(with_copy("[r]\nrunc.type = 'x'\nrunc.o.A = 1\nz = 1\n", {"r", "runc"}, "new") ==
        "[r]\nrunc.type = 'x'\nrunc.o.A = 1\nnew.type = 'x'\nnew.o.A = 1\nz = 1\n");
  CHECK(with_copy("r = { runc = { t = 1 }, z = 1 }\n", {"r", "runc"}, "n w") ==
        "r = { runc = { t = 1 }, \"n w\" = { t = 1 }, z = 1 }\n");
  CHECK(with_copy("[r.runc.options]\nA = 1", {"r", "runc"}, "new") ==
        "[r.runc.options]\nA = 1\n[r.new.options]\nA = 1");
}

TEST_CASE("what cannot be done alone is refused, and the text stays") {
  TomlText text("f.toml", "[[t]]\na = 1\n[u]\nb = 2\nc = 3\n");
  const std::string before = text.content();
  CHECK_THROWS_AS(text.set({"t", "a"}, "2"), Error);
  CHECK_THROWS_AS(text.set({"u"}, "2"), Error);
  CHECK_THROWS_AS(text.set({"u", "b", "c"}, "2"), Error);
  CHECK_THROWS_AS(text.set({"x"}, "no value"), Error);
  CHECK_THROWS_AS(text.set({"x"}, "1\ny = 2"), Error);
  CHECK(text.content() == before);
}

TEST_CASE("strings are quoted as the document quotes, where that can hold them") {
  CHECK(toml_quoted("x", "a = 'b'") == "'x'");
  CHECK(toml_quoted("x", "a = \"b\"") == "\"x\"");
  CHECK(toml_quoted("it's", "a = 'b'") == "\"it's\"");
  CHECK(toml_quoted("a\"\\\n", "") == "\"a\\\"\\\\\\u000A\"");
}
