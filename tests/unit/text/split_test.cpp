// SPDX-License-Identifier: Apache-2.0
#include "core/text/split.h"

#include "catch.h"

using Items = std::vector<std::string_view>;

TEST_CASE("a list is split at its separators") {
  struct Row {
    std::string_view list;
    Items items;
  };
  const auto [list, items] = GENERATE(values<Row>({
      {"", {}},
      {"a", {"a"}},
      {"a,b", {"a", "b"}},
      {"a b,c", {"a b", "c"}},
      {",a", {"", "a"}},
      {"a,,b", {"a", "", "b"}},
      {"a,", {"a"}},
      {",", {""}},
  }));
  CHECK(split(list, ',') == items);
}

TEST_CASE("an item that is taken leaves the rest of the list") {
  std::string_view list = "/bin:/usr/bin";
  CHECK(take_item(list, ':') == "/bin");
  CHECK(list == "/usr/bin");
  CHECK(take_item(list, ':') == "/usr/bin");
  CHECK(list.empty());
  CHECK(take_item(list, ':').empty());
}

TEST_CASE("words are what stands between blanks, however many there are") {
  CHECK(words("") == Items());
  CHECK(words("  ") == Items());
  CHECK(words("systemctl restart docker") == Items{"systemctl", "restart", "docker"});
  CHECK(words("  a   b ") == Items{"a", "b"});
}

TEST_CASE("joined items are split into the same items") {
  CHECK(join(Items{}, ",").empty());
  CHECK(join(Items{"a"}, ", ") == "a");
  CHECK(join(Items{"a", "b"}, ", ") == "a, b");
  CHECK(split(join(Items{"a", "", "b"}, ","), ',') == Items{"a", "", "b"});
}
