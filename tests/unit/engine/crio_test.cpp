// SPDX-License-Identifier: Apache-2.0
#include "catch.h"
#include "core/error.h"
#include "engine_root.h"

TEST_CASE("crio: the drop-in inherits from all of its files") {
  const EngineRoot root;
  root.write("/etc/crio/crio.conf",
             "[crio.runtime]\ndefault_runtime = \"crun\"\n[crio.runtime.runtimes.crun]\nmonitor_cgroup = \"pod\"\n");
  root.write("/etc/crio/crio.conf.d/10-x",
             "[crio.runtime.runtimes.crun]\nmonitor_path = \"/m\"\nruntime_path = \"/usr/bin/crun\"\n");
  configure_engine(request(root, crio, true));
  CHECK(*root.read("/etc/crio/crio.conf.d/99-container-hooks.conf") ==
        "[crio.runtime]\ndefault_runtime = "
        "\"container-hooks-runtime\"\n\n[crio.runtime.runtimes.container-hooks-runtime]\n"
        "monitor_cgroup = \"pod\"\nmonitor_path = \"/m\"\nruntime_path = "
        "\"/usr/bin/container-hooks-runtime\"\nruntime_type = \"oci\"\n");
}

TEST_CASE("crio: nothing is inherited from a runtime of type vm") {
  const EngineRoot root;
  root.write("/etc/crio/crio.conf",
             "[crio.runtime]\ndefault_runtime = \"kata\"\n[crio.runtime.runtimes.kata]\nruntime_type = \"vm\"\n"
             "privileged_without_host_devices = true\n");
  CHECK_THAT(joined(configure_engine(request(root, crio)).notes),
             ContainsSubstring("the default runtime kata is of type vm"));
  CHECK(*root.read("/etc/crio/crio.conf.d/99-container-hooks.conf") ==
        "[crio.runtime.runtimes.container-hooks-runtime]\nruntime_type = \"oci\"\n"
        "runtime_path = \"/usr/bin/container-hooks-runtime\"\n");
}
