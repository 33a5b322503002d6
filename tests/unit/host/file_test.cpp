// SPDX-License-Identifier: Apache-2.0
#include "core/host/file.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/xattr.h>

#include <climits>
#include <functional>

#include "core/text/split.h"
#include "in_child.h"
#include "scratch.h"

namespace {

constexpr uid_t somebody = 1000;

Replaced replace(const std::string& path, std::string_view content, Durability durability = Durability::rename_only) {
  return replace_file(read_file(path), {content}, durability);
}

std::string sibling_of(const std::string& name) { return "." + name + ".container-hooks"; }

std::string attribute(const std::string& path, const char* name) {
  char value[64];
  const ssize_t length = getxattr(path.c_str(), name, value, sizeof value);
  return length < 0 ? "none" : std::string(value, static_cast<std::size_t>(length));
}

}  // namespace

TEST_CASE("a file is read whole, whatever is in it") {
  const Scratch scratch;
  for (const std::string& content :
       {std::string(), std::string("x"), std::string("a\0b\xff\n", 5), std::string(3'000'000, 'y')}) {
    const File file = read_file(scratch.file("f", content));
    CHECK(file.content == content);
    CHECK(file.path == scratch.path("f"));
    CHECK(file.status->st_size == static_cast<off_t>(content.size()));
  }
  CHECK(read_file("/proc/self/status").content.find("Pid:") != std::string::npos);
}

TEST_CASE("absence is an answer: of the file, of its directory, and of what a link names") {
  const Scratch scratch;
  REQUIRE(symlink("nothing", scratch.path("dangling").c_str()) == 0);
  CHECK_FALSE(read_if_exists(scratch.path("none")));
  CHECK_FALSE(read_if_exists(scratch.path("none/f")));
  CHECK_FALSE(read_if_exists(scratch.path("dangling")));
  CHECK_FALSE(read_if_exists(""));
  CHECK(read_file(scratch.path("none")).directory);
  CHECK_FALSE(read_file(scratch.path("none/f")).directory);
  CHECK(read_if_exists(scratch.file("empty", "")) == std::string());
}

TEST_CASE("what is not a regular file is refused, and nothing waits for a pipe") {
  const Scratch scratch;
  REQUIRE(mkfifo(scratch.path("fifo").c_str(), 0600) == 0);
  REQUIRE(symlink("loop", scratch.path("loop").c_str()) == 0);
  CHECK(message_of([&] { read_file(scratch.path("fifo")); }) ==
        "read " + scratch.path("fifo") + ": it is not a regular file");
  CHECK(message_of([&] { read_file(scratch.path()); }) ==
        "read " + scratch.path() + ": a directory is in its place (EISDIR)");
  CHECK(message_of([&] { read_file("/dev/null"); }) == "read /dev/null: it is not a regular file");
  CHECK(message_of([&] { read_file(scratch.path("loop")); }) == "open " + scratch.path("loop") + ": too many links");
  const std::string file = scratch.file("f", "");
  CHECK(message_of([&] { read_file(file + "/x"); }).find("(ENOTDIR)") != std::string::npos);
  CHECK(message_of([&] { read_file(scratch.path(std::string(300, 'x'))); }).find("open ") == 0);
}

TEST_CASE("a file that may not be read is an error, not absent") {
  const Scratch scratch;
  REQUIRE(chmod(scratch.path().c_str(), 0755) == 0);
  const std::string path = scratch.file("f", "x", 0600);
  CHECK(said_as(somebody, [&] { return message_of([&] { read_if_exists(path); }); }) ==
        "open " + path + ": access refused (EACCES)");
}

TEST_CASE("a file larger than the limit is refused") {
  const Scratch scratch;
  const std::string path = scratch.file("f", "12345");
  CHECK(read_file(path, Trust::not_needed, 5).content == "12345");
  CHECK(message_of([&] { read_file(path, Trust::not_needed, 4); }) == "read " + path + ": it is larger than 4 bytes");
  CHECK(message_of([&] { read_file("/proc/self/status", Trust::not_needed, 4); }) ==
        "read /proc/self/status: it is larger than 4 bytes");
}

TEST_CASE("a replaced file is another one, with the mode, owner and attributes of the old") {
  for (const mode_t mode : {0600u, 0644u, 0400u, 0444u, 0755u, 0000u, 04755u}) {
    const Scratch scratch;
    const std::string path = scratch.file("f", "old");
    REQUIRE(chown(path.c_str(), somebody, 1001) == 0);
    REQUIRE(chmod(path.c_str(), mode) == 0);
    REQUIRE(setxattr(path.c_str(), "user.test", "kept", 4, 0) == 0);
    const struct stat before = status_of_path(path);
    CHECK(replace(path, "new") == Replaced::done);
    const struct stat after = status_of_path(path);
    CHECK(content_of(path) == "new");
    CHECK(after.st_mode == before.st_mode);
    CHECK(after.st_uid == somebody);
    CHECK(after.st_gid == 1001);
    CHECK(after.st_ino != before.st_ino);
    CHECK(attribute(path, "user.test") == "kept");
    CHECK(names_in(scratch.path()) == std::set<std::string>{"f"});
  }
}

TEST_CASE("a new file has the usual mode less the umask") {
  const Scratch scratch;
  const mode_t old_mask = umask(0027);
  CHECK(replace(scratch.path("f"), "new", Durability::synced) == Replaced::done);
  CHECK(umask(old_mask) == 0027);
  CHECK(content_of(scratch.path("f")) == "new");
  CHECK((status_of_path(scratch.path("f")).st_mode & 07777) == 0640);
}

TEST_CASE("content of many pieces arrives whole") {
  const Scratch scratch;
  const std::string path = scratch.file("f", "old");
  std::vector<std::string> pieces;
  for (int i = 0; i < 3 * IOV_MAX; ++i) pieces.push_back(i % 7 == 0 ? "" : std::to_string(i));
  const std::string whole = join(pieces, "");
  CHECK(replace_file(read_file(path), {pieces.begin(), pieces.end()}, Durability::rename_only) == Replaced::done);
  CHECK(content_of(path) == whole);
  CHECK(replace_file(read_file(path), {}, Durability::rename_only) == Replaced::done);
  CHECK(content_of(path).empty());
}

TEST_CASE("a link stays a link, and the file that it leads to is replaced") {
  const Scratch scratch;
  REQUIRE(mkdir(scratch.path("d").c_str(), 0755) == 0);
  const std::string target = scratch.file("d/target", "old");
  REQUIRE(symlink("d/middle", scratch.path("link").c_str()) == 0);
  REQUIRE(symlink("target", scratch.path("d/middle").c_str()) == 0);
  CHECK(replace(scratch.path("link"), "new") == Replaced::done);
  CHECK(content_of(target) == "new");
  CHECK(S_ISLNK(status_of_path(scratch.path("link")).st_mode));
  CHECK(S_ISLNK(status_of_path(scratch.path("d/middle")).st_mode));
  CHECK(names_in(scratch.path("d")) == std::set<std::string>{"middle", "target"});
  CHECK(names_in(scratch.path()) == std::set<std::string>{"d", "link"});
}

TEST_CASE("what a dangling link names is created") {
  const Scratch scratch;
  REQUIRE(symlink("target", scratch.path("link").c_str()) == 0);
  CHECK(replace(scratch.path("link"), "new") == Replaced::done);
  CHECK(S_ISLNK(status_of_path(scratch.path("link")).st_mode));
  CHECK(content_of(scratch.path("target")) == "new");
}

TEST_CASE("another hard link keeps the old content") {
  const Scratch scratch;
  const std::string path = scratch.file("f", "old");
  REQUIRE(link(path.c_str(), scratch.path("other").c_str()) == 0);
  CHECK(replace(path, "new") == Replaced::done);
  CHECK(content_of(path) == "new");
  CHECK(content_of(scratch.path("other")) == "old");
}

TEST_CASE("a file that changed since it was read is left alone") {
  const Scratch scratch;
  const std::string path = scratch.file("f", "old");
  struct Row {
    std::string what;
    std::function<void()> change;
    std::string content;
  };
  const Row rows[] = {
      {"rewritten", [&] { scratch.file("f", "grown!"); }, "grown!"},
      {"replaced", [&] { scratch.file("g", "other"), rename(scratch.path("g").c_str(), path.c_str()); }, "other"},
      {"replaced by us", [&] { replace(path, "ours"); }, "ours"},
  };
  for (const Row& row : rows) {
    INFO(row.what);
    const File file = read_file(path);
    row.change();
    CHECK(replace_file(file, {"new"}, Durability::rename_only) == Replaced::changed_meanwhile);
    CHECK(content_of(path) == row.content);
    CHECK(names_in(scratch.path()) == std::set<std::string>{"f"});
  }
  const File gone = read_file(path);
  unlink(path.c_str());
  CHECK(replace_file(gone, {"new"}, Durability::rename_only) == Replaced::changed_meanwhile);
  const File absent = read_file(path);
  scratch.file("f", "appeared");
  CHECK(replace_file(absent, {"new"}, Durability::rename_only) == Replaced::changed_meanwhile);
  CHECK(content_of(path) == "appeared");
}

TEST_CASE("what a killed writer left is taken over") {
  const Scratch scratch;
  const std::string path = scratch.file("f", "old");
  for (const mode_t mode : {0600u, 0400u, 0000u, 0755u}) {
    scratch.file(sibling_of("f"), "half of something that is longer", mode);
    CHECK(replace(path, "new") == Replaced::done);
    CHECK(content_of(path) == "new");
    CHECK((status_of_path(path).st_mode & 07777) == 0644);
    CHECK(names_in(scratch.path()) == std::set<std::string>{"f"});
  }
}

TEST_CASE("what a killed writer left is taken over when it had the owner of the file already") {
  const Scratch scratch;
  const std::string path = scratch.file("f", "old");
  REQUIRE(chown(path.c_str(), somebody, somebody) == 0);
  const std::string sibling = scratch.file(sibling_of("f"), "half");
  REQUIRE(chown(sibling.c_str(), somebody, somebody) == 0);
  CHECK(message_of([&] { replace(path, "new"); }) == "no error");
  CHECK(content_of(path) == "new");
  CHECK(names_in(scratch.path()) == std::set<std::string>{"f"});
}

TEST_CASE("what a killed writer left is taken over by one without root's rights, too") {
  const Scratch scratch;
  REQUIRE(chown(scratch.path().c_str(), somebody, somebody) == 0);
  for (const std::string& name : {std::string("f"), sibling_of("f")}) {
    const std::string path = scratch.file(name, "old", 0400);
    REQUIRE(chown(path.c_str(), somebody, somebody) == 0);
  }
  CHECK(said_as(somebody, [&] { return message_of([&] { replace(scratch.path("f"), "new"); }); }) == "no error");
  CHECK(content_of(scratch.path("f")) == "new");
  CHECK((status_of_path(scratch.path("f")).st_mode & 07777) == 0400);
  CHECK(names_in(scratch.path()) == std::set<std::string>{"f"});
}

TEST_CASE("what a killed writer left is removed by one who has nothing to write, unless somebody is at work in it") {
  const Scratch scratch;
  const File file = read_file(scratch.file("f", "old"));
  remove_leftover(file);
  CHECK(names_in(scratch.path()) == std::set<std::string>{"f"});
  const std::string sibling = scratch.file(sibling_of("f"), "half");
  {
    const Fd held(open(sibling.c_str(), O_RDONLY));
    REQUIRE(flock(held.number(), LOCK_EX) == 0);
    remove_leftover(file);
    CHECK(content_of(sibling) == "half");
  }
  remove_leftover(file);
  CHECK(names_in(scratch.path()) == std::set<std::string>{"f"});
  REQUIRE(chown(scratch.file(sibling_of("f"), "theirs").c_str(), somebody, somebody) == 0);
  remove_leftover(file);
  CHECK(content_of(sibling) == "theirs");
}

TEST_CASE("what stands in the way and is not ours is refused, and stays") {
  struct Row {
    std::string what;
    std::function<void(const Scratch&, const std::string&)> put;
  };
  const Row rows[] = {
      {"of another user",
       [](const Scratch& scratch, const std::string& name) {
         REQUIRE(chown(scratch.file(name, "theirs").c_str(), somebody, somebody) == 0);
       }},
      {"a hard link",
       [](const Scratch& scratch, const std::string& name) {
         REQUIRE(link(scratch.file("other", "theirs").c_str(), scratch.path(name).c_str()) == 0);
       }},
      {"a link",
       [](const Scratch& scratch, const std::string& name) {
         scratch.file("other", "theirs");
         REQUIRE(symlink("other", scratch.path(name).c_str()) == 0);
       }},
      {"a pipe",
       [](const Scratch& scratch, const std::string& name) { REQUIRE(mkfifo(scratch.path(name).c_str(), 0600) == 0); }},
      {"a directory",
       [](const Scratch& scratch, const std::string& name) { REQUIRE(mkdir(scratch.path(name).c_str(), 0700) == 0); }},
  };
  for (const Row& row : rows) {
    INFO(row.what);
    const Scratch scratch;
    const std::string path = scratch.file("f", "old");
    row.put(scratch, sibling_of("f"));
    const std::set<std::string> before = names_in(scratch.path());
    CHECK(message_of([&] { replace(path, "new"); }).find("replace " + path + ": ") == 0);
    CHECK(content_of(path) == "old");
    CHECK(names_in(scratch.path()) == before);
    if (before.contains("other")) CHECK(content_of(scratch.path("other")) == "theirs");
  }
}

TEST_CASE("a failed write leaves the old file and no litter") {
  const Scratch scratch;
  const std::string path = scratch.file("f", "old");
  const std::string content(100'000, 'x');
  const std::string message = said_as(0, [&] {
    signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{50'000, 50'000};
    setrlimit(RLIMIT_FSIZE, &limit);
    return message_of([&] { replace(path, content); });
  });
  CHECK(message.find("replace " + path + ": write ") == 0);
  CHECK(content_of(path) == "old");
  CHECK(names_in(scratch.path()) == std::set<std::string>{"f"});
}

TEST_CASE("without the right to the directory, or the directory itself, nothing is written") {
  const Scratch scratch;
  REQUIRE(chmod(scratch.path().c_str(), 0755) == 0);
  const std::string path = scratch.file("f", "old", 0666);
  CHECK(said_as(somebody, [&] { return message_of([&] { replace(path, "new"); }); }) ==
        fmt::format("replace {}: create {}: access refused (EACCES)", path, sibling_of("f")));
  CHECK(content_of(path) == "old");
  CHECK(message_of([&] { replace(scratch.path("none/f"), "new"); }) ==
        "create " + scratch.path("none/f") + ": its directory: it does not exist (ENOENT)");
}

TEST_CASE("many writers at once leave the whole content of one, and no litter") {
  const Scratch scratch;
  const std::string path = scratch.file("f", "0");
  constexpr int writers = 64;
  std::vector<pid_t> children;
  for (int i = 0; i < writers; ++i) {
    const pid_t child = fork();
    REQUIRE(child >= 0);
    if (child == 0) {
      // Each adds one to a number that fills the file: a lost or torn write shows in the end.
      for (;;) {
        const File file = read_file(path);
        const std::string number = std::to_string(std::stoi(file.content) + 1);
        const std::string filler(static_cast<std::size_t>(i) * 1000, ' ');
        if (replace_file(file, {number, filler}, Durability::rename_only) == Replaced::done) _exit(0);
      }
    }
    children.push_back(child);
  }
  for (const pid_t child : children) {
    int status = 0;
    REQUIRE(waitpid(child, &status, 0) == child);
    CHECK(status == 0);
  }
  const std::string content = content_of(path);
  CHECK(std::stoi(content) == writers);
  CHECK(content.find_first_not_of(' ', std::to_string(writers).size()) == content.npos);
  CHECK(names_in(scratch.path()) == std::set<std::string>{"f"});
}

TEST_CASE("a file that is named by a descriptor is read as it is open, and never replaced") {
  const Scratch scratch;
  const Fd opened(open(scratch.file("f", "open").c_str(), O_RDONLY));
  REQUIRE(replace(scratch.path("f"), "new") == Replaced::done);
  const std::string path = fmt::format("/proc/self/fd/{}", opened.number());
  REQUIRE(symlink(path.c_str(), scratch.path("link").c_str()) == 0);
  for (const std::string& name : {path, scratch.path("link")}) {
    CHECK(read_file(name).content == "open");
    CHECK(message_of([&] { replace(name, "newer"); }) ==
          "replace " + path + ": it is the link of an open descriptor and would still lead to the old file");
  }
  CHECK(content_of(scratch.path("f")) == "new");
}

TEST_CASE("a lock that is never given back is an error, not a wait without end") {
  const Scratch scratch;
  const std::string path = scratch.file("f", "old");
  const Fd held(open(scratch.file(sibling_of("f"), "").c_str(), O_RDONLY));
  REQUIRE(flock(held.number(), LOCK_SH) == 0);
  CHECK(message_of([&] { replace(path, "new"); }) ==
        "replace " + path + ": another process keeps .f.container-hooks locked");
  CHECK(content_of(path) == "old");
}

TEST_CASE("a descriptor has one owner, who closes it") {
  const int number = open("/dev/null", O_RDONLY);
  {
    Fd first(number);
    Fd second(std::move(first));
    CHECK_FALSE(first);
    CHECK(second.number() == number);
    first = std::move(second);
    CHECK(first.number() == number);
  }
  CHECK(fcntl(number, F_GETFD) == -1);
}
