// SPDX-License-Identifier: Apache-2.0
#include "core/toolkit/install.h"

#include <sys/stat.h>

#include "core/host/directory.h"
#include "scratch.h"

namespace {

// A bindir in an image, and a binary to install there.
struct Host {
  Host() { create_directories(path("image/usr/bin")); }

  std::string path(const std::string& name) const { return scratch.path(name); }
  std::string in_bindir(std::string_view name) const { return path("image/usr/bin/" + std::string(name)); }
  void put(const std::string& name, const std::string& content, mode_t mode = 0755) const {
    scratch.file("image/usr/bin/" + name, content, mode);
  }
  std::set<std::string> names() const { return names_in(path("image/usr/bin")); }
  mode_t mode_of(std::string_view name) const { return status_of_path(in_bindir(name)).st_mode & 07777; }

  Scratch scratch;
  InstallRequest request = {scratch.file("new", "new binary", 0600), "/usr/bin", path("image")};
};

const std::set<std::string> all = {"container-hooks", "container-hooks-ctk", "container-hooks-runtime",
                                   "container-hooks-toolkit"};

}  // namespace

TEST_CASE("installed are the binary, executable, and a relative link for each role") {
  const Host host;
  carry_out(plan_install(host.request));
  CHECK(host.names() == all);
  CHECK(content_of(host.in_bindir(toolkit_name)) == "new binary");
  CHECK((host.mode_of(toolkit_name) & 0700) == 0700);
  for (const std::string_view role : role_names) CHECK(link_target(host.in_bindir(role)) == toolkit_name);
}

TEST_CASE("what is installed already needs no change, but for a mode that is not an executable's") {
  const Host host;
  carry_out(plan_install(host.request));
  REQUIRE(chmod(host.in_bindir(toolkit_name).c_str(), 0755) == 0);
  CHECK_FALSE(plan_install(host.request).is_needed());
  REQUIRE(chmod(host.in_bindir(toolkit_name).c_str(), 0640) == 0);
  const Plan plan = plan_install(host.request);
  CHECK(plan.is_needed());
  carry_out(plan);
  CHECK(host.mode_of(toolkit_name) == 0755);
}

TEST_CASE("an install that fails half way leaves every file as it was") {
  const Host host;
  host.put("container-hooks-toolkit", "old binary", 0700);
  host.put("container-hooks", "a program of its own", 0711);
  replace_link(host.in_bindir("container-hooks-ctk"), "elsewhere");
  const Plan plan = plan_install(host.request);
  create_directories(host.in_bindir("container-hooks-runtime"));  // since the plan was made
  CHECK(message_of([&] { carry_out(plan); }).find("container-hooks-runtime") != std::string::npos);
  CHECK(content_of(host.in_bindir("container-hooks-toolkit")) == "old binary");
  CHECK(host.mode_of("container-hooks-toolkit") == 0700);
  CHECK(content_of(host.in_bindir("container-hooks")) == "a program of its own");
  CHECK(host.mode_of("container-hooks") == 0711);
  CHECK(link_target(host.in_bindir("container-hooks-ctk")) == "elsewhere");
  CHECK(host.names() == all);
}

TEST_CASE("what is in the way of a link is told before anything is written") {
  const Host host;
  host.put("container-hooks-toolkit", "old binary");
  create_directories(host.in_bindir("container-hooks-runtime"));
  CHECK(message_of([&] { plan_install(host.request); }).find("/usr/bin/container-hooks-runtime") != std::string::npos);
  CHECK(content_of(host.in_bindir("container-hooks-toolkit")) == "old binary");
}

TEST_CASE("uninstall removes what install made and the links of profiles, and nothing that leads elsewhere") {
  const Host host;
  carry_out(plan_install(host.request));
  replace_link(host.in_bindir("container-hooks-runtime.secure"), "container-hooks-runtime");
  replace_link(host.in_bindir("container-hooks-runtime.other"), "/opt/other/runtime");
  replace_link(host.in_bindir("container-hooks"), "/opt/other/hooks");
  const Plan plan = plan_uninstall(host.request);
  CHECK(plan.changes.back().path == "/usr/bin/container-hooks-toolkit");
  carry_out(plan);
  CHECK(host.names() == std::set<std::string>{"container-hooks", "container-hooks-runtime.other"});
  CHECK_FALSE(plan_uninstall(host.request).is_needed());
}

TEST_CASE("a link in the binary's place is removed, not what it leads to") {
  const Host host;
  replace_link(host.in_bindir(toolkit_name), "/usr/bin/elsewhere");
  host.put("elsewhere", "theirs");
  carry_out(plan_uninstall(host.request));
  CHECK(host.names() == std::set<std::string>{"elsewhere"});
}
