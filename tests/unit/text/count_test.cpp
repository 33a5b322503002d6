// SPDX-License-Identifier: Apache-2.0
#include "core/text/count.h"

#include "catch.h"

TEST_CASE("one thing has no s, and none has one") {
  CHECK(counted(0, "hook") == "0 hooks");
  CHECK(counted(1, "hook") == "1 hook");
  CHECK(counted(2, "hook") == "2 hooks");
}
