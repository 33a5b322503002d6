// SPDX-License-Identifier: Apache-2.0
#include "core/hooks/variables.h"

#include <stdlib.h>

#include <algorithm>
#include <memory>

#include "core/host/file.h"
#include "core/text/suggestion.h"
#include "core/text/utf8.h"

namespace {

using Kind = JsonText::Kind;
using Value = JsonText::Value;

constexpr std::size_t max_docker_config_size = 16u << 20;

struct EngineMark {
  std::string_view annotation;
  std::string_view value;  // empty: any
  std::string_view engine;
};

// In this order: podman's `kube play` uses annotations of CRI-O, too.
constexpr std::array engine_marks = {
    EngineMark{"io.container.manager", "libpod", "podman"},
    EngineMark{"io.container.manager", "cri-o", "cri-o"},
    EngineMark{"io.kubernetes.cri-o.ContainerType", "", "cri-o"},
    EngineMark{"io.kubernetes.cri.container-type", "", "containerd"},
};

struct Place {
  std::string_view engine;
  std::string_view what;
  std::string_view annotation;
};

constexpr std::array image_places = {
    Place{"containerd", "", "io.kubernetes.cri.image-name"},
    Place{"containerd", "", "io.kubernetes.cri.podsandbox.image-name"},
    Place{"cri-o", "", "io.kubernetes.cri-o.ImageName"},
    Place{"cri-o", "", "io.kubernetes.cri-o.Image"},
};

// containerd's CRI keeps labels to itself, but for those that the kubelet gives every container.
constexpr std::array label_places = {
    Place{"containerd", "io.kubernetes.container.name", "io.kubernetes.cri.container-name"},
    Place{"containerd", "io.kubernetes.pod.name", "io.kubernetes.cri.sandbox-name"},
    Place{"containerd", "io.kubernetes.pod.namespace", "io.kubernetes.cri.sandbox-namespace"},
    Place{"containerd", "io.kubernetes.pod.uid", "io.kubernetes.cri.sandbox-uid"},
};

constexpr std::string_view crio_labels = "io.kubernetes.cri-o.Labels";  // a JSON object

// What Docker puts over the container's own files: SOURCE is …/containers/ID/NAME.
constexpr std::array docker_mounts = {
    std::string_view("/etc/hostname"),
    std::string_view("/etc/hosts"),
    std::string_view("/etc/resolv.conf"),
};

std::string absolute(std::string_view path) {
  const std::unique_ptr<char, void (*)(void*)> real(realpath(std::string(path).c_str(), nullptr), free);
  return real ? real.get() : std::string(path);
}

// For a path whose last component need not exist yet.
std::string absolute_in_directory(std::string_view path) {
  if (path.empty() || path.starts_with('/')) return std::string(path);
  return fmt::format("{}/{}", absolute("."), path);
}

std::string passable(std::string_view value) {
  std::string result = valid_utf8(value);
  for (std::size_t at = result.find('\0'); at != result.npos; at = result.find('\0', at))
    result.replace(at, 1, "\uFFFD");
  return result;
}

std::optional<Value> member(const JsonText& text, const std::optional<Value>& object, std::string_view name,
                            Kind kind) {
  if (!object) return std::nullopt;
  const auto found = text.member(*object, name);
  return found && found->value.kind == kind ? std::optional(found->value) : std::nullopt;
}

std::string string_member(const JsonText& text, const std::optional<Value>& object, std::string_view name) {
  const auto found = member(text, object, name, Kind::string);
  return found ? text.string(*found) : "";
}

struct Placeholder {
  std::size_t begin, end;
  std::string_view name;
};

// The innermost {{…}} that there are in text.
std::vector<Placeholder> placeholders(std::string_view text) {
  std::vector<Placeholder> result;
  std::size_t from = 0;
  for (std::size_t close; (close = text.find("}}", from)) != text.npos; from = close + 2) {
    const std::size_t open = text.substr(0, close).rfind("{{");
    if (open != text.npos && open >= from) result.push_back({open, close + 2, text.substr(open + 2, close - open - 2)});
  }
  return result;
}

// DATA/containers of a Docker whose container has such a mount; empty for others.
std::string docker_directory(const Spec::BindMount& mount) {
  constexpr std::string_view containers = "/containers/";
  if (std::ranges::find(docker_mounts, mount.destination) == docker_mounts.end()) return "";
  const std::string_view name = std::string_view(mount.destination).substr(mount.destination.rfind('/'));
  const std::size_t directory = mount.source.rfind(containers);
  if (directory == std::string::npos || !mount.source.ends_with(name)) return "";
  return mount.source.substr(0, directory + containers.size());
}

}  // namespace

constexpr std::array<Variables::Row, 11> Variables::rows = {{
    {"id", "", &Variables::id, "the container's id"},
    {"bundle", "", &Variables::bundle, "the absolute path of its bundle"},
    {"rootfs", "", &Variables::rootfs, "the absolute path of its root file system"},
    {"hostname", "", &Variables::hostname, "its host name, as the spec says it"},
    {"pid-file", "", &Variables::pid_file, "the file that its pid will be written to"},
    {"runtime", "", &Variables::runtime, "the path of the low-level runtime"},
    {"annotation:", "KEY", &Variables::annotation, "one of its annotations"},
    {"env:", "NAME", &Variables::env, "a variable of its process's environment"},
    {"label:", "KEY", &Variables::label, "one of its labels (Docker, CRI-O; the kubelet's under containerd)"},
    {"image", "", &Variables::image, "the image's name (Docker, containerd's CRI, CRI-O)"},
    {"engine", "", &Variables::engine, "docker, podman, containerd or cri-o"},
}};

Variables::Variables(const Spec& spec, const CommandLine& call, std::string runtime)
    : spec_(spec), call_(call), runtime_(std::move(runtime)) {}

std::vector<std::pair<std::string_view, std::string_view>> Variables::help() {
  std::vector<std::pair<std::string_view, std::string_view>> result;
  for (const Row& row : rows) result.emplace_back(row.name, row.meaning);
  return result;
}

const Variables::Row* Variables::row_of(std::string_view name) {
  const std::string_view word = name.substr(0, std::min(name.find(':'), name.size() - 1) + 1);
  const auto* row = std::ranges::find(rows, word, &Row::name);
  return row == rows.end() ? nullptr : row;
}

std::optional<std::string> Variables::value_of(std::string_view name) const {
  const Row* row = row_of(name);
  if (row == nullptr) return std::nullopt;
  return passable((this->*row->value)(name.substr(row->name.size())));
}

std::string Variables::expand(std::string_view text) const {
  std::string result;
  std::size_t done = 0;
  for (const Placeholder& each : placeholders(text)) {
    const std::optional<std::string> value = value_of(each.name);
    if (!value) continue;
    result.append(text.substr(done, each.begin - done)).append(*value);
    done = each.end;
  }
  return result.append(text.substr(done));
}

Hook Variables::expand(Hook hook) const {
  for (auto* strings : {&hook.args, &hook.env})
    if (*strings)
      for (std::string& string : **strings) string = expand(string);
  return hook;
}

std::vector<std::string> Variables::unknown_in(const Hook& hook) {
  std::vector<std::string> result;
  std::vector<std::string_view> names;
  for (const Row& row : rows) names.push_back(row.name);
  for (const auto* strings : {&hook.args, &hook.env})
    for (const std::string& text : *strings ? **strings : std::vector<std::string>())
      for (const Placeholder& each : placeholders(text))
        if (row_of(each.name) == nullptr)
          result.push_back(fmt::format("{{{{{}}}}}{}", each.name, did_you_mean(each.name, names)));
  return result;
}

std::string Variables::bundle(std::string_view) const { return absolute(call_.bundle); }

std::string Variables::rootfs(std::string_view) const {
  const std::string path = spec_.root_path();
  return path.empty() || path.starts_with('/') ? path : fmt::format("{}/{}", bundle(""), path);
}

std::string Variables::pid_file(std::string_view) const { return absolute_in_directory(call_.pid_file); }

std::string Variables::annotation(std::string_view key) const {
  const std::string* value = spec_.annotation(key);
  return value == nullptr ? "" : *value;
}

// Of several, the last: the one that runc and crun leave.
std::string Variables::env(std::string_view name) const {
  if (!spec_.process()) return "";
  const auto& env = spec_.process()->env;
  const auto sets = [&](std::string_view entry) { return entry.substr(0, entry.find('=')) == name; };
  const auto found = std::find_if(env.rbegin(), env.rend(), sets);
  return found == env.rend() ? "" : found->substr(std::min(name.size() + 1, found->size()));
}

std::string Variables::engine(std::string_view) const {
  for (const EngineMark& mark : engine_marks) {
    const std::string* value = spec_.annotation(mark.annotation);
    const bool marked = value != nullptr && (mark.value.empty() || *value == mark.value);
    if (marked && (!mark.value.empty() || !docker_config())) return std::string(mark.engine);
  }
  if (docker_config()) return "docker";
  return call_.bundle.find("/io.containerd.runtime.") == call_.bundle.npos ? "" : "containerd";
}

std::string Variables::image(std::string_view) const {
  const std::string from = engine("");
  if (from == "docker") {
    const JsonText& text = *docker_config();
    return string_member(text, member(text, text.root(), "Config", Kind::object), "Image");
  }
  for (const Place& place : image_places) {
    const std::string value = place.engine == from ? annotation(place.annotation) : "";
    if (!value.empty()) return value;
  }
  return "";
}

std::string Variables::label(std::string_view key) const {
  const std::string from = engine("");
  if (from == "docker") return label_of_docker(key);
  const std::string* labels = from == "cri-o" ? spec_.annotation(crio_labels) : nullptr;
  if (labels != nullptr) {
    const JsonText text(std::string(crio_labels), *labels);
    return string_member(text, text.root(), key);
  }
  for (const Place& place : label_places)
    if (place.engine == from && place.what == key) return annotation(place.annotation);
  return "";
}

std::string Variables::label_of_docker(std::string_view key) const {
  const JsonText& text = *docker_config();
  const auto config = member(text, text.root(), "Config", Kind::object);
  return string_member(text, member(text, config, "Labels", Kind::object), key);
}

// The id is the runtime's, not that of the mount: a container that shares another's network has the other's files.
const std::optional<JsonText>& Variables::docker_config() const {
  if (docker_config_) return *docker_config_;
  docker_config_.emplace();
  if (call_.id.empty() || call_.id.find('/') != call_.id.npos) return *docker_config_;
  for (const Spec::BindMount& mount : spec_.bind_mounts()) {
    const std::string directory = docker_directory(mount);
    if (directory.empty()) continue;
    const std::string path = fmt::format("{}{}/config.v2.json", directory, call_.id);
    auto content = read_if_exists(path, Trust::required, max_docker_config_size);
    if (content) return docker_config_->emplace(path, std::move(*content)), *docker_config_;
  }
  return *docker_config_;
}
