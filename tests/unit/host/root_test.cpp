// SPDX-License-Identifier: Apache-2.0
#include "core/host/root.h"

#include <fcntl.h>
#include <linux/filter.h>
#include <linux/fs.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstddef>
#include <cstdlib>

#include "core/error.h"
#include "core/host/directory.h"
#include "core/host/file.h"
#include "in_child.h"
#include "scratch.h"

namespace {

// An image with a link for each way out.
struct Image {
  Image() {
    create_directories(path + "/etc/docker");
    create_directories(path + "/usr/bin");
    link("/etc/passwd", "/etc/absolute");
    link("../../../../../../etc/passwd", "/etc/climbing");
    link("passwd", "/etc/relative");
    link("absolute", "/etc/twice");
    link("/etc", "/directory");
    link("usr/bin", "/bin");
    link("loop", "/etc/loop");
    link("/", "/etc/docker/top");
  }
  void link(const char* target, const std::string& name) const { REQUIRE(symlink(target, (path + name).c_str()) == 0); }

  Scratch scratch;
  const std::string& path = scratch.path();
};

}  // namespace

TEST_CASE("links of a mounted file system lead to places in it") {
  const Image image;
  struct Case {
    const char* path;
    const char* place;
  };
  for (const Case& c : {
           Case{"/etc/docker/daemon.json", "/etc/docker/daemon.json"},
           Case{"/etc/absolute", "/etc/passwd"},
           Case{"/etc/climbing", "/etc/passwd"},
           Case{"/etc/relative", "/etc/passwd"},
           Case{"/etc/twice", "/etc/passwd"},
           Case{"/directory/docker/x", "/etc/docker/x"},
           Case{"/directory/absolute/", "/etc/passwd"},
           Case{"/bin/container-hooks", "/usr/bin/container-hooks"},
           Case{"/etc/docker/top/etc/docker/top/bin/x", "/usr/bin/x"},
           Case{"/missing/../../../etc/./absolute", "/etc/passwd"},
           Case{"/../..", ""},
           Case{"relative/x", "/relative/x"},
       }) {
    INFO(c.path);
    CHECK(in_root(image.path, c.path) == image.path + c.place);
  }
}

TEST_CASE("a link itself is found where its directory leads") {
  const Image image;
  CHECK(link_in_root(image.path, "/etc/absolute") == image.path + "/etc/absolute");
  CHECK(link_in_root(image.path, "/directory/absolute") == image.path + "/etc/absolute");
  CHECK(link_in_root("", "/etc/mtab") == "/etc/mtab");
}

TEST_CASE("links in a circle are an error, and without a root the kernel follows them") {
  const Image image;
  CHECK_THROWS_AS(in_root(image.path, "/etc/loop"), Error);
  CHECK(in_root("", image.path + "/etc/loop") == image.path + "/etc/loop");
}

namespace {

// As on a kernel before 5.6, or below a seccomp profile from then.
void forbid_openat2(unsigned error_number) {
  sock_filter program[] = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_openat2, 0, 1),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | error_number),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };
  const sock_fprog filter = {4, program};
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter) != 0)
    std::abort();
}

// With openat2(2), and without it.
constexpr unsigned openat2_errors[] = {0, ENOSYS, EPERM, EAGAIN};

template <class Body>
std::string said_with(unsigned openat2_error, Body&& body) {
  return said_as(0, [&]() -> std::string {
    if (openat2_error != 0) forbid_openat2(openat2_error);
    return body();
  });
}

std::string opened(const RootedPath& path, int flags = 0) {
  const Fd found = open_path(path, flags);
  if (!found) return fmt::format("errno {}", errno);
  char name[PATH_MAX];
  const ssize_t length = readlink(fmt::format("/proc/self/fd/{}", found.number()).c_str(), name, sizeof name);
  return std::string(name, static_cast<std::size_t>(length));
}

}  // namespace

TEST_CASE("what is opened in a root is in it, with openat2 and without") {
  const Image image;
  create_directories(image.path + "/etc/passwd");
  struct Case {
    const char* path;
    const char* place;
  };
  for (const unsigned error_number : openat2_errors)
    for (const Case& c : {
             Case{"/etc/docker", "/etc/docker"},
             Case{"/etc/absolute", "/etc/passwd"},
             Case{"/etc/climbing", "/etc/passwd"},
             Case{"/etc/relative", "/etc/passwd"},
             Case{"/etc/twice", "/etc/passwd"},
             Case{"/directory/docker/", "/etc/docker"},
             Case{"/directory/absolute/", "/etc/passwd"},
             Case{"/etc/docker/top/etc/docker/top/bin", "/usr/bin"},
             Case{"/directory/..", ""},
             Case{"/bin/../bin", "/usr/bin"},
             Case{"/../..", ""},
             Case{"", ""},
             Case{"/", ""},
             Case{"etc/./docker", "/etc/docker"},
         }) {
      INFO(fmt::format("{}, openat2: {}", c.path, error_number));
      CHECK(said_with(error_number, [&] { return opened({image.path, c.path}); }) == image.path + c.place);
      CHECK(said_with(error_number, [&] { return opened({image.path, c.path}, O_DIRECTORY); }) == image.path + c.place);
    }
}

TEST_CASE("what cannot be opened in a root says why, with openat2 and without") {
  const Image image;
  std::fclose(std::fopen((image.path + "/etc/file").c_str(), "w"));
  struct Case {
    const char* path;
    int error_number;
  };
  for (const unsigned error_number : openat2_errors)
    for (const Case& c : {Case{"/none", ENOENT}, Case{"/none/../etc", ENOENT}, Case{"/etc/file/x", ENOTDIR},
                          Case{"/etc/file", ENOTDIR}}) {
      INFO(fmt::format("{}, openat2: {}", c.path, error_number));
      CHECK(said_with(error_number, [&] {
              return opened({image.path, c.path}, O_DIRECTORY);
            }) == fmt::format("errno {}", c.error_number));
    }
  CHECK(opened({image.path + "/none", "/etc"}) == fmt::format("errno {}", ENOENT));
}

TEST_CASE("files, links and directories are made, replaced and removed in the root") {
  for (const unsigned error_number : openat2_errors) {
    const Image image;
    image.link("/data/missing", "/etc/dangling");
    INFO(error_number);
    CHECK(said_with(error_number, [&]() -> std::string {
            return message_of([&] {
              const RootedPath file(image.path, "/directory/docker/daemon.json");
              create_directories({image.path, "/etc/dangling/deep"});
              replace_file(read_file(file), {"new"}, Durability::synced);
              replace_link({image.path, "/bin/link"}, "target");
              if (read_if_exists(file) != "new") throw Error("not read back");
              if (link_target({image.path, "/bin/link"}) != "target") throw Error("not a link");
              if (file_names_in({image.path, "/directory/docker"}) != std::vector<std::string>{"daemon.json", "top"})
                throw Error("other names");
              if (remove_if_unchanged(read_file(file)) != Replaced::done || remove_if_exists(file))
                throw Error("not removed");
            });
          }) == "no error");
    CHECK(names_in(image.path + "/data/missing") == std::set<std::string>{"deep"});
    CHECK(names_in(image.path + "/usr/bin") == std::set<std::string>{"link"});
    CHECK(names_in(image.path + "/etc/docker") == std::set<std::string>{"top"});
  }
}

namespace {

// Exchanges two names until it dies with this object.
class Racer {
 public:
  Racer(uid_t user, const std::string& a, const std::string& b) : pid_(fork()) {
    REQUIRE(pid_ >= 0);
    if (pid_ > 0) return;
    if (setgid(user) != 0 || setuid(user) != 0) _exit(1);
    while (syscall(SYS_renameat2, AT_FDCWD, a.c_str(), AT_FDCWD, b.c_str(), RENAME_EXCHANGE) == 0) {
    }
    _exit(1);
  }
  ~Racer() {
    kill(pid_, SIGKILL);
    int status = 0;
    waitpid(pid_, &status, 0);
    CHECK(WIFSIGNALED(status));  // it was at work all the time
  }
  Racer(const Racer&) = delete;
  Racer& operator=(const Racer&) = delete;

 private:
  pid_t pid_;
};

}  // namespace

TEST_CASE("who exchanges a directory of a mounted file system with a link leads nobody out of it") {
  constexpr uid_t somebody = 1000;
  for (const unsigned error_number : {0u, static_cast<unsigned>(ENOSYS)}) {
    const Scratch scratch;
    REQUIRE(chmod(scratch.path().c_str(), 0755) == 0);
    const RootedPath directory(scratch.path("image"), "/etc/docker");
    const std::string etc = scratch.path("image/etc");
    create_directories(directory);
    create_directories(scratch.path("outside"));
    scratch.file("outside/daemon.json", "theirs");
    scratch.file("outside/old.json", "theirs");
    REQUIRE(symlink(scratch.path("outside").c_str(), (etc + "/link").c_str()) == 0);
    REQUIRE(chown(etc.c_str(), somebody, somebody) == 0);
    REQUIRE(chown((etc + "/docker").c_str(), somebody, somebody) == 0);
    const Racer racer(somebody, etc + "/docker", etc + "/link");
    INFO(error_number);
    CHECK(said_with(error_number, [&]() -> std::string {
            for (int round = 0; round < 1000; ++round) {
              message_of([&] { create_directories(directory / "made"); });
              message_of([&] { replace_file(read_file(directory / "daemon.json"), {"new"}, Durability::rename_only); });
              message_of([&] { replace_link(directory / "link", "target"); });
              message_of([&] { remove_if_exists(directory / "old.json"); });
              message_of([&] { remove_if_unchanged(read_file(directory / "old.json")); });
              std::string read;
              message_of([&] { read = read_if_exists(directory / "daemon.json").value_or(""); });
              if (read == "theirs") return "read outside";
            }
            return "";
          }) == "");
    CHECK(names_in(scratch.path("outside")) == std::set<std::string>{"daemon.json", "old.json"});
    CHECK(content_of(scratch.path("outside/daemon.json")) == "theirs");
  }
}
