// SPDX-License-Identifier: Apache-2.0
#include "core/text/pattern.h"

#include "catch.h"
#include "core/error.h"

namespace {

struct Row {
  const char* pattern;
  const char* subject;
  bool matches;
};

std::string refusal(std::string pattern) {
  try {
    Pattern(std::move(pattern));
    return "accepted";
  } catch (const Error& error) {
    return error.text;
  }
}

}  // namespace

TEST_CASE("patterns have the dialect of Go's regexp and need not match from the first to the last character") {
  const auto row = GENERATE(values<Row>({
      {"", "anything", true},
      {"sh", "/bin/shell", true},
      {"^sh", "/bin/sh", false},
      {"^/bin/sh$", "/bin/sh", true},
      {"^/bin/sh$", "/bin/shell", false},
      {"^b$", "a\nb", false},
      {"(?m)^b$", "a\nb", true},
      {"a.b", "a\nb", false},
      {"(?s)a.b", "a\nb", true},
      {"(?i)TRUE", "true", true},
      {"^\\d+\\s\\w+$", "12 ab", true},
      {"^\\pL$", "é", true},
      {"^.$", "é", true},
      {"[[:alpha:]]", "1a", true},
      {"^a{1000}$", "a", false},
      {"\\Qa.b\\E", "a.b", true},
      {"\\x41", "A", true},
  }));
  CHECK(Pattern(row.pattern).matches(row.subject) == row.matches);
}

TEST_CASE("what RE2 does not know is refused with the pattern and the reason") {
  CHECK(refusal("[") == "invalid pattern \"[\": missing ]: [");
  CHECK(refusal("(?=x)") == "invalid pattern \"(?=x)\": invalid perl operator: (?=");
  CHECK(refusal("\\1") == "invalid pattern \"\\\\1\": invalid escape sequence: \\1");
  CHECK(refusal("a{1001}") == "invalid pattern \"a{1001}\": invalid repetition size: {1001}");
  CHECK(refusal("\\C") == "invalid pattern \"\\\\C\": invalid escape sequence: \\C");
  CHECK(refusal("a\\\\\\C|b") != "accepted");
  CHECK(refusal("\\Q\\C\\E\\C") != "accepted");
  for (const char* pattern : {"\\\\C", "C", "\\Q\\C\\E", "\\Q\\C", "a{500}b{1000}"})
    CHECK(refusal(pattern) == "accepted");
  CHECK(refusal("(a{100}){11}") != "accepted");
  CHECK(refusal("*") == "invalid pattern \"*\": no argument for repetition operator: *");
  CHECK(refusal("\xff") != "accepted");
}

TEST_CASE("a megabyte that drives backtracking matchers to a standstill is a matter of milliseconds") {
  CHECK_FALSE(Pattern("(a*)*b").matches(std::string(1 << 20, 'a')));
  CHECK_FALSE(Pattern("^(a|aa)+$").matches(std::string(1 << 20, 'a') + 'b'));
}
