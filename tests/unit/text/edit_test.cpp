// SPDX-License-Identifier: Apache-2.0
#include "core/text/edit.h"

#include "catch.h"

TEST_CASE("a place is a line and a byte's column, both from 1") {
  struct Row {
    std::string_view text;
    std::size_t offset, line, column;
  };
  constexpr Row rows[] = {
      {"", 0, 1, 1},       {"abc", 0, 1, 1},    {"abc", 2, 1, 3},  {"abc", 3, 1, 4},
      {"abc", 99, 1, 4},   {"a\nb", 1, 1, 2},   {"a\nb", 2, 2, 1}, {"a\r\nb", 3, 2, 1},
      {"\n\n\n", 2, 3, 1}, {"\n\n\n", 3, 4, 1}, {"\tx", 1, 1, 2},  {"\xC3\xA9x", 2, 1, 3},
  };
  for (const Row& row : rows) {
    INFO(row.text << " at " << row.offset);
    CHECK(position_of(row.text, row.offset).line == row.line);
    CHECK(position_of(row.text, row.offset).column == row.column);
  }
}

TEST_CASE("edits insert, replace and remove, and leave the rest") {
  CHECK(::apply("abc", {}) == "abc");
  CHECK(::apply("", {{0, 0, "x"}}) == "x");
  CHECK(::apply("abc", {{0, 0, "<"}, {1, 2, "B!"}, {3, 3, ">"}}) == "<aB!c>");
  CHECK(::apply("abc", {{0, 3, ""}}) == "");
  CHECK(::apply("abc", {{1, 2, ""}}) == "ac");
  CHECK(::apply("abc", {{1, 1, "1"}, {1, 1, "2"}}) == "a12bc");
}

TEST_CASE("pieces are views into the text and the edits") {
  const std::string text = "abc";
  const std::vector<Edit> edits = {{1, 2, "B"}};
  const std::vector<std::string_view> result = pieces(text, edits);
  REQUIRE(result.size() == 3);
  CHECK(result[0].data() == text.data());
  CHECK(result[1].data() == edits[0].replacement.data());
  CHECK(result[2].data() == text.data() + 2);
}
