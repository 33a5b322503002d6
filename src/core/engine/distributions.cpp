// Kubernetes distributions that bring a containerd of their own, and write its main file themselves whenever they
// start: k3s, rke2, k0s, microk8s. What is added to that file stands elsewhere.
//
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "core/engine/containerd.h"
#include "core/engine/toml_template.h"
#include "core/host/file.h"
#include "core/host/root.h"

namespace {

Error too_early(const Document& document, std::string_view file) {
  return document.error_at({"version"}, fmt::format("{} is not there yet: start the service once first", file));
}

// Drop-ins are of the version of the file that imports them.
Notes prepare_drop_in(Document& document, const Document* main, const std::string&) {
  if (!document.names({}).empty()) return {};
  if (!main) throw too_early(document, "the file that would import this one");
  document.set({"version"}, fmt::format("{}", main->integer({"version"}).value_or(1)));
  return {};
}

Notes require_template(Document& document, const Document*, const std::string&) {
  if (document.names({}).empty()) throw too_early(document, "it");
  return {};
}

// k3s and rke2: what they write imports drop-ins, or, from an older one, comes from a template. Both have another name
// where containerd is 2.x.
constexpr std::array rancher_files = {
    EngineFiles{"config.toml", "config-v3.toml.d", "config-v3.toml.d/container-hooks.toml", ".toml"},
    EngineFiles{"config.toml", "config.toml.d", "config.toml.d/container-hooks.toml", ".toml"},
    EngineFiles{"config.toml", "", "config-v3.toml.tmpl", ""},
    EngineFiles{"config.toml", "", "config.toml.tmpl", ""},
};

std::string path_of(const Engine& engine, std::string_view file) {
  return fmt::format("{}{}", engine.distribution.directory, file);
}

bool is_imported_by(const Document& main, const Engine& engine, const EngineFiles& files) {
  return !files.drop_in_directory.empty() && is_imported_by(main, path_of(engine, files.drop_in));
}

// Where an earlier configure put the runtime, also when the distribution has been updated since.
const EngineFiles& rancher_place(const Engine& engine, const std::string& root) {
  const auto has_ours = [&](const EngineFiles& files) {
    const auto content = read_if_exists({root, path_of(engine, files.drop_in)});
    return content && content->find("container-hooks") != content->npos;
  };
  if (const auto* found = std::ranges::find_if(rancher_files, has_ours); found != rancher_files.end()) return *found;
  const std::string main = path_of(engine, engine.files.main);
  const auto content = read_if_exists({root, main});
  if (!content) return rancher_files.front();
  const auto document = toml_document(root + main, *content);
  const auto is_imported = [&](const EngineFiles& files) { return is_imported_by(*document, engine, files); };
  const auto* found = std::ranges::find_if(rancher_files, is_imported);
  if (found != rancher_files.end()) return *found;
  return rancher_files[document->integer({"version"}) == 2 ? 3 : 2];
}

std::unique_ptr<Document> rancher_document(const std::string& name, const std::string& content) {
  if (!name.ends_with(".tmpl")) return toml_document(name, content);
  return toml_template(name, content, name.ends_with("-v3.toml.tmpl") ? 3 : 2);
}

// https://docs.k0sproject.io/stable/runtime/
Notes k0s_ineffective(const Document& main, const Wanted& wanted) {
  Notes notes = containerd_ineffective(main, wanted);
  if (!main.content().empty() && !main.content().starts_with("# k0s_managed=true\n") &&
      !is_imported_by(main, k0s, k0s.files))
    notes.push_back("/etc/k0s/containerd.toml is not k0s's own any more, and does not import containerd.d/*.toml");
  return notes;
}

}  // namespace

const Engine k3s = {
    .name = "k3s",
    .program = "k3s",
    .files = rancher_files.front(),
    .read = rancher_document,
    .table = containerd_table,
    .prepare = prepare_drop_in,
    .ineffective = containerd_ineffective,
    .reload = "systemctl restart k3s",
    .config_options = {"-c", "--config"},
    .annotation_lists = {"pod_annotations"},
    .distribution = {.directory = "/var/lib/rancher/k3s/agent/etc/containerd/",
                     .find = rancher_place,
                     .settings = "/etc/rancher/k3s/config.yaml",
                     .agent_reload = "systemctl restart k3s-agent"},
};

const Engine rke2 = {
    .name = "rke2",
    .program = "rke2",
    .files = rancher_files.front(),
    .read = rancher_document,
    .table = containerd_table,
    .prepare = prepare_drop_in,
    .ineffective = containerd_ineffective,
    .reload = "systemctl restart rke2-server",
    .config_options = {"-c", "--config"},
    .annotation_lists = {"pod_annotations"},
    .distribution = {.directory = "/var/lib/rancher/rke2/agent/etc/containerd/",
                     .find = rancher_place,
                     .settings = "/etc/rancher/rke2/config.yaml",
                     .agent_reload = "systemctl restart rke2-agent"},
};

// It takes what changes in its directory by itself, also into containerd 1.x.
const Engine k0s = {
    .name = "k0s",
    .program = "k0s",
    .files = {"containerd.toml", "containerd.d", "containerd.d/container-hooks.toml", ".toml"},
    .read = toml_document,
    .table = containerd_table,
    .prepare = prepare_drop_in,
    .ineffective = k0s_ineffective,
    .config_options = {"-c", "--config"},
    .annotation_lists = {"pod_annotations"},
    .distribution = {.directory = "/etc/k0s/"},
};

// Its template is TOML, with ${…} in strings.
const Engine microk8s = {
    .name = "microk8s",
    .program = "microk8s",
    .files = {.main = "containerd-template.toml"},
    .read = toml_document,
    .table = containerd_table,
    .prepare = require_template,
    .ineffective = containerd_ineffective,
    .reload = "systemctl restart snap.microk8s.daemon-containerd",
    .config_options = {"-c", "--config"},
    .annotation_lists = {"pod_annotations"},
    .distribution = {.directory = "/var/snap/microk8s/current/args/"},
};
