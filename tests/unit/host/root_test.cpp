// SPDX-License-Identifier: Apache-2.0
#include "core/host/root.h"

#include <unistd.h>

#include <cstdlib>

#include "catch.h"
#include "core/error.h"
#include "core/host/file.h"

namespace {

// An image with a link for each way out.
struct Image {
  Image() {
    char name[] = "/tmp/container-hooks-root-XXXXXX";
    path = mkdtemp(name);
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
  ~Image() {
    if (std::system(("rm -rf " + path).c_str()) != 0) std::abort();
  }
  void link(const char* target, const std::string& name) const {
    if (symlink(target, (path + name).c_str()) != 0) std::abort();
  }

  std::string path;
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
