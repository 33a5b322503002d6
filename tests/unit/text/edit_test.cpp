// SPDX-License-Identifier: Apache-2.0
#include "core/text/edit.h"

#include "catch.h"

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
