// SPDX-License-Identifier: Apache-2.0
#include "core/hooks/variables.h"

#include <algorithm>
#include <set>

#include "core/host/path.h"
#include "core/text/suggestion.h"
#include "core/text/utf8.h"

namespace {

// Valid text without NUL: what can be an argument of a program.
std::string passable(std::string_view value) {
  constexpr std::string_view replacement = "\uFFFD";
  std::string text = valid_utf8(value);
  if (text.find('\0') == text.npos) return text;
  std::string result;
  for (const char c : text) result += c == '\0' ? replacement : std::string_view(&c, 1);
  return result;
}

using Placeholder = Variables::Found;

// The innermost {{…}} that there are in text.
std::vector<Placeholder> placeholders(std::string_view text) {
  std::vector<Placeholder> result;
  std::size_t from = 0;
  for (std::size_t close; (close = text.find("}}", from)) != text.npos; from = close + 2) {
    const std::size_t open = text.substr(from, close - from).rfind("{{");
    if (open == text.npos) continue;
    result.push_back({from + open, close + 2, text.substr(from + open + 2, close - from - open - 2)});
  }
  return result;
}

}  // namespace

constexpr std::array<Variables::Row, 15> Variables::rows = {{
    {"id", "", [](const auto& of, auto) { return std::string(of.call_.id); }, "the container's id", "the command line"},
    {"bundle", "", [](const auto& of, auto) { return of.bundle(); }, "the absolute path of its bundle",
     "the command line"},
    {"rootfs", "", [](const auto& of, auto) { return of.rootfs(); }, "the absolute path of its root file system",
     "the spec"},
    {"hostname", "", [](const auto& of, auto) { return of.spec_.hostname(); }, "its host name, as the spec says it",
     "the spec"},
    {"pid-file", "", [](const auto& of, auto) { return of.pid_file(); }, "the file that its pid will be written to",
     "the command line"},
    {"runtime", "", [](const auto& of, auto) { return of.runtime_; }, "the path of the low-level runtime",
     "the configuration"},
    {"annotation:", "KEY", [](const auto& of, auto key) { return of.annotation(key); }, "one of its annotations",
     "the spec"},
    {"env:", "NAME", [](const auto& of, auto name) { return of.env(name); }, "a variable of its process's environment",
     "the spec"},
    {"label:", "KEY", [](const auto& of, auto key) { return of.origin().label(key); },
     "one of its labels (Docker, CRI-O; the kubelet's under containerd)"},
    {"image", "", [](const auto& of, auto) { return of.origin().image(); },
     "the image's name (Docker, containerd's CRI, CRI-O)"},
    {"image-digest", "", [](const auto& of, auto) { return of.origin().image_digest(); },
     "the image's digest, as the engine has it (Docker, CRI-O)"},
    {"name", "", [](const auto& of, auto) { return of.origin().name(); }, "the container's name (Docker, Kubernetes)"},
    {"namespace", "", [](const auto& of, auto) { return of.origin().space(); },
     "the Kubernetes namespace of its pod (containerd's CRI, CRI-O)"},
    {"pod", "", [](const auto& of, auto) { return of.origin().pod(); },
     "the name of its pod (containerd's CRI, CRI-O)"},
    {"engine", "", [](const auto& of, auto) { return std::string(of.origin().engine()); },
     "docker, podman, containerd or cri-o"},
}};

Variables::Variables(const Spec& spec, const CommandLine& call, std::string runtime)
    : spec_(spec), call_(call), runtime_(std::move(runtime)) {}

std::vector<std::pair<std::string, std::string_view>> Variables::help() {
  std::vector<std::pair<std::string, std::string_view>> result;
  for (const Row& row : rows) result.emplace_back(fmt::format("{}{}", row.name, row.key), row.meaning);
  return result;
}

std::vector<Variables::Known> Variables::known() const {
  std::vector<Known> result;
  for (const Row& row : rows)
    if (row.key.empty())
      result.push_back({std::string(row.name), row.value(*this, ""),
                        row.source.empty() ? origin().source() : std::string(row.source)});
  return result;
}

std::vector<Variables::Known> Variables::all() const {
  std::vector<Known> result = known();
  for (const Spec::Annotation& each : spec_.annotations())
    result.push_back({"annotation:" + each.key, each.value, "the spec"});
  for (const Spec::Annotation& each : origin().labels())
    result.push_back({"label:" + each.key, each.value, origin().source()});
  std::set<std::string> names;
  for (const std::string& each : spec_.process() ? spec_.process()->env : std::vector<std::string>())
    names.insert(each.substr(0, each.find('=')));
  for (const std::string& name : names) result.push_back({"env:" + name, env(name), "the spec"});
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
  return passable(row->value(*this, name.substr(row->name.size())));
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

// One that is longer than any name says nothing more, and must not keep the hook from being started.
RunLabels Variables::labels() const {
  constexpr std::size_t longest = 4096;
  const auto label = [](std::string_view value) { return passable(value.substr(0, longest)); };
  RunLabels result;
  result.container = label(call_.id);
  result.bundle = label(bundle());
  result.image = label(origin().image());
  result.name = label(origin().name());
  result.space = label(origin().space());
  result.pod = label(origin().pod());
  result.engine = origin().engine();
  return result;
}

std::vector<Variables::Found> Variables::found_in(std::string_view text) {
  std::vector<Found> result = placeholders(text);
  std::erase_if(result, [](const Found& each) { return row_of(each.name) == nullptr; });
  return result;
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

const std::string& Variables::bundle() const {
  if (!bundle_) bundle_ = absolute_bundle(call_);
  return *bundle_;
}

std::string Variables::rootfs() const {
  const std::string path = spec_.root_path();
  return path.empty() || path.starts_with('/') ? path : fmt::format("{}/{}", bundle(), path);
}

// The file need not exist yet.
std::string Variables::pid_file() const { return absolute_path(call_.pid_file); }

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

const ContainerOrigin& Variables::origin() const {
  if (!origin_) origin_.emplace(spec_, call_);
  return *origin_;
}
