// SPDX-License-Identifier: Apache-2.0
#include <unistd.h>

#include "catch.h"
#include "core/error.h"
#include "engine_root.h"

namespace {

constexpr const char* enabled = "/etc/systemd/system/multi-user.target.wants/";
constexpr const char* k3s_directory = "/var/lib/rancher/k3s/agent/etc/containerd/";

std::string place_with(const std::string& main) {
  const EngineRoot root;
  root.write(std::string(k3s_directory) + "config.toml", main);
  return Place(k3s, root.path(), "", "").target.substr(std::string(k3s_directory).size());
}

std::string imports(const std::string& pattern) { return "imports = [\"" + pattern + "\"]\n"; }

}  // namespace

TEST_CASE("a distribution's service is the agent's where that is enabled") {
  const EngineRoot root;
  for (const auto& [engine, server, agent] : {std::tuple(&k3s, "systemctl restart k3s", "k3s-agent"),
                                              {&rke2, "systemctl restart rke2-server", "rke2-agent"}}) {
    CHECK(reload_of(*engine, root.path()) == server);
    create_directories(root.path() + enabled);
    const std::string link = root.path() + enabled + agent + ".service";
    REQUIRE(symlink("/nowhere", link.c_str()) == 0);
    CHECK(reload_of(*engine, root.path()) == std::string("systemctl restart ") + agent);
  }
  CHECK(reload_of(docker, root.path()) == "systemctl reload docker");
  CHECK(reload_of(k0s, root.path()).empty());
}

TEST_CASE("k3s: the place is what its own file imports, or else the template of that version") {
  const std::string directory = k3s_directory;
  CHECK(place_with("version = 3\n" + imports(directory + "config-v3.toml.d/*.toml")) ==
        "config-v3.toml.d/container-hooks.toml");
  CHECK(place_with("version = 2\n" + imports(directory + "config.toml.d/*.toml")) ==
        "config.toml.d/container-hooks.toml");
  CHECK(place_with("version = 3\n" + imports("/etc/containerd/conf.d/*.toml")) == "config-v3.toml.tmpl");
  CHECK(place_with("version = 3\n" + imports(directory + "config-v3.toml.d/99-*.toml")) == "config-v3.toml.tmpl");
  CHECK(place_with("version = 3\n") == "config-v3.toml.tmpl");
  CHECK(place_with("version = 2\nimports = []\n") == "config.toml.tmpl");
}

TEST_CASE("before a distribution has started nothing is made for it") {
  for (const Engine* engine : {&k3s, &rke2, &k0s, &microk8s}) {
    INFO(engine->name);
    const EngineRoot root;
    CHECK_THROWS_WITH(configure_engine(request(root, *engine)),
                      ContainsSubstring(own_file(*engine) + ": ") && ContainsSubstring("start the service once first"));
    CHECK_FALSE(root.read(own_file(*engine)));
  }
}

TEST_CASE("k3s: what it has written and cannot be read stops with its place") {
  CHECK_THROWS_WITH(place_with("version = 3\n["), ContainsSubstring("config.toml:2:"));
  CHECK_THROWS_WITH(place_with("version = \"3\"\n"),
                    ContainsSubstring("config.toml:1:11: version: an integer is expected here"));
  CHECK_THROWS_WITH(place_with("imports = 3\n"), ContainsSubstring("imports: an array of strings is expected here"));
}
