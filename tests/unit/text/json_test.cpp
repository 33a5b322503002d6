// SPDX-License-Identifier: Apache-2.0
#include "core/text/json.h"

#include "catch.h"
#include "core/text/json_text.h"

TEST_CASE("any bytes can be quoted, and read again") {
  std::string every;
  for (int c = 0; c < 256; ++c) every += static_cast<char>(c);
  const JsonText text("f", json_quoted(every));
  CHECK(text.string(text.root()) == every);
}

TEST_CASE("an object is written in one line") {
  CHECK(json_object({}) == "{}");
  CHECK(json_object({{"a", "1"}, {"b\n", "null"}}) == R"({"a":1,"b\u000a":null})");
}
