// SPDX-License-Identifier: Apache-2.0
#include "core/text/position.h"

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

TEST_CASE("an error names the file, and the place in its text") {
  CHECK(error_at("f.json", "{\n \"a\": 1}", 8, "no").text == "f.json:2:7: no");
}
