// SPDX-License-Identifier: Apache-2.0
#include "core/text/lower_case.h"

#include "catch.h"

TEST_CASE("letters of every script become small, character by character") {
  struct Row {
    const char* text;
    const char* small;
  };
  const auto row = GENERATE(values<Row>({
      {"", ""},
      {"01-UPPERCASE.json", "01-uppercase.json"},
      {"ÀÉÖØÞ÷×ß", "àéöøþ÷×ß"},
      {"ĀāĪIJĹŽŸſ", "āāīijĺžÿſ"},
      {"İıK", "iık"},  // a dotted I, a dotless i, the Kelvin sign
      {"ΑΣΩΣ", "ασωσ"},
      {"ЀЯЁѠ", "ѐяёѡ"},
      {"ႠᲐẞⅧⒶ", "ⴀაßⅷⓐ"},
      {"𐐀𐓐𞤀", "𐐨𐓸𞤢"},
      {"日本語 🐳", "日本語 🐳"},
      {"A\xFF\xC3", "a\uFFFD\uFFFD"},
  }));
  CHECK(in_lower_case(row.text) == row.small);
}
