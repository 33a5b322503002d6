// Podman: containers.conf(5) and its drop-ins.
//
// runtime_supports_json is left alone: a plain array there would replace the
// list that podman has built in. So is runtime_supports_nocgroups, for the same
// reason: what adds to a list, {append=true}, stops podman before 4.8.
//
// SPDX-License-Identifier: Apache-2.0
#include "core/engine/engine.h"
#include "core/engine/users.h"

namespace {

RuntimeTable table(const Document&) {
  return {.runtimes = {"engine", "runtimes"}, .default_name = {"engine", "runtime"}, .binary_in_list = true};
}

std::vector<std::string> users(const std::string& runtime) {
  return containers_with(runtime, "podman", "{{.OCIRuntime}}");
}

}  // namespace

const Engine podman = {
    .name = "podman",
    .program = "podman",
    .files = {"/etc/containers/containers.conf", "/etc/containers/containers.conf.d",
              "/etc/containers/containers.conf.d/99-container-hooks.conf", ".conf"},
    .rootless = {"containers/containers.conf", "containers/containers.conf.d",
                 "containers/containers.conf.d/99-container-hooks.conf", ".conf"},
    .read = toml_document,
    .table = table,
    .users = users,
    .as_default_note =
        "podman run --cgroups=disabled does not work with {}: podman knows by name which runtimes can "
        "do that; name one of them with podman --runtime",
    .users_note =
        "podman refuses exec, stop and rm for containers whose runtime {} is gone; configure it again to "
        "remove them",
};
