// SPDX-License-Identifier: Apache-2.0
#include "core/host/directory.h"

#include <set>

#include "catch.h"
#include "scratch.h"

TEST_CASE("a directory gives each of its entries once") {
  const Scratch scratch;
  scratch.file("a", "");
  scratch.file(".b", "");
  auto directory = Directory::open_if_exists(scratch.path());
  REQUIRE(directory);
  std::multiset<std::string> names;
  while (const dirent* entry = directory->next()) names.insert(entry->d_name);
  CHECK(names == std::multiset<std::string>{".", "..", ".b", "a"});
  CHECK(directory->next() == nullptr);
}

TEST_CASE("a directory that does not exist is an answer, one that cannot be read an error") {
  const Scratch scratch;
  CHECK_FALSE(Directory::open_if_exists(scratch.path("missing")));
  const std::string file = scratch.file("file", "");
  CHECK(message_of([&] { Directory::open_if_exists(file); }) ==
        "read the directory " + file + ": a part of the path is a file (ENOTDIR)");
}
