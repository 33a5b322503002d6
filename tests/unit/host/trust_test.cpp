// SPDX-License-Identifier: Apache-2.0
#include "core/host/trust.h"

#include <fcntl.h>
#include <sched.h>
#include <sys/xattr.h>

#include "core/host/file.h"
#include "in_child.h"
#include "scratch.h"

namespace {

constexpr uid_t somebody = 1000;

// Each in a process of its own: who trusts a directory does not look at it again.
std::string refusal_of(const std::string& path) {
  return said_as(0, [&] { return message_of([&] { read_file(path, Trust::required); }); });
}

void make_directory(const std::string& path, uid_t owner, mode_t mode, gid_t group = 0) {
  REQUIRE(mkdir(path.c_str(), 0700) == 0);
  REQUIRE(chown(path.c_str(), owner, group) == 0);
  REQUIRE(chmod(path.c_str(), mode) == 0);
}

void make_link(const std::string& target, const std::string& path, uid_t owner) {
  REQUIRE(symlink(target.c_str(), path.c_str()) == 0);
  REQUIRE(lchown(path.c_str(), owner, 0) == 0);
}

// What is looked at, in the directory of a row or where its link there leads.
struct Kind {
  const char* name;
  bool is_missing;
  void (*require)(const std::string& path);
};

constexpr Kind kinds[] = {
    {"file", false, [](const std::string& path) { read_file(path, Trust::required); }},
    {"program", false,
     [](const std::string& path) {
       if (const auto refusal = program_refusal(path)) throw Error(*refusal);
     }},
    {"missing file", true, [](const std::string& path) { read_file(path, Trust::required); }},
    {"missing directory", true, [](const std::string& path) { require_trusted_directory(path); }},
};

struct Owner {
  const char* name;
  uid_t user;
  gid_t group;
  mode_t mode;
  bool is_trusted;         // as a file
  bool keeps_roots_files;  // as a directory: what root has in it stays
  bool keeps_names;        // as a directory: nobody else makes anything in it
};

constexpr Owner owners[] = {
    {"root 0755", 0, 0, 0755, true, true, true},
    {"root 0775", 0, 0, 0775, true, true, true},
    {"root 0775, group 1000", 0, somebody, 0775, false, false, false},
    {"root 0777", 0, 0, 0777, false, false, false},
    {"root 1777", 0, 0, 01777, false, true, false},
    {"1000 0755", somebody, 0, 0755, false, false, false},
};

struct Link {
  const char* name;
  bool exists;
  uid_t owner;
};

constexpr Link links[] = {{"none", false, 0}, {"of root", true, 0}, {"of 1000", true, somebody}};

// One row of the table of trust.
struct Row {
  const Kind& kind;
  const Owner& directory;
  const Link& link;
  const Owner& target;

  bool is_refused() const {
    if (!directory.keeps_roots_files || (link.exists && link.owner != 0)) return true;
    if (kind.is_missing) return !link.exists && !directory.keeps_names;  // where the link leads nobody else can make it
    return !target.is_trusted;
  }
  std::string outcome() const {
    const Scratch scratch;
    const std::string here = scratch.path("here");
    const std::string there = link.exists ? scratch.path("there") : here;
    make_directory(here, directory.user, directory.mode, directory.group);
    if (link.exists) {
      make_directory(there, 0, 0755);
      make_link("../there/it", here + "/it", link.owner);
    }
    if (!kind.is_missing) {
      const std::string path = scratch.file((link.exists ? "there" : "here") + std::string("/it"), "x");
      REQUIRE(chown(path.c_str(), target.user, target.group) == 0);
      REQUIRE(chmod(path.c_str(), target.mode) == 0);
    }
    return said_as(0, [&] { return message_of([&] { kind.require(here + "/it"); }); });
  }
};

template <class Visitor>
void for_each_row(Visitor visit) {
  for (const Kind& kind : kinds)
    for (const Owner& directory : owners)
      for (const Link& link : links)
        for (const Owner& target : owners)
          if (!kind.is_missing || &target == owners) visit(Row{kind, directory, link, target});
}

}  // namespace

TEST_CASE("the table of trust: owner, mode, link, directory, kind of file") {
  for_each_row([](const Row& row) {
    const std::string outcome = row.outcome();
    INFO(fmt::format("{}, directory {}, link {}, {}: {}", row.kind.name, row.directory.name, row.link.name,
                     row.target.name, outcome));
    CHECK(outcome.starts_with("refuse ") == row.is_refused());
    CHECK((outcome == "no error") != row.is_refused());
  });
}

TEST_CASE("prints the table of trust", "[.table]") {
  for_each_row([](const Row& row) {
    fmt::print("| {} | {} | {} | {} | {} |\n", row.kind.name, row.directory.name, row.link.name,
               row.kind.is_missing ? "-" : row.target.name, row.is_refused() ? "refused" : "trusted");
  });
}

TEST_CASE("a directory of hooks must be root's alone, and no sticky one") {
  for (const Owner& owner : owners) {
    const Scratch scratch;
    make_directory(scratch.path("hooks.d"), owner.user, owner.mode, owner.group);
    INFO(owner.name);
    const std::string outcome =
        said_as(0, [&] { return message_of([&] { require_trusted_directory(scratch.path("hooks.d")); }); });
    CHECK((outcome == "no error") == owner.keeps_names);
    CHECK(outcome.starts_with("refuse the directory " + scratch.path("hooks.d")) != owner.keeps_names);
  }
}

TEST_CASE("the refusal says how to mend it: of a file, a directory and a link") {
  const Scratch scratch;
  const std::string path = scratch.file("f", "x", 0666);
  CHECK(refusal_of(path) ==
        "refuse " + path +
            ": users other than root can write it (mode 0666), and it decides what runs as root (to fix "
            "it: chmod go-w " +
            path + ")");
  REQUIRE(chown(path.c_str(), somebody, 0) == 0);
  CHECK(refusal_of(path) == "refuse " + path +
                                ": it belongs to user 1000, and it decides what runs as root (to fix it: chown root " +
                                path + ")");
  const std::string directory = scratch.path("d");
  make_directory(directory, somebody, 0755);
  CHECK(refusal_of(directory + "/f") ==
        "refuse the directory " + directory +
            ": it belongs to user 1000, and it decides what runs as root (to fix it: chown root " + directory + ")");
  make_link("d", scratch.path("l"), somebody);
  CHECK(refusal_of(scratch.path("l/f")) ==
        "refuse the link " + scratch.path("l") +
            ": it belongs to user 1000, and it decides what runs as root (to fix it: chown -h root " +
            scratch.path("l") + ")");
  make_directory(scratch.path("sticky"), 0, 01777);
  CHECK(refusal_of(scratch.path("sticky/f")) == "refuse " + scratch.path("sticky/f") +
                                                    ": it does not exist, and users other than root can create it in " +
                                                    scratch.path("sticky") + " (mode 1777)");
}

TEST_CASE("each directory above counts, also one that the path does not name") {
  const Scratch scratch;
  for (const char* directory : {"above", "above/mine", "above/mine/hooks.d"})
    make_directory(scratch.path(directory), 0, 0755);
  scratch.file("above/mine/hooks.d/f", "x");
  make_link("above/mine/hooks.d", scratch.path("linked"), 0);
  const std::string paths[] = {scratch.path("above/mine/hooks.d/f"), scratch.path("linked/f"),
                               scratch.path("linked/../hooks.d/./f"), scratch.path("above/../linked//f")};
  for (const std::string& path : paths) CHECK(refusal_of(path) == "no error");
  REQUIRE(chown(scratch.path("above").c_str(), 0, somebody) == 0);
  REQUIRE(chmod(scratch.path("above").c_str(), 0775) == 0);
  for (const std::string& path : paths)
    CHECK(refusal_of(path).starts_with("refuse the directory " + scratch.path("above") +
                                       ": users other than root can write"));
}

TEST_CASE("a directory that a user removes does not make a refused file a missing one") {
  const Scratch scratch;
  make_directory(scratch.path("sticky"), 0, 01777);
  make_directory(scratch.path("sticky/u"), somebody, 0755);
  scratch.file("sticky/u/hooks.json", "{}");
  const std::string path = scratch.path("sticky/u/hooks.json");
  CHECK(refusal_of(path).starts_with("refuse the directory "));
  REQUIRE(unlink(path.c_str()) == 0);
  CHECK(refusal_of(path).starts_with("refuse the directory "));
  REQUIRE(rmdir(scratch.path("sticky/u").c_str()) == 0);
  CHECK(refusal_of(path).starts_with("refuse " + scratch.path("sticky/u") + ": it does not exist"));
}

TEST_CASE("a link of a user is refused wherever it stands on the way, and wherever it leads") {
  const Scratch scratch;
  make_directory(scratch.path("mine"), 0, 0755);
  scratch.file("mine/f", "x");
  make_link("mine", scratch.path("current"), somebody);
  make_link("current/f", scratch.path("through"), 0);
  for (const char* name : {"current/f", "current/none", "through"})
    CHECK(refusal_of(scratch.path(name))
              .starts_with("refuse the link " + scratch.path("current") + ": it belongs to user 1000"));
  CHECK(refusal_of(scratch.path("mine/f")) == "no error");
  make_link("loop", scratch.path("loop"), 0);
  CHECK(refusal_of(scratch.path("loop")) == "open " + scratch.path("loop") + ": too many links");
}

TEST_CASE("each directory is looked at once") {
  const Scratch scratch;
  make_directory(scratch.path("d"), 0, 0755);
  scratch.file("d/f", "x");
  CHECK(said_as(0, [&] {
          return message_of([&] {
            read_file(scratch.path("d/f"), Trust::required);
            REQUIRE(chmod(scratch.path("d").c_str(), 0777) == 0);  // only root can
            read_file(scratch.path("d/f"), Trust::required);
          });
        }) == "no error");
  CHECK(refusal_of(scratch.path("d/f")).starts_with("refuse the directory "));
}

TEST_CASE("a mounted file system is trusted as far as its links lead in it, and the way to it counts") {
  const Scratch scratch;
  for (const char* directory : {"image", "image/etc", "image/opt"}) make_directory(scratch.path(directory), 0, 0755);
  scratch.file("image/opt/f", "x");
  make_link("/opt", scratch.path("image/etc/d"), 0);
  make_link("image", scratch.path("mnt"), 0);
  const auto refusal = [&](const std::string& root) {
    return said_as(0, [&] { return message_of([&] { read_file({root, "/etc/d/f"}, Trust::required); }); });
  };
  CHECK(refusal(scratch.path("image")) == "no error");
  CHECK(refusal(scratch.path("mnt")) == "no error");
  REQUIRE(lchown(scratch.path("mnt").c_str(), somebody, 0) == 0);
  CHECK(refusal(scratch.path("mnt")).starts_with("refuse the link " + scratch.path("mnt")));
  REQUIRE(lchown(scratch.path("image/etc/d").c_str(), somebody, 0) == 0);
  CHECK(refusal(scratch.path("image")).starts_with("refuse the link " + scratch.path("image/etc/d")));
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
  CHECK(refusal_of(path).starts_with("refuse " + path + ": users other than root can write it (mode 0664)"));
}

TEST_CASE("what root hands over by a descriptor is judged by the file alone") {
  const Scratch scratch;
  const Fd mine(open(scratch.file("f", "x").c_str(), O_RDONLY));
  CHECK(refusal_of(fmt::format("/proc/self/fd/{}", mine.number())) == "no error");
  REQUIRE(fchown(mine.number(), somebody, 0) == 0);
  CHECK(refusal_of(fmt::format("/dev/fd/{}", mine.number())).find(": it belongs to user 1000") != std::string::npos);
}

TEST_CASE("who is not root trusts what is there") {
  const Scratch scratch;
  REQUIRE(chmod(scratch.path().c_str(), 0777) == 0);
  const std::string path = scratch.file("f", "x", 0666);
  CHECK(said_as(somebody, [&] { return message_of([&] { read_file(path, Trust::required); }); }) == "no error");
}

namespace {

// What root of a user namespace says; map: as in user_namespaces(7).
template <class Body>
std::string said_in_namespace(const std::string& map, Body&& body) {
  int ready[2];
  int mapped[2];
  REQUIRE(pipe(ready) == 0);
  REQUIRE(pipe(mapped) == 0);
  const pid_t mapper = fork();
  REQUIRE(mapper >= 0);
  if (mapper == 0) {
    close(ready[1]);  // so that nothing comes where there is no child
    pid_t child = 0;
    if (read(ready[0], &child, sizeof child) != sizeof child) _exit(1);
    for (const char* file : {"uid_map", "gid_map"}) {
      const Fd out(open(fmt::format("/proc/{}/{}", child, file).c_str(), O_WRONLY));
      if (write(out.number(), map.data(), map.size()) != static_cast<ssize_t>(map.size())) _exit(1);
    }
    _exit(write(mapped[1], "", 1) == 1 ? 0 : 1);
  }
  const std::string result = said_as(0, [&]() -> std::string {
    if (unshare(CLONE_NEWUSER) != 0) return "no user namespaces";
    const pid_t self = getpid();
    char byte;
    if (write(ready[1], &self, sizeof self) != sizeof self || read(mapped[0], &byte, 1) != 1) return "not mapped";
    if (setgid(0) != 0 || setuid(0) != 0) return "not root there";
    return body();
  });
  for (const int end : {ready[0], ready[1], mapped[0], mapped[1]}) close(end);
  waitpid(mapper, nullptr, 0);
  return result;
}

}  // namespace

TEST_CASE("root of a user namespace trusts the host's root and itself, and no user of the namespace") {
  if (const std::string said = said_in_namespace("0 0 65534\n", [] { return "yes"; }); said != "yes") {
    WARN("not tested: " << said);  // in a chroot, say
    return;
  }
  const Scratch scratch;
  REQUIRE(chmod(scratch.path().c_str(), 0755) == 0);
  struct Case {
    uid_t owner;
    mode_t mode;
    bool all_mapped;  // trusted where 0 to 65535 are mapped to themselves
    bool shifted;     // where 0 is the host's 1000, 1 its 100000, and no more than 1000 of them
  };
  for (const Case& row : {Case{0, 0644, true, true}, Case{0, 0666, false, false}, Case{1000, 0644, false, true},
                          Case{1000, 0666, false, false}, Case{100000, 0644, true, false}}) {
    const std::string path = scratch.file("f", "x");
    REQUIRE(chown(path.c_str(), row.owner, 0) == 0);
    REQUIRE(chmod(path.c_str(), row.mode) == 0);
    const auto refusal = [&] { return message_of([&] { read_file(path, Trust::required); }); };
    INFO(fmt::format("owner {} mode {:o}", row.owner, row.mode));
    CHECK((said_in_namespace("0 0 65534\n", refusal) == "no error") == row.all_mapped);
    CHECK((said_in_namespace("0 1000 1\n1 100000 1000\n", refusal) == "no error") == row.shifted);
    CHECK(said_in_namespace("0 0 65534\n", refusal).find("not ") == std::string::npos);
  }
}
