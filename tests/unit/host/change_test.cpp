// SPDX-License-Identifier: Apache-2.0
#include "core/host/change.h"

#include "core/host/directory.h"
#include "scratch.h"

namespace {

Change to(const std::string& path, std::optional<std::string> after) {
  Change change = file_change("", path);
  change.after = std::move(after);
  return change;
}

}  // namespace

TEST_CASE("changes that nobody keeps are taken back, the last one first") {
  const Scratch scratch;
  const std::string path = scratch.file("a", "one", 0640);
  const Change first = to(path, "two");
  const Change removed = to(scratch.file("b", "there", 0600), std::nullopt);
  const Change added = to(scratch.path("new/c"), "added");
  std::optional<Change> again;
  {
    Transaction transaction;
    for (const Change* change : {&first, &removed, &added}) transaction.carry_out(*change);
    transaction.carry_out(again.emplace(to(path, "three")));
    CHECK(content_of(path) == "three");
    CHECK(names_in(scratch.path()) == std::set<std::string>{"a", "new"});
  }
  CHECK(content_of(path) == "one");
  CHECK((status_of_path(path).st_mode & 0777) == 0640);
  CHECK(content_of(scratch.path("b")) == "there");
  CHECK(names_in(scratch.path("new")).empty());
}

TEST_CASE("changes that are kept stay") {
  const Scratch scratch;
  const Change change = to(scratch.file("a", "old"), "new");
  {
    Transaction transaction;
    transaction.carry_out(change);
    transaction.keep();
  }
  CHECK(content_of(change.path) == "new");
}

TEST_CASE("what somebody else has changed since is not taken back") {
  const Scratch scratch;
  const Change change = to(scratch.file("a", "old"), "ours");
  const Change link = link_change("", scratch.path("link"), "ours");
  {
    Transaction transaction;
    transaction.carry_out(change);
    transaction.carry_out(link);
    scratch.file("a", "theirs");
    replace_link(scratch.path("link"), "theirs");
  }
  CHECK(content_of(scratch.path("a")) == "theirs");
  CHECK(link_target(scratch.path("link")) == "theirs");
}

TEST_CASE("a change of what is no longer as it was read is refused") {
  const Scratch scratch;
  const Change change = to(scratch.file("a", "old"), "ours");
  const Change link = link_change("", scratch.path("link"), "ours");
  replace_file(read_file(scratch.path("a")), {"theirs"}, Durability::rename_only);
  replace_link(scratch.path("link"), "theirs");
  Transaction transaction;
  CHECK(message_of([&] { transaction.carry_out(change); }) ==
        "write " + scratch.path("a") + ": another process has changed it in the meantime; try again");
  CHECK(message_of([&] { transaction.carry_out(link); }) ==
        "write " + scratch.path("link") + ": another process has changed it in the meantime; try again");
}

TEST_CASE("a file in a link's place is refused, or replaced and put back") {
  const Scratch scratch;
  const std::string path = scratch.file("a", "old", 0711);
  CHECK(message_of([&] { link_change("", path, "target"); }) == path + " is in the way: it is not a link");
  const Change change = link_change_over_file("", path, "target");
  {
    Transaction transaction;
    transaction.carry_out(change);
    CHECK(link_target(path) == "target");
  }
  CHECK(content_of(path) == "old");
  CHECK((status_of_path(path).st_mode & 0777) == 0711);
}

TEST_CASE("a file's mode alone is a change when a mode is asked for") {
  const Scratch scratch;
  Change change = to(scratch.file("a", "same", 0600), "same");
  CHECK_FALSE(change.is_needed());
  change.mode = 0600;
  CHECK_FALSE(change.is_needed());
  change.mode = 0755;
  CHECK(change.is_needed());
  {
    Transaction transaction;
    transaction.carry_out(change);
    CHECK((status_of_path(scratch.path("a")).st_mode & 0777) == 0755);
  }
  CHECK((status_of_path(scratch.path("a")).st_mode & 0777) == 0600);
}
