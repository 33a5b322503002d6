// SPDX-License-Identifier: Apache-2.0
#include "core/setup/provided_files.h"

#include "core/host/directory.h"
#include "scratch.h"

namespace {

constexpr std::string_view directory = "image/etc/container-hooks/hooks.d";
constexpr std::string_view a_hook =
    R"({"version":"1.0.0","hook":{"path":"/bin/true"},"when":{"always":true},"stages":["poststop"]})";
constexpr std::string_view another =
    R"({"version":"1.0.0","hook":{"path":"/bin/true","args":["true","x"]},"when":{"always":true},"stages":["poststop"]})";

// An image that has /bin/true, and a directory of hooks to provide to it.
struct Host {
  Host() {
    create_directories(scratch.path("image/bin"));
    create_directories(scratch.path("from"));
    scratch.file("image/bin/true", "#!/bin/sh\n", 0755);
  }

  ProvidedFiles wanted() const { return {scratch.path("image"), "", scratch.path("from")}; }
  void offer(const std::string& name, std::string_view content = a_hook) const {
    scratch.file("from/" + name, content);
  }
  void withdraw(const std::string& name) const { REQUIRE(unlink(scratch.path("from/" + name).c_str()) == 0); }
  std::string in_hooks(const std::string& name) const { return scratch.path(directory) + '/' + name; }
  std::set<std::string> hooks() const { return names_in(scratch.path(directory)); }
  void put(const std::string& name, std::string_view content) const {
    create_directories(scratch.path(directory));
    scratch.file(std::string(directory) + '/' + name, content);
  }
  void provide() const { carry_out(plan_files(wanted())); }
  Plan take_back() const {
    Plan plan = plan_taking_files_back(scratch.path("image"));
    carry_out(plan);
    return plan;
  }

  Scratch scratch;
};

using Names = std::set<std::string>;

}  // namespace

TEST_CASE("provided hooks are copied, and a second time there is nothing to do") {
  const Host host;
  host.offer("a.json");
  host.offer("b.json", another);
  host.offer("README", "no hooks");
  host.provide();
  CHECK(host.hooks() == Names{"a.json", "b.json"});
  CHECK(content_of(host.in_hooks("b.json")) == another);
  CHECK_FALSE(plan_files(host.wanted()).is_needed());
}

TEST_CASE("a hook that is no longer provided goes, and one that others put there stays") {
  const Host host;
  host.put("operator.json", another);
  host.offer("a.json");
  host.offer("b.json");
  host.provide();
  host.withdraw("a.json");
  host.provide();
  CHECK(host.hooks() == Names{"b.json", "operator.json"});
}

TEST_CASE("what provided hooks replaced comes back, byte for byte, when they go and with the undo") {
  const Host host;
  const std::string mine =
      "{ \"version\": \"1.0.0\" ,\"hook\":{\"path\":\"/bin/true\"},\"when\":{\"always\":true},\"stages\":[]}\n";
  for (const bool by_undo : {false, true}) {
    host.put("a.json", mine);
    host.offer("a.json");
    host.provide();
    REQUIRE(content_of(host.in_hooks("a.json")) == a_hook);
    host.offer("a.json", another);
    host.provide();
    REQUIRE(content_of(host.in_hooks("a.json")) == another);
    if (by_undo) {
      host.take_back();
    } else {
      host.withdraw("a.json");
      host.provide();
    }
    CHECK(content_of(host.in_hooks("a.json")) == mine);
  }
}

TEST_CASE("the undo leaves what somebody has edited since, and says so") {
  const Host host;
  host.offer("a.json");
  host.offer("b.json");
  host.provide();
  host.put("a.json", another);
  const Plan plan = host.take_back();
  REQUIRE(plan.notes.size() == 1);
  CHECK(plan.notes.front() == host.in_hooks("a.json") + " has been edited since, and stays");
  CHECK(host.hooks() == Names{"a.json"});
  CHECK_FALSE(plan_taking_files_back(host.scratch.path("image")).is_needed());
}

TEST_CASE("a file of hooks that the shim would refuse is refused before anything is written") {
  const Host host;
  host.offer("a.json");
  host.offer("b.json",
             R"({"version":"1.0.0","hook":{"path":"/opt/nope"},"when":{"always":true},"stages":["poststop"]})");
  CHECK(message_of([&] { plan_files(host.wanted()); }).find("/opt/nope") != std::string::npos);
  host.offer("b.json", "{");
  CHECK(message_of([&] { plan_files(host.wanted()); }).find("from/b.json:1:") != std::string::npos);
  CHECK(host.hooks().empty());
}

TEST_CASE("a directory of hooks that is not there is refused: it does not mean that all hooks shall go") {
  const Host host;
  host.offer("a.json");
  host.provide();
  ProvidedFiles wanted = host.wanted();
  wanted.hooks_directory += "/nope";
  CHECK(message_of([&] { plan_files(wanted); }).find("it does not exist") != std::string::npos);
  CHECK(host.hooks() == Names{"a.json"});
}

TEST_CASE("config.toml is written with the defaults where there is none, and otherwise only when one is given") {
  const Host host;
  host.provide();
  const std::string path = host.scratch.path("image/etc/container-hooks/config.toml");
  CHECK(content_of(path).find("log-level") != std::string::npos);
  const std::string mine = "[container-hooks]\nsandbox = true\n";
  host.scratch.file("image/etc/container-hooks/config.toml", mine);
  CHECK_FALSE(plan_files(host.wanted()).is_needed());
  ProvidedFiles wanted = host.wanted();
  wanted.config = host.scratch.file("given.toml", "[container-hooks]\nsandbox = false\n");
  carry_out(plan_files(wanted));
  CHECK(content_of(path) == "[container-hooks]\nsandbox = false\n");
  wanted.config = host.scratch.file("given.toml", "[container-hooks]\nsandbox = 5\n");
  CHECK(message_of([&] { plan_files(wanted); }).find("given.toml:2:") != std::string::npos);
}

TEST_CASE("the toolkit goes again only where there was none before setup") {
  const Host host;
  const std::string image = host.scratch.path("image");
  create_directories(image + "/usr/bin");
  carry_out(plan_toolkit(image));
  CHECK(names_in(image + "/usr/bin").size() == 4);
  CHECK_FALSE(plan_toolkit(image).is_needed());
  carry_out(plan_taking_toolkit_back(image));
  CHECK(names_in(image + "/usr/bin").empty());

  host.scratch.file("image/usr/bin/container-hooks-toolkit", "a package's", 0755);
  carry_out(plan_toolkit(image));
  const Plan plan = plan_taking_toolkit_back(image);
  CHECK_FALSE(plan.is_needed());
  REQUIRE(plan.notes.size() == 1);
  CHECK(plan.notes.front().find("was there before setup") != std::string::npos);
}
