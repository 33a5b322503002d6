// SPDX-License-Identifier: Apache-2.0
#include "catch.h"
#include "core/error.h"
#include "engine_root.h"

TEST_CASE("containerd: the shim inherits from the runtime it stands in for") {
  const std::string plugin = "[plugins.\"io.containerd.grpc.v1.cri\".containerd";
  const auto with = [&](const std::string& name, const std::string& type) {
    return "version = 2\n" + plugin + "]\ndefault_runtime_name = \"" + name + "\"\n" + plugin +
           ".runtimes.crun]\nruntime_type = \"" + type + "\"\nmark = 1\n" + plugin +
           ".runtimes.runc]\nruntime_type = \"io.containerd.runc.v2\"\nmark = 2\n";
  };
  const auto has_twice = [](const std::string& text, const std::string& what) {
    return text.find(what, text.find(what) + 1) != text.npos;
  };
  CHECK(has_twice(configured(containerd, config_toml, with("crun", "io.containerd.runc.v2")), "mark = 1"));
  CHECK(has_twice(configured(containerd, config_toml, with("crun", "io.containerd.kata.v2")), "mark = 2"));
  CHECK(has_twice(configured(containerd, config_toml, with("none", "")), "mark = 2"));
}

TEST_CASE("containerd: what has no effect is said") {
  const EngineRoot root;
  root.write(
      config_toml,
      "version = 2\ndisabled_plugins = [\"cri\"]\n[plugins.\"io.containerd.grpc.v1.cri\".containerd]\n"
      "default_runtime_name = \"kata\"\n[plugins.\"io.containerd.grpc.v1.cri\".containerd.runtimes.kata]\nruntime_type "
      "= \"io.containerd.kata.v2\"\n"
      "[plugins.\"io.containerd.grpc.v1.cri\".containerd.default_runtime]\nruntime_type = \"io.containerd.runc.v1\"\n");
  const std::string notes = joined(configure_engine(request(root, containerd, true)).notes);
  CHECK_THAT(notes, ContainsSubstring("disabled_plugins"));
  CHECK_THAT(notes, ContainsSubstring("the default runtime was kata of type io.containerd.kata.v2"));
  CHECK_THAT(notes, ContainsSubstring("default_runtime wins"));
  CHECK_THAT(notes, ContainsSubstring("container-hooks-runtime cannot be executed"));
  CHECK_THAT(refusal(containerd, config_toml, "version = 5\n"), ContainsSubstring("version 5"));
}

TEST_CASE("containerd: a drop-in inherits from the main file, which imports it, from version 3 on") {
  const std::string drop_in = "/etc/containerd/conf.d/99-container-hooks.toml";
  const EngineRoot root;
  const std::string before = corpus("containerd-2.1-default-v3.toml");
  root.write(config_toml, before);
  EngineRequest with_drop_in = request(root, containerd, true);
  with_drop_in.drop_in = drop_in;
  CHECK(files(configure_engine(with_drop_in)) == 2);
  for (const char* line : {"version = 3\n", "sandboxer = 'podsandbox'", "SystemdCgroup = false",
                           "BinaryName = '/usr/bin/container-hooks-runtime'"})
    CHECK_THAT(*root.read(drop_in), ContainsSubstring(line));
  CHECK_THAT(*root.read(config_toml), ContainsSubstring(drop_in));
  CHECK(files(configure_engine(with_drop_in)) == 0);
  unconfigure_engine(with_drop_in);
  CHECK_FALSE(root.read(drop_in));
  CHECK(root.read(config_toml) == before);
  root.write(config_toml, "version = 2\n");
  CHECK_THROWS_WITH(configure_engine(with_drop_in), ContainsSubstring("omit --drop-in-config"));
  CHECK_FALSE(root.read(drop_in));
}

TEST_CASE("containerd: the shim's table is written for each version of the file") {
  struct Row {
    const char* version;
    const char* plugin;
  };
  for (const Row& row : {Row{"", "plugins.cri."}, Row{"version = 1\n", "plugins.cri."},
                         Row{"version = 2\n", "plugins.\"io.containerd.grpc.v1.cri\"."},
                         Row{"version = 3\n", "plugins.\"io.containerd.cri.v1.runtime\"."},
                         Row{"version = 4\n", "plugins.\"io.containerd.cri.v1.runtime\"."}}) {
    const std::string table = std::string("[") + row.plugin + "containerd.runtimes.container-hooks-runtime]\n";
    CHECK_THAT(configured(containerd, config_toml, row.version + std::string("oom_score = 1\n"), false),
               ContainsSubstring(table));
  }
  CHECK_THAT(refusal(containerd, config_toml, "version = 5\n"), ContainsSubstring("config.toml:1:11: version 5"));
}

TEST_CASE("containerd: a drop-in that an import covers already is not imported again") {
  const EngineRoot root;
  root.write(config_toml, "version = 3\nimports = ['/etc/containerd/conf.d/*.toml'] # all\n");
  EngineRequest with_drop_in = request(root, containerd);
  with_drop_in.drop_in = "/etc/containerd/conf.d/99-container-hooks.toml";
  CHECK(files(configure_engine(with_drop_in)) == 1);
  CHECK(root.read(config_toml) == "version = 3\nimports = ['/etc/containerd/conf.d/*.toml'] # all\n");
}
