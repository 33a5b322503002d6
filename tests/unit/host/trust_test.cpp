// SPDX-License-Identifier: Apache-2.0
#include "core/host/trust.h"

#include <sys/xattr.h>

#include "core/host/file.h"
#include "in_child.h"
#include "scratch.h"

namespace {

constexpr uid_t somebody = 1000;

std::string refusal_of(const std::string& path) {
  return message_of([&] { read_file(path, Trust::required); });
}

}  // namespace

TEST_CASE("what decides what runs as root must be root's alone") {
  struct Row {
    uid_t owner;
    gid_t group;
    mode_t mode;
    std::string_view refused_for;  // nothing: it is trusted
  };
  constexpr Row rows[] = {
      {0, 0, 0644, ""},
      {0, 0, 0600, ""},
      {0, 0, 0664, ""},
      {0, somebody, 0644, ""},
      {0, somebody, 0664, "others than root can write it (mode 0664)"},
      {0, 0, 0666, "others than root can write it (mode 0666)"},
      {0, 0, 0602, "others than root can write it (mode 0602)"},
      {0, 0, 01666, "others than root can write it (mode 1666)"},
      {somebody, 0, 0644, "it belongs to user 1000"},
      {somebody, 0, 0400, "it belongs to user 1000"},
  };
  for (const Row& row : rows) {
    const Scratch scratch;
    const std::string path = scratch.file("f", "x");
    REQUIRE(chown(path.c_str(), row.owner, row.group) == 0);
    REQUIRE(chmod(path.c_str(), row.mode) == 0);
    INFO(fmt::format("owner {} group {} mode {:o}", row.owner, row.group, row.mode));
    const std::string message = refusal_of(path);
    if (row.refused_for.empty()) CHECK(message == "no error");
    if (!row.refused_for.empty()) CHECK(message.find(fmt::format("refuse {}: {}", path, row.refused_for)) == 0);
    CHECK(message_of([&] { read_file(path); }) == "no error");
  }
}

TEST_CASE("the refusal says how to mend it") {
  const Scratch scratch;
  const std::string path = scratch.file("f", "x", 0666);
  CHECK(refusal_of(path).ends_with("(mend it: chmod go-w " + path + ")"));
  REQUIRE(chown(path.c_str(), somebody, 0) == 0);
  CHECK(refusal_of(path).ends_with("(mend it: chown root " + path + ")"));
}

TEST_CASE("a directory that others can write makes its files untrusted, but for one like /tmp") {
  const Scratch scratch;
  const std::string path = scratch.file("f", "x");
  REQUIRE(chmod(scratch.path().c_str(), 0777) == 0);
  CHECK(refusal_of(path).find("refuse " + scratch.path() + ": others than root can write it (mode 0777)") == 0);
  REQUIRE(chmod(scratch.path().c_str(), 01777) == 0);
  CHECK(refusal_of(path) == "no error");
  REQUIRE(chmod(scratch.path().c_str(), 0755) == 0);
  REQUIRE(chown(scratch.path().c_str(), somebody, 0) == 0);
  CHECK(refusal_of(path).find("refuse " + scratch.path() + ": it belongs to user 1000") == 0);
}

TEST_CASE("so does each directory above, also one that the path does not name") {
  const Scratch scratch;
  for (const char* directory : {"above", "above/mine", "above/mine/hooks.d"})
    REQUIRE(mkdir(scratch.path(directory).c_str(), 0755) == 0);
  scratch.file("above/mine/hooks.d/f", "x");
  REQUIRE(symlink("above/mine/hooks.d", scratch.path("linked").c_str()) == 0);
  const std::string paths[] = {scratch.path("above/mine/hooks.d/f"), scratch.path("linked/f")};
  for (const std::string& path : paths) CHECK(refusal_of(path) == "no error");
  REQUIRE(chmod(scratch.path("above").c_str(), 0775) == 0);
  REQUIRE(chown(scratch.path("above").c_str(), 0, somebody) == 0);
  for (const std::string& path : paths)
    CHECK(refusal_of(path).find("refuse " + scratch.path("above") + ": others than root can write it") == 0);
}

TEST_CASE("an access control list makes what the group of root can write untrusted") {
  // acl(5) in the kernel's form: owner rw, user 1000 rw, group r, mask rw, others r.
  constexpr unsigned char list[] = {2, 0,    0,    0,    1,    0,    6,    0, 0xff, 0xff, 0xff, 0xff, 2,    0,    6,
                                    0, 0xe8, 3,    0,    0,    4,    0,    4, 0,    0xff, 0xff, 0xff, 0xff, 0x10, 0,
                                    6, 0,    0xff, 0xff, 0xff, 0xff, 0x20, 0, 4,    0,    0xff, 0xff, 0xff, 0xff};
  const Scratch scratch;
  const std::string path = scratch.file("f", "x");
  if (setxattr(path.c_str(), "system.posix_acl_access", list, sizeof list, 0) != 0) {
    CHECK(errno == ENOTSUP);  // a file system without them
    return;
  }
  CHECK(refusal_of(path).find("refuse " + path + ": others than root can write it (mode 0664)") == 0);
}

TEST_CASE("a link must be trusted where it stands and where it leads") {
  const Scratch scratch;
  REQUIRE(mkdir(scratch.path("open").c_str(), 0755) == 0);
  REQUIRE(chmod(scratch.path("open").c_str(), 0777) == 0);
  scratch.file("open/f", "x");
  scratch.file("f", "x");
  REQUIRE(symlink("open/f", scratch.path("out").c_str()) == 0);
  REQUIRE(symlink("../f", scratch.path("open/in").c_str()) == 0);
  CHECK(refusal_of(scratch.path("out")).find("refuse " + scratch.path("open")) == 0);
  CHECK(refusal_of(scratch.path("open/in")).find("refuse " + scratch.path("open")) == 0);
  CHECK(refusal_of(scratch.path("f")) == "no error");
}

TEST_CASE("who is not root trusts what is there") {
  const Scratch scratch;
  REQUIRE(chmod(scratch.path().c_str(), 0777) == 0);
  const std::string path = scratch.file("f", "x", 0666);
  CHECK(said_as(somebody, [&] { return refusal_of(path); }) == "no error");
}
