// SPDX-License-Identifier: Apache-2.0
#include "core/host/path.h"

#include <unistd.h>

#include <cstdlib>
#include <utility>
#include <vector>

#include "catch.h"
#include "scratch.h"

namespace {

// The current directory while it lives.
class CurrentDirectory {
 public:
  explicit CurrentDirectory(const std::string& path) : before_(absolute_path(".")) {
    REQUIRE(chdir(path.c_str()) == 0);
  }
  ~CurrentDirectory() { CHECK(chdir(before_.c_str()) == 0); }
  CurrentDirectory(const CurrentDirectory&) = delete;
  CurrentDirectory& operator=(const CurrentDirectory&) = delete;

 private:
  std::string before_;
};

// Variables of the environment while it lives; nullptr: not set.
class Environment {
 public:
  explicit Environment(std::vector<std::pair<const char*, const char*>> variables) {
    for (const auto& [name, value] : variables) {
      const char* before = std::getenv(name);
      before_.emplace_back(name, before ? std::optional<std::string>(before) : std::nullopt);
      set(name, value);
    }
  }
  ~Environment() {
    for (const auto& [name, value] : before_) set(name, value ? value->c_str() : nullptr);
  }
  Environment(const Environment&) = delete;
  Environment& operator=(const Environment&) = delete;

 private:
  static void set(const char* name, const char* value) {
    if (value != nullptr)
      setenv(name, value, 1);
    else
      unsetenv(name);
  }
  std::vector<std::pair<const char*, std::optional<std::string>>> before_;
};

}  // namespace

TEST_CASE("a path has a directory and a base name") {
  struct Row {
    std::string_view path, directory, base;
  };
  const auto row = GENERATE(values<Row>({
      {"/etc/docker/daemon.json", "/etc/docker", "daemon.json"},
      {"/etc", "/", "etc"},
      {"/", "/", ""},
      {"mine.toml", ".", "mine.toml"},
      {"a/b", "a", "b"},
      {"a/", "a", ""},
      {"", ".", ""},
  }));
  CAPTURE(row.path);
  CHECK(directory_of(row.path) == row.directory);
  CHECK(base_name(row.path) == row.base);
}

TEST_CASE("a relative path starts in the current directory, and an absolute one stays") {
  const Scratch scratch;
  const CurrentDirectory here(scratch.path());
  CHECK(absolute_path("mine.toml") == scratch.path("mine.toml"));
  CHECK(absolute_path("./a/b/") == scratch.path("a/b"));
  CHECK(absolute_path("../x") == scratch.path("../x"));  // ".." of what a link leads to is somewhere else
  CHECK(absolute_path(".") == scratch.path());
  CHECK(absolute_path("/a//b/./c/") == "/a/b/c");
  CHECK(absolute_path("/") == "/");
  CHECK(absolute_path("").empty());
}

TEST_CASE("a relative path in the root directory has one slash") {
  const CurrentDirectory here("/");
  CHECK(absolute_path("etc") == "/etc");
  CHECK(absolute_path(".") == "/");
}

TEST_CASE("a relative path in a directory that was removed is an error") {
  const Scratch scratch;
  const std::string gone = scratch.path("gone");
  REQUIRE(mkdir(gone.c_str(), 0755) == 0);
  const CurrentDirectory here(scratch.path());
  REQUIRE(chdir(gone.c_str()) == 0);
  REQUIRE(rmdir(gone.c_str()) == 0);
  CHECK(message_of([] { absolute_path("x"); }) == "find the current directory: it does not exist (ENOENT)");
  REQUIRE(chdir(scratch.path().c_str()) == 0);
}

TEST_CASE("a canonical path has no links, whichever way it is reached") {
  const Scratch scratch;
  const CurrentDirectory here(scratch.path());
  REQUIRE(mkdir("real", 0755) == 0);
  scratch.file("real/file", "");
  REQUIRE(symlink("real", "link") == 0);
  REQUIRE(symlink("file", "real/also") == 0);
  for (const char* path : {"real/file", "link/file", "link/also", "./real/../link//also", "link/./file"})
    CHECK(canonical_path(path) == scratch.path("real/file"));
}

TEST_CASE("what does not exist yet has a canonical path, too, and keeps it when it is there") {
  const Scratch scratch;
  const CurrentDirectory here(scratch.path());
  REQUIRE(mkdir("real", 0755) == 0);
  REQUIRE(symlink("real", "link") == 0);
  REQUIRE(symlink("real/later", "dangling") == 0);
  CHECK(canonical_path("link/later") == scratch.path("real/later"));
  CHECK(canonical_path("dangling") == scratch.path("real/later"));
  CHECK(canonical_path("link/a/b") == scratch.path("real/a/b"));
  CHECK(canonical_path("link/a/../b") == scratch.path("real/b"));
  scratch.file("real/later", "");
  CHECK(canonical_path("dangling") == scratch.path("real/later"));
}

TEST_CASE("a loop of links and a file on the way have no canonical path") {
  const Scratch scratch;
  const CurrentDirectory here(scratch.path());
  REQUIRE(symlink("b", "a") == 0);
  REQUIRE(symlink("a", "b") == 0);
  scratch.file("file", "");
  CHECK(message_of([] { canonical_path("a"); }).find("(ELOOP)") != std::string::npos);
  CHECK(message_of([] { canonical_path("a/x"); }).find("(ELOOP)") != std::string::npos);
  CHECK(message_of([] { canonical_path("file/x"); }).find("(ENOTDIR)") != std::string::npos);
}

TEST_CASE("only a link has a target") {
  const Scratch scratch;
  REQUIRE(symlink("../nowhere", scratch.path("link").c_str()) == 0);
  CHECK(link_target(scratch.path("link")) == "../nowhere");
  CHECK_FALSE(link_target(scratch.file("file", "")));
  CHECK_FALSE(link_target(scratch.path("missing")));
}

TEST_CASE("a hard link is the same file, a copy is another") {
  const Scratch scratch;
  const std::string file = scratch.file("file", "x");
  const std::string copy = scratch.file("copy", "x");
  const std::string linked = scratch.path("linked");
  REQUIRE(link(file.c_str(), linked.c_str()) == 0);
  CHECK(is_same_file(status_of_path(file), status_of_path(linked)));
  CHECK_FALSE(is_same_file(status_of_path(file), status_of_path(copy)));
}

TEST_CASE("a user's files are where XDG says, else below HOME, else nowhere") {
  struct Row {
    const char *xdg, *home;
    std::optional<std::string> directory;
  };
  const auto row = GENERATE(values<Row>({
      {"/x", "/home/me", "/x"},
      {nullptr, "/home/me", "/home/me/.config"},
      {"", "/home/me", "/home/me/.config"},
      {"relative", "/home/me", "/home/me/.config"},
      {nullptr, "relative", std::nullopt},
      {nullptr, "", std::nullopt},
      {nullptr, nullptr, std::nullopt},
      {"/x", nullptr, "/x"},
  }));
  const Environment environment({{"XDG_CONFIG_HOME", row.xdg}, {"HOME", row.home}});
  CHECK(user_directory(UserFiles::config) == row.directory);
}

TEST_CASE("a user's state has a directory of its own") {
  const Environment environment({{"XDG_STATE_HOME", nullptr}, {"XDG_CONFIG_HOME", "/x"}, {"HOME", "/home/me"}});
  CHECK(require_user_directory(UserFiles::state) == "/home/me/.local/state");
}

TEST_CASE("where no user's directory is known, the error names what would tell it") {
  const Environment environment({{"XDG_STATE_HOME", nullptr}, {"HOME", nullptr}});
  CHECK(message_of([] { require_user_directory(UserFiles::state); }) ==
        "find the directory of this user's files: neither $XDG_STATE_HOME nor $HOME is an absolute path");
}
