// SPDX-License-Identifier: Apache-2.0
#include "core/text/printable.h"

#include "catch.h"
#include "core/text/utf8.h"

TEST_CASE("what a terminal would obey is shown escaped") {
  struct Row {
    const char* text;
    const char* shown;
  };
  const auto row = GENERATE(values<Row>({
      {"\x1b]0;title\x07", "\\u001b]0;title\\u0007"},
      {"\x1b[2J", "\\u001b[2J"},
      {"a\rb\b\x7f", "a\\u000db\\u0008\\u007f"},
      {"\u0085\u009b31m", "\\u0085\\u009b31m"},
      {"\u061c\u200e\u200f", "\\u061c\\u200e\\u200f"},
      {"\u2028\u2029\u202a\u202e", "\\u2028\\u2029\\u202a\\u202e"},
      {"\u2066\u2069", "\\u2066\\u2069"},
      {"\xff\xc2", "\uFFFD\uFFFD"},
      {"plain \u00a0 \u00e9 \u2027 \u2065 \u206a \U0001F600 \"\\",
       "plain \u00a0 \u00e9 \u2027 \u2065 \u206a \U0001F600 \"\\"},
      {"", ""},
  }));
  CHECK(printable(row.text) == row.shown);
  CHECK(printable_line(row.text) == row.shown);
}

TEST_CASE("line breaks and tabs stay in a text, and not in a line") {
  CHECK(printable("a\n\tb\r\nc\n") == "a\n\tb\r\nc\n");
  CHECK(printable_line("a\n\tb\r\nc\n") == "a\\u000a\\u0009b\\u000d\\u000ac\\u000a");
}

TEST_CASE("what is printable stays as it is") {
  const std::string once = printable("a\x1b\u202e\xff\n");
  CHECK(printable(once) == once);
}

TEST_CASE("a message is one line that conmon can read, cut between characters") {
  CHECK(one_line("a\nb") == "a\\u000ab");
  CHECK(one_line(std::string(4000, 'a')) == std::string(4000, 'a'));
  CHECK(one_line(std::string(4001, 'a')) == std::string(4000, 'a') + " ...");
  CHECK(one_line(std::string(100'000, '\x01')).size() < 4010);
  std::string wide = "a";
  for (int i = 0; i < 3000; ++i) wide += "\u00e9";
  const std::string cut = one_line(wide);
  CHECK(valid_utf8(cut) == cut);
}
