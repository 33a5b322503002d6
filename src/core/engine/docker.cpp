// Docker: daemon.json. https://docs.docker.com/reference/cli/dockerd/#daemon-configuration-file
//
// No runtimeArgs: docker would turn them into a shell script in its data directory.
//
// SPDX-License-Identifier: Apache-2.0
#include "core/engine/engine.h"
#include "core/error.h"

namespace {

RuntimeTable table(const Document&) {
  RuntimeTable result;
  result.runtimes = {"runtimes"};
  result.keeps_empty_table = true;
  result.default_name = {"default-runtime"};
  result.binary = {"path"};
  result.rival = "runtimeType";
  return result;
}

void check_request(const Wanted& wanted) {
  if (wanted.name == "runc") throw UsageError("--name runc: docker keeps this name for its own runtime");
}

}  // namespace

const Engine docker = {
    .name = "docker",
    .program = "dockerd",
    .files = {"/etc/docker/daemon.json", "", ""},
    .rootless = {"docker/daemon.json", "", ""},
    .read = json_document,
    .table = table,
    .check_request = check_request,
    .begin = nullptr,
    .import = nullptr,
    .remark = nullptr,
    .checker = {"dockerd", "--validate", "--config-file", "FILE"},
    .unknown_to_checker = "unknown flag: --validate",
    .reload = "systemctl reload docker",
    .farewell =
        "containers that were created with the runtime {0} do not start without it: docker ps -a --format "
        "'{{{{.ID}}}}' | xargs docker inspect --format '{{{{.Name}}}} {{{{.HostConfig.Runtime}}}}' names them; "
        "create them again. A reload takes the default back at once; docker forgets {0} itself when it restarts",
    .structure = [] { return std::vector<std::string>{"runtimes"}; },
};
