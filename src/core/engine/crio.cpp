// CRI-O: crio.conf(5) and its drop-ins, whose tables add up field by field.
//
// SPDX-License-Identifier: Apache-2.0
#include "core/engine/engine.h"

namespace {

bool can_stand_in(std::string_view type) { return type.empty() || type == "oci"; }

RuntimeTable table(const Document&) {
  RuntimeTable result;
  result.runtimes = {"crio", "runtime", "runtimes"};
  result.default_name = {"crio", "runtime", "default_runtime"};
  result.binary = {"runtime_path"};
  result.type_key = "runtime_type";
  result.type = "oci";
  result.can_stand_in = can_stand_in;
  result.built_in_default = "crun";
  return result;
}

}  // namespace

const Engine crio = {
    .name = "crio",
    .program = "crio",
    .files = {"/etc/crio/crio.conf", "/etc/crio/crio.conf.d", "/etc/crio/crio.conf.d/99-container-hooks.conf"},
    .rootless = {},
    .read = toml_document,
    .table = table,
    .check_request = nullptr,
    .begin = nullptr,
    .import = nullptr,
    .remark = nullptr,
    .checker = {"crio", "--config", "FILE", "config"},
    .unknown_to_checker = "",
    .reload = "systemctl reload crio",
    .farewell = "pods that run on {} can be stopped only while crio knows it: drain the node before the reload",
    .structure = [] { return std::vector<std::string>(); },
    .config_options = {"-c", "--config"},
    .annotation_lists = {"allowed_annotations"},
};
