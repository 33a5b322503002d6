// SPDX-License-Identifier: Apache-2.0
#include "core/oci/low_level_runtime.h"

#include "core/host/process.h"
#include "core/text/split.h"
#include "in_child.h"
#include "scratch.h"

namespace {

class Path {
 public:
  explicit Path(const char* value) : old_(std::getenv("PATH") == nullptr ? "" : std::getenv("PATH")) {
    if (value == nullptr)
      unsetenv("PATH");
    else
      setenv("PATH", value, 1);
  }
  ~Path() { setenv("PATH", old_.c_str(), 1); }
  Path(const Path&) = delete;
  Path& operator=(const Path&) = delete;

 private:
  std::string old_;
};

std::string why_not(const std::string& candidate) {
  const RuntimeLookup lookup = find_low_level_runtime({candidate});
  CHECK(lookup.path.empty());
  return join(lookup.rejected, "; ");
}

}  // namespace

TEST_CASE("the first candidate that exists and is executable is taken") {
  const Scratch scratch;
  const std::string first = scratch.file("first", "x", 0755);
  const std::string second = scratch.file("second", "x", 0755);
  const RuntimeLookup lookup = find_low_level_runtime({scratch.path("none"), first, second});
  CHECK(lookup.path == first);
  CHECK(lookup.rejected == std::vector<std::string>{scratch.path("none") + ": it does not exist"});
}

TEST_CASE("a candidate that cannot be executed is passed over, and it is said why") {
  const Scratch scratch;
  REQUIRE(symlink("/nowhere/at/all", scratch.path("dangling").c_str()) == 0);
  REQUIRE(symlink("loop", scratch.path("loop").c_str()) == 0);
  REQUIRE(mkfifo(scratch.path("fifo").c_str(), 0777) == 0);
  const std::string plain = scratch.file("plain", "x", 0644);
  CHECK(why_not(scratch.path("none")) == scratch.path("none") + ": it does not exist");
  CHECK(why_not(scratch.path("dangling")) == scratch.path("dangling") + ": it does not exist");
  CHECK(why_not(scratch.path("loop")).find(scratch.path("loop") + ": ") == 0);
  CHECK(why_not(scratch.path()) == scratch.path() + ": it is not a regular file");
  CHECK(why_not(scratch.path("fifo")) == scratch.path("fifo") + ": it is not a regular file");
  CHECK(why_not(plain) == plain + ": it is not executable");
  CHECK(why_not(plain + "/x").find(plain + "/x: ") == 0);
  CHECK(why_not("bin/runc") == "\"bin/runc\": neither a name nor an absolute path");
  CHECK(why_not("./runc") == "\"./runc\": neither a name nor an absolute path");
  CHECK(why_not("") == "\"\": neither a name nor an absolute path");
  CHECK(why_not("no-such-runtime") == "no-such-runtime: it is neither in PATH nor in the usual directories");
}

TEST_CASE("this very binary is never taken, by whatever name") {
  const std::string self = binary_path();
  const std::string directory = self.substr(0, self.rfind('/'));
  const std::string link = directory + "/unit-test-link", hard = directory + "/unit-test-hard";
  unlink(link.c_str());
  unlink(hard.c_str());
  REQUIRE(symlink(self.c_str(), link.c_str()) == 0);
  REQUIRE(::link(self.c_str(), hard.c_str()) == 0);
  for (const std::string& candidate : {self, link, hard})
    CHECK(why_not(candidate) == candidate + ": it is this shim itself");
  const Path path(directory.c_str());
  CHECK(why_not("unit-test-link") == "unit-test-link: " + link + ": it is this shim itself");
  unlink(link.c_str());
  unlink(hard.c_str());
}

TEST_CASE("no candidates, no runtime, and nothing to say") {
  const RuntimeLookup lookup = find_low_level_runtime({});
  CHECK(lookup.path.empty());
  CHECK(lookup.rejected.empty());
}

TEST_CASE("a name is looked up in PATH, then where such programs usually are") {
  const Scratch scratch;
  REQUIRE(mkdir(scratch.path("a").c_str(), 0755) == 0);
  REQUIRE(mkdir(scratch.path("b").c_str(), 0755) == 0);
  scratch.file("a/some-runtime", "x", 0644);
  const std::string runtime = scratch.file("b/some-runtime", "x", 0755);
  const std::string shell = scratch.file("b/sh", "x", 0755);
  const std::string list = scratch.path("a") + "::relative:" + scratch.path("b");
  {
    const Path path(list.c_str());
    const RuntimeLookup lookup = find_low_level_runtime({"some-runtime"});
    CHECK(lookup.path == runtime);
    CHECK(lookup.rejected == std::vector<std::string>{fmt::format("some-runtime: {}: it is not executable",
                                                                  scratch.path("a/some-runtime"))});
    CHECK(find_low_level_runtime({"sh"}).path == shell);
  }
  for (const char* value : {static_cast<const char*>(nullptr), "", ":", "/nowhere", "relative"}) {
    const Path path(value);
    CHECK(access(find_low_level_runtime({"sh"}).path.c_str(), X_OK) == 0);
    CHECK(find_low_level_runtime({"some-runtime"}).path.empty());
  }
}

TEST_CASE("a relative directory in PATH names nothing") {
  const Scratch scratch;
  scratch.file("some-runtime", "x", 0755);
  const auto lookup = [&] {
    if (chdir(scratch.path().c_str()) != 0) return std::string("chdir");
    const Path path(".:");
    return find_low_level_runtime({"some-runtime"}).path;
  };
  CHECK(said_as(0, lookup).empty());
}

TEST_CASE("a candidate is rejected once, however often its directory is listed") {
  const Scratch scratch;
  scratch.file("some-runtime", "x", 0644);
  const Path path((scratch.path() + ":" + scratch.path()).c_str());
  CHECK(find_low_level_runtime({"some-runtime"}).rejected.size() == 1);
}

TEST_CASE("the runtime replaces the process, with the arguments as they came and its path as its name") {
  const Scratch scratch;
  const std::string script = scratch.file("runtime", "#!/bin/sh\nprintf '%s|' \"$0\" \"$@\"\n", 0755);
  int ends[2];
  REQUIRE(pipe(ends) == 0);
  const pid_t child = fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    dup2(ends[1], STDOUT_FILENO);
    std::string name = "shim", option = "--bundle=a b", empty;
    char* argv[] = {name.data(), option.data(), empty.data(), nullptr};
    exec_low_level_runtime(script, argv);
  }
  close(ends[1]);
  char text[512];
  const ssize_t length = read(ends[0], text, sizeof text);
  close(ends[0]);
  waitpid(child, nullptr, 0);
  REQUIRE(length > 0);
  CHECK(std::string(text, static_cast<std::size_t>(length)) == script + "|--bundle=a b||");
}

TEST_CASE("a runtime that cannot be executed is an error that names it") {
  const Scratch scratch;
  const std::string garbage = scratch.file("garbage", "\x7f not a program", 0755);
  std::string name = "shim";
  char* argv[] = {name.data(), nullptr};
  CHECK(message_of([&] { exec_low_level_runtime(garbage, argv); }).find("execute " + garbage + ": ") == 0);
}
