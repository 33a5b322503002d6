// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "catch.h"
#include "core/engine/plan.h"
#include "core/error.h"
#include "core/host/directory.h"
#include "core/host/file.h"
#include "core/text/split.h"
#include "engine_root.h"

namespace {

using Root = EngineRoot;

struct Case {
  const Engine* engine;
  std::string file;
  std::string content;
};

std::vector<Case> cases() {
  const std::string rich =
      "{\n  \"z\": 12345678901234567890,\n  \"e\": 1e3,\n\n  \"default-runtime\": \"nvidia\",\n"
      "  \"runtimes\": {\n    \"nvidia\": {\"path\": \"/n\", \"runtimeArgs\": [\"-x\"]}\n  },\n  \"a\": [ ]\n}\n";
  std::vector<Case> result = {
      {&docker, daemon_json, rich},
      {&docker, daemon_json, "{}"},
      {&docker, daemon_json, ""},
      {&docker, daemon_json, "{\"runtimes\":{}}"},
      {&docker, daemon_json, "{\r\n\t\"debug\": true\r\n}\r\n"},
      {&containerd, config_toml, ""},
      {&containerd, config_toml, "version = 2"},
      {&containerd, config_toml, "[plugins.cri.containerd]\ndefault_runtime_name = \"crun\"\n"},
      {&containerd, config_toml,
       "version = "
       "2\r\n[plugins.'io.containerd.grpc.v1.cri'.containerd]\r\n[plugins.'io.containerd.grpc.v1.cri'.containerd."
       "runtimes]\r\nrunc = { runtime_type = 'io.containerd.runc.v2', options = { SystemdCgroup = true } }\r\n"},
      {&containerd, config_toml,
       "version = 3\nplugins.'io.containerd.cri.v1.runtime'.containerd.default_runtime_name = 'runc'\n"},
      {&crio, "/etc/crio/crio.conf.d/99-container-hooks.conf", "# mine\n"},
      {&podman, "/etc/containers/containers.conf.d/99-container-hooks.conf", "[engine]\nruntime = \"crun\"\n"},
  };
  for (const std::string version : {"1", "2", "3", "4"}) {
    for (const std::string name :
         {"containerd-1.6-default-v2.toml", "containerd-2.1-default-v3.toml", "debian-12-containerd.toml"}) {
      std::string content = corpus(name);
      content.replace(content.find("version = ") + 10, 1, version);
      result.push_back({&containerd, config_toml, content});
    }
  }
  result.push_back({&crio, "/etc/crio/crio.conf.d/99-container-hooks.conf", corpus("crio-1.37-default.conf")});
  return result;
}

}  // namespace

TEST_CASE("configure, and unconfigure gives the file back byte for byte") {
  for (const Case& c : cases()) {
    for (const bool as_default : {false, true}) {
      INFO(c.engine->name << '\n' << c.content);
      const Root root;
      root.write(c.file, c.content);
      configure_engine(request(root, *c.engine, as_default));
      const auto once = root.read(c.file);
      CHECK(once != c.content);
      CHECK(files(configure_engine(request(root, *c.engine, as_default))) == 0);
      CHECK(root.read(c.file) == once);
      configure_engine(request(root, *c.engine, true));
      CHECK(files(unconfigure_engine(request(root, *c.engine))) == 1);
      CHECK(root.read(c.file) == c.content);
      CHECK(files(unconfigure_engine(request(root, *c.engine))) == 0);
    }
  }
}

TEST_CASE("edits made in between stay when unconfigure takes our parts away") {
  for (const Case& c : cases()) {
    if (c.engine == &docker) continue;
    INFO(c.engine->name << '\n' << c.content);
    const Root root;
    root.write(c.file, c.content);
    configure_engine(request(root, *c.engine, true));
    const std::string newline = root.read(c.file)->ends_with('\n') ? "" : "\n";
    root.write(c.file, *root.read(c.file) + newline + "# edited\n");
    unconfigure_engine(request(root, *c.engine));
    const bool had_version = c.content.find("version") != c.content.npos || c.engine != &containerd;
    if (had_version && newline.empty()) CHECK(root.read(c.file) == c.content + "# edited\n");
    CHECK(root.read(c.file)->find(default_runtime_name) == std::string::npos);
  }
}

TEST_CASE("a file that was missing is gone again, and never configured means untouched") {
  for (const Engine* engine : engines) {
    if (engine == &microk8s) continue;  // has none that could be missing
    INFO(engine->name);
    const Root root;
    start_once(root, *engine);
    const std::string file = own_file(*engine);
    CHECK(files(unconfigure_engine(request(root, *engine))) == 0);
    CHECK_FALSE(root.read(file));
    configure_engine(request(root, *engine, true));
    CHECK(root.read(file)->find("/usr/bin/container-hooks-runtime") != std::string::npos);
    unconfigure_engine(request(root, *engine));
    CHECK_FALSE(root.read(file));
  }
}

TEST_CASE("lost records: our entry goes, and what is not ours stays, and it is said") {
  const Root root;
  root.write(daemon_json, "{\"default-runtime\": \"crun\"}");
  configure_engine(request(root, docker));
  root.forget();
  unconfigure_engine(request(root, docker));
  CHECK(root.read(daemon_json) == "{\"default-runtime\": \"crun\", \"runtimes\": {}}");
  configure_engine(request(root, docker, true));
  root.forget();
  CHECK_THAT(joined(unconfigure_engine(request(root, docker)).notes), ContainsSubstring("not recorded"));
  CHECK(root.read(daemon_json) == "{}");
  const std::string foreign = "{\"runtimes\": {\"container-hooks-runtime\": {\"path\": \"/their/own\"}}}";
  root.write(daemon_json, foreign);
  CHECK_THAT(joined(unconfigure_engine(request(root, docker)).notes), ContainsSubstring("is not ours and stays"));
  CHECK(root.read(daemon_json) == foreign);
}

TEST_CASE("two names in one file come and go in any order, whichever is the default") {
  std::vector<Case> all = cases();
  for (const Engine* engine : {&crio, &podman}) all.push_back({engine, std::string(engine->files.drop_in), ""});
  for (const Case& c : all) {
    for (int order = 0; order < 8; ++order) {
      INFO(c.engine->name << ", order " << order << '\n' << c.content);
      const Root root;
      root.write(c.file, c.content);
      const EngineRequest first = request(root, *c.engine, (order & 2) != 0);
      EngineRequest second = request(root, *c.engine, (order & 4) != 0);
      second.wanted.name = "second";
      configure_engine(first);
      configure_engine(second);
      unconfigure_engine((order & 1) != 0 ? second : first);
      CHECK_THAT(*root.read(c.file),
                 ContainsSubstring((order & 1) != 0 ? std::string(default_runtime_name) : "second"));
      unconfigure_engine((order & 1) != 0 ? first : second);
      CHECK(root.read(c.file) == c.content);
    }
  }
}

TEST_CASE("a file that two names share is gone when it was ours and both are, in any order") {
  for (const Engine* engine : engines) {
    for (const bool last_first : {false, true}) {
      if (engine == &microk8s) continue;
      INFO(engine->name << last_first);
      const Root root;
      start_once(root, *engine);
      const std::string file = own_file(*engine);
      const EngineRequest first = request(root, *engine, true);
      EngineRequest second = first;
      second.wanted.name = "second";
      configure_engine(first);
      configure_engine(second);
      unconfigure_engine(last_first ? second : first);
      unconfigure_engine(last_first ? first : second);
      CHECK_FALSE(root.read(file));
    }
  }
}

TEST_CASE("no table is left empty after edits made in between, where that would say something else") {
  for (const std::string version : {"", "version = 1\n", "version = 2\n", "version = 3\n"}) {
    for (const char* at : {"front", "back"}) {
      INFO(version << at);
      const Root root;
      const std::string before = version + "oom_score = 1\n";
      const std::string edit = "\n[metrics]\naddress = \"x\"\n";
      root.write(config_toml, before);
      configure_engine(request(root, containerd, true));
      const std::string configured = *root.read(config_toml);
      root.write(config_toml,
                 at == std::string("back") ? configured + edit : before + edit + configured.substr(before.size()));
      unconfigure_engine(request(root, containerd));
      CHECK(root.read(config_toml) == before + edit);
    }
  }
}

TEST_CASE("what an undo record cannot hold is wrong use, or refused with its place") {
  const Root root;
  EngineRequest latin1 = request(root, docker);
  latin1.wanted.name = "caf\xE9";
  CHECK_THROWS_AS(configure_engine(latin1), UsageError);
  CHECK_THAT(refusal(docker, daemon_json, "{\n\"labels\": [\"caf\xE9\"]}"),
             ContainsSubstring("daemon.json:2:16: this is not UTF-8"));
}

TEST_CASE("links of a mounted file system are followed in it") {
  const Root root;
  const Root host;
  const std::string content = "{\"debug\": true}";
  host.write(daemon_json, content);
  const auto link = [&](const std::string& target, const std::string& name) {
    create_directories(directory_of(root.path() + name));
    replace_link(root.path() + name, target);
  };
  link(host.path() + daemon_json, daemon_json);
  link(host.path() + "/var", "/var");
  link(host.path() + "/etc/containers", "/etc/containers");
  link(host.path() + "/etc/crio", "/etc/crio");
  for (const Engine* engine : {&docker, &containerd, &crio, &podman}) configure_engine(request(root, *engine));
  CHECK(host.read(daemon_json) == content);
  CHECK_FALSE(read_if_exists(host.path() + "/var/lib"));
  CHECK_FALSE(read_if_exists(host.path() + "/etc/containers"));
  CHECK_FALSE(read_if_exists(host.path() + "/etc/crio"));
  CHECK_THAT(*read_if_exists(root.path() + host.path() + daemon_json), ContainsSubstring("container-hooks-runtime"));
  CHECK(configured_runtimes(docker, root.path()).size() == 1);
  for (const Engine* engine : {&docker, &containerd, &crio, &podman})
    CHECK(files(unconfigure_engine(request(root, *engine))) == 1);
  CHECK_FALSE(read_if_exists(root.path() + host.path() + daemon_json));
}

TEST_CASE("a file that configure was told to edit is found again") {
  const Root root;
  EngineRequest elsewhere = request(root, containerd);
  elsewhere.config_file = "/opt/config.toml";
  configure_engine(elsewhere);
  REQUIRE(configured_runtimes(containerd, root.path()).size() == 1);
  CHECK(configured_runtimes(containerd, root.path()).front().file == root.path() + "/opt/config.toml");
  CHECK(configured_runtimes(docker, root.path()).empty());
}

TEST_CASE("a plan tells the change and writes nothing") {
  const Root root;
  CHECK(files(plan_configure(request(root, docker, true))) == 1);
  CHECK_FALSE(root.read(daemon_json));
}

TEST_CASE("relative paths are wrong use") {
  const Root root;
  EngineRequest relative = request(root, docker);
  relative.wanted.path = "bin/shim";
  CHECK_THROWS_AS(configure_engine(relative), UsageError);
}
