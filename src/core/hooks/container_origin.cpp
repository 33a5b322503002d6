// SPDX-License-Identifier: Apache-2.0
#include "core/hooks/container_origin.h"

#include <stdlib.h>

#include <algorithm>
#include <array>
#include <memory>
#include <span>

#include "core/host/file.h"
#include "core/host/path.h"

namespace {

using Kind = JsonText::Kind;
using Value = JsonText::Value;

constexpr std::size_t max_docker_config_size = 16u << 20;

constexpr std::string_view crio_manager = "io.container.manager";
constexpr std::string_view crio_id = "io.kubernetes.cri-o.ContainerID";
constexpr std::string_view crio_labels = "io.kubernetes.cri-o.Labels";  // a JSON object

constexpr std::array<std::string_view, 6> engine_names = {"", "docker", "podman", "containerd", "containerd", "cri-o"};

// What an annotation says, of containers that this maker made.
struct Row {
  Maker maker;
  std::string_view what;
  std::string_view annotation;
};

constexpr std::array image_rows = {
    Row{Maker::containerd_cri, "", "io.kubernetes.cri.image-name"},
    Row{Maker::containerd_cri, "", "io.kubernetes.cri.podsandbox.image-name"},
    Row{Maker::crio, "", "io.kubernetes.cri-o.ImageName"},
    Row{Maker::crio, "", "io.kubernetes.cri-o.Image"},
};

constexpr std::array digest_rows = {
    Row{Maker::crio, "", "io.kubernetes.cri-o.ImageRef"},
};

constexpr std::array label_rows = {
    Row{Maker::containerd_cri, "io.kubernetes.container.name", "io.kubernetes.cri.container-name"},
    Row{Maker::containerd_cri, "io.kubernetes.pod.name", "io.kubernetes.cri.sandbox-name"},
    Row{Maker::containerd_cri, "io.kubernetes.pod.namespace", "io.kubernetes.cri.sandbox-namespace"},
    Row{Maker::containerd_cri, "io.kubernetes.pod.uid", "io.kubernetes.cri.sandbox-uid"},
};

// The first value that there is of what, in the annotations of that maker.
std::string first_of(std::span<const Row> rows, std::string_view what, Maker maker, const Spec& spec) {
  for (const Row& row : rows) {
    const std::string* value = row.maker == maker && row.what == what ? spec.annotation(row.annotation) : nullptr;
    if (value != nullptr && !value->empty()) return *value;
  }
  return "";
}

struct SandboxMark {
  Maker maker;
  std::string_view type;  // the annotation that is "sandbox"
  std::string_view id;    // the one that names it
};

constexpr std::array sandbox_marks = {
    SandboxMark{Maker::containerd_cri, "io.kubernetes.cri.container-type", "io.kubernetes.cri.sandbox-id"},
    SandboxMark{Maker::crio, "io.kubernetes.cri-o.ContainerType", "io.kubernetes.cri-o.SandboxID"},
};

bool says(const Spec& spec, std::string_view annotation, std::string_view value) {
  const std::string* found = spec.annotation(annotation);
  return found != nullptr && *found == value;
}

// Takes the last component off a path.
std::string_view take_last(std::string_view& path) {
  const std::string_view last = base_name(path);
  path.remove_suffix(std::min(path.size(), last.size() + 1));
  return last;
}

Maker maker_in_namespace(std::string_view name) {
  if (name == "moby") return Maker::docker;
  return name == "k8s.io" ? Maker::containerd_cri : Maker::containerd;
}

// The rules 1 and 3 of the header, without Docker's file.
Maker maker_by_place(const Spec& spec, std::string_view id, std::string_view bundle) {
  const std::string_view last = take_last(bundle), before = take_last(bundle), kind = take_last(bundle);
  if (last == id && kind.starts_with("io.containerd.runtime.v")) return maker_in_namespace(before);
  if (last != "userdata" || before != id || !kind.ends_with("-containers")) return Maker::unknown;
  return says(spec, crio_manager, "cri-o") && says(spec, crio_id, id) ? Maker::crio : Maker::podman;
}

// Whatever Docker's storage driver calls the root file system, it is below its data root. Not in the root file system
// itself, nor through it: there the container writes what it likes, and its mode is the image's.
std::optional<JsonText> docker_config(const Spec& spec, std::string_view id) {
  const auto is_above = [](const std::string& directory) { return directory.starts_with('/') && directory != "/"; };
  for (std::string above = directory_of(spec.root_path()); is_above(above); above = directory_of(above)) {
    const std::string path = fmt::format("{}/containers/{}/config.v2.json", above, id);
    if (auto content = read_if_exists(path, Trust::required, max_docker_config_size))
      return JsonText(path, std::move(*content));
  }
  return std::nullopt;
}

// What the body reads; nothing where that cannot be read.
template <class Body>
auto if_readable(Body body) -> decltype(body()) {
  try {
    return body();
  } catch (const Error&) {
    return {};
  }
}

std::optional<JsonText> record_of(Maker maker, const Spec& spec, std::string_view id) {
  if (maker == Maker::docker || maker == Maker::containerd) return docker_config(spec, id);
  const std::string* labels = maker == Maker::crio ? spec.annotation(crio_labels) : nullptr;
  if (labels == nullptr) return std::nullopt;
  return JsonText(std::string(crio_labels), *labels);
}

// What is at the end of a path of names.
std::optional<Value> value_at(const JsonText& text, const std::vector<std::string_view>& names) {
  std::optional<Value> value = text.root();
  for (const std::string_view name : names) {
    const auto found = text.member(*value, name);
    if (!found) return std::nullopt;
    value = found->value;
  }
  return value;
}

// Empty when there is no string.
std::string string_at(const JsonText& text, const std::vector<std::string_view>& names) {
  const std::optional<Value> value = value_at(text, names);
  return value && value->kind == Kind::string ? text.string(*value) : "";
}

// The members that are strings of the object there.
std::vector<Spec::Annotation> strings_in(const JsonText& text, const std::vector<std::string_view>& names) {
  std::vector<Spec::Annotation> result;
  const std::optional<Value> object = value_at(text, names);
  if (!object || object->kind != Kind::object) return result;
  for (const JsonText::Member& member : text.members(*object))
    if (member.value.kind == Kind::string) result.push_back({member.name, text.string(member.value)});
  return result;
}

}  // namespace

std::string absolute_bundle(const CommandLine& call) {
  const std::string path(call.bundle);
  const std::unique_ptr<char, void (*)(void*)> real(realpath(path.c_str(), nullptr), free);
  return real ? real.get() : path;
}

// A Docker of another containerd namespace has its file all the same.
ContainerOrigin::ContainerOrigin(const Spec& spec, const CommandLine& call)
    : spec_(spec),
      maker_(maker_by_place(spec, call.id, absolute_bundle(call))),
      record_(if_readable([&] { return record_of(maker_, spec, call.id); })) {
  if (maker_ == Maker::containerd && record_) maker_ = Maker::docker;
}

std::string_view ContainerOrigin::engine() const { return engine_names[static_cast<std::size_t>(maker_)]; }

std::string ContainerOrigin::source() const {
  if (maker_ == Maker::unknown) return "nothing: the bundle's place is not that of an engine";
  if (record_ && maker_ == Maker::docker) return record_->name();
  return maker_ == Maker::crio || maker_ == Maker::containerd_cri ? "the bundle's place and this engine's annotations"
                                                                  : "the bundle's place";
}

std::string ContainerOrigin::image() const {
  if (maker_ == Maker::docker && record_) return if_readable([&] { return string_at(*record_, {"Config", "Image"}); });
  return first_of(image_rows, "", maker_, spec_);
}

std::string ContainerOrigin::image_digest() const {
  if (maker_ == Maker::docker && record_) return if_readable([&] { return string_at(*record_, {"Image"}); });
  return first_of(digest_rows, "", maker_, spec_);
}

// Docker's is "/web".
std::string ContainerOrigin::name() const {
  if (maker_ != Maker::docker || !record_) return label("io.kubernetes.container.name");
  const std::string path = if_readable([&] { return string_at(*record_, {"Name"}); });
  return path.substr(path.find_first_not_of('/') == path.npos ? path.size() : path.find_first_not_of('/'));
}

std::string ContainerOrigin::label(std::string_view key) const {
  if (record_ && maker_ == Maker::docker)
    return if_readable([&] { return string_at(*record_, {"Config", "Labels", key}); });
  if (record_) return if_readable([&] { return string_at(*record_, {key}); });
  return first_of(label_rows, key, maker_, spec_);
}

std::vector<Spec::Annotation> ContainerOrigin::labels() const {
  if (record_)
    return if_readable([&] {
      return strings_in(*record_, maker_ == Maker::docker ? std::vector<std::string_view>{"Config", "Labels"}
                                                          : std::vector<std::string_view>());
    });
  std::vector<Spec::Annotation> result;
  for (const Row& row : label_rows)
    if (std::string value = label(row.what); !value.empty())
      result.push_back({std::string(row.what), std::move(value)});
  return result;
}

bool is_sandbox(const Spec& spec, const CommandLine& call) {
  const auto is_mark = [](std::string_view key) {
    return std::ranges::any_of(sandbox_marks,
                               [&](const SandboxMark& mark) { return key == mark.type || key == mark.id; });
  };
  const std::vector<Spec::Annotation> annotations = spec.annotations_if(is_mark);
  const auto say = [&](std::string_view key, std::string_view value) {
    const auto found = std::ranges::find(annotations, key, &Spec::Annotation::key);
    return found != annotations.end() && found->value == value;
  };
  const auto names_itself = [&](const SandboxMark& mark) { return say(mark.type, "sandbox") && say(mark.id, call.id); };
  const auto* mark = std::ranges::find_if(sandbox_marks, names_itself);
  if (mark == sandbox_marks.end()) return false;
  const Maker maker = maker_by_place(spec, call.id, absolute_bundle(call));
  return maker == Maker::unknown || maker == mark->maker;
}
