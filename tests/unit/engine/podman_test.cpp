// SPDX-License-Identifier: Apache-2.0
#include "catch.h"
#include "core/error.h"
#include "engine_root.h"

TEST_CASE("podman: one path in a list") {
  const EngineRoot root;
  configure_engine(request(root, podman, true));
  CHECK(*root.read("/etc/containers/containers.conf.d/99-container-hooks.conf") ==
        "[engine]\nruntime = \"container-hooks-runtime\"\n\n[engine.runtimes]\ncontainer-hooks-runtime = "
        "[\"/usr/bin/container-hooks-runtime\"]\n");
}

TEST_CASE("podman: runtime_supports_json is left alone, in our file and in others") {
  const EngineRoot root;
  const std::string supports = "[engine]\nruntime_supports_json = [\"crun\"]\n";
  root.write("/etc/containers/containers.conf", supports);
  root.write("/etc/containers/containers.conf.d/99-container-hooks.conf", supports);
  configure_engine(request(root, podman, true));
  CHECK(root.read("/etc/containers/containers.conf") == supports);
  CHECK_THAT(*root.read("/etc/containers/containers.conf.d/99-container-hooks.conf"), ContainsSubstring(supports));
}

TEST_CASE("podman: what lies in the directory and is not read by podman is not read by us") {
  const EngineRoot root;
  root.write("/etc/containers/containers.conf.d/README", "[engine\n");
  CHECK(files(configure_engine(request(root, podman))) == 1);
  CHECK(configured_runtimes(podman, root.path()).size() == 1);
}
