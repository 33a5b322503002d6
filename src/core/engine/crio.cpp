// CRI-O: crio.conf(5) and its drop-ins, whose tables add up field by field.
//
// SPDX-License-Identifier: Apache-2.0
#include "core/engine/engine.h"

namespace {

bool can_stand_in(std::string_view type) { return type.empty() || type == "oci"; }

RuntimeTable table(const Document&) {
  return {.runtimes = {"crio", "runtime", "runtimes"},
          .default_name = {"crio", "runtime", "default_runtime"},
          .binary = {"runtime_path"},
          .type_key = "runtime_type",
          .type = "oci",
          .can_stand_in = can_stand_in,
          .built_in_default = "crun"};
}

}  // namespace

// Told to reload, crio says that it has taken the runtimes, and goes on with those that it had.
const Engine crio = {
    .name = "crio",
    .program = "crio",
    .files = {"/etc/crio/crio.conf", "/etc/crio/crio.conf.d", "/etc/crio/crio.conf.d/99-container-hooks.conf"},
    .read = toml_document,
    .table = table,
    .checker = {"crio", "--config", "FILE", "config"},
    .reload = "systemctl restart crio",
    .unconfigured_note =
        "pods that run on {} can be stopped only while crio knows it: drain the node before the restart",
    .config_options = {"-c", "--config"},
    .annotation_lists = {"allowed_annotations"},
};
