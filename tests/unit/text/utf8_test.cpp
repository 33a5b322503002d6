// SPDX-License-Identifier: Apache-2.0
#include "core/text/utf8.h"

#include "catch.h"

TEST_CASE("text that is UTF-8 stays as it is") {
  for (const char* text : {"", "plain", "é", "\xEF\xBF\xBD", "\xF4\x8F\xBF\xBF", "a\xE2\x82\xAC z"})
    CHECK(valid_utf8(text) == text);
}

TEST_CASE("each byte that belongs to no character becomes U+FFFD, as in Go") {
  const std::string bad = "\xEF\xBF\xBD";
  CHECK(valid_utf8("a\xFFz") == "a" + bad + "z");
  CHECK(valid_utf8("\xC3") == bad);
  CHECK(valid_utf8("\xE2\x82") == bad + bad);
  CHECK(valid_utf8("\xC0\x80") == bad + bad);
  CHECK(valid_utf8("\xED\xA0\x80") == bad + bad + bad);
  CHECK(valid_utf8("\xF4\x90\x80\x80") == bad + bad + bad + bad);
  CHECK(valid_utf8("\x80\xC3\xA9") == bad + "é");
}

TEST_CASE("text is UTF-8 up to the first byte that belongs to no character") {
  CHECK(valid_prefix("") == 0);
  CHECK(valid_prefix("aé") == 3);
  CHECK(valid_prefix("aé\xFFz") == 3);
  CHECK(valid_prefix("a\xE2\x82") == 1);
  CHECK(valid_prefix("a\xE2\x82\xAC") == 4);
}
