// Podman: containers.conf(5) and its drop-ins.
//
// runtime_supports_json is left alone: a plain array there would replace the
// list that podman has built in.
//
// SPDX-License-Identifier: Apache-2.0
#include "core/engine/engine.h"

namespace {

RuntimeTable table(const Document&) {
  RuntimeTable result;
  result.runtimes = {"engine", "runtimes"};
  result.default_name = {"engine", "runtime"};
  result.binary_in_list = true;
  return result;
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
    .check_request = nullptr,
    .begin = nullptr,
    .import = nullptr,
    .remark = nullptr,
    .checker = {},
    .unknown_to_checker = "",
    .reload = "",
    .farewell = "",
    .structure = [] { return std::vector<std::string>(); },
};
