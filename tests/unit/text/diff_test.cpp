// SPDX-License-Identifier: Apache-2.0
#include "core/text/diff.h"

#include "catch.h"

TEST_CASE("a diff shows what changed with three lines around it") {
  CHECK(unified_diff("a", "same\n", "b", "same\n").empty());
  CHECK(unified_diff("/dev/null", "", "b", "1\n2\n") == "--- /dev/null\n+++ b\n@@ -0,0 +1,2 @@\n+1\n+2\n");
  CHECK(unified_diff("a", "1\n2\n3\n4\n5\n6\n7\n8\n9\n", "b", "1\n2\n3\n4\nx\n6\n7\n8\n9\n") ==
        "--- a\n+++ b\n@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+x\n 6\n 7\n 8\n");
  CHECK(unified_diff("a", "1", "b", "1\n") == "--- a\n+++ b\n@@ -1 +1 @@\n-1\n\\ No newline at end of file\n+1\n");
}

TEST_CASE("changes that are far apart are hunks of their own, near ones share one") {
  const std::string before = "1\n2\n3\n4\n5\n6\n7\n8\n9\n";
  CHECK(unified_diff("a", before, "b", "0\n" + before + "10\n") ==
        "--- a\n+++ b\n@@ -1,3 +1,4 @@\n+0\n 1\n 2\n 3\n@@ -7,3 +8,4 @@\n 7\n 8\n 9\n+10\n");
  CHECK(unified_diff("a", "1\n2\n3\n", "b", "0\n1\n2\n3\n4\n") ==
        "--- a\n+++ b\n@@ -1,3 +1,5 @@\n+0\n 1\n 2\n 3\n+4\n");
}

TEST_CASE("lines that are equal before the change are not compared, also where it is among equal ones") {
  CHECK(unified_diff("a", "x\nx\nx\n", "b", "x\nx\nx\nx\n") == "--- a\n+++ b\n@@ -1,3 +1,4 @@\n x\n x\n x\n+x\n");
  CHECK(unified_diff("a", "x\ny\nx\n", "b", "x\n") == "--- a\n+++ b\n@@ -1,3 +1 @@\n x\n-y\n-x\n");
  CHECK(unified_diff("a", "[a]\nx\n\n[c]\n", "b", "[a]\nx\n\n[b]\nx\n\n[c]\n") ==
        "--- a\n+++ b\n@@ -1,4 +1,7 @@\n [a]\n x\n \n+[b]\n+x\n+\n [c]\n");
}
