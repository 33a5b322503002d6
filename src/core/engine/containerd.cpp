// containerd: config.toml, versions 1 to 4. https://github.com/containerd/containerd/blob/main/docs/cri/config.md
//
// A drop-in works from version 3 on only: before, an imported file replaces the
// whole section of a plugin.
//
// SPDX-License-Identifier: Apache-2.0
#include <fnmatch.h>

#include <algorithm>
#include <charconv>

#include "core/engine/engine.h"
#include "core/error.h"
#include "core/host/child.h"

namespace {

struct Version {
  std::int64_t number;
  std::string_view cri_plugin;
};
constexpr std::array versions = {
    Version{1, "cri"},
    Version{2, "io.containerd.grpc.v1.cri"},
    Version{3, "io.containerd.cri.v1.runtime"},
    Version{4, "io.containerd.cri.v1.runtime"},
};

// kata's and runsc's own shims ignore BinaryName.
bool can_stand_in(std::string_view type) {
  return type.empty() || type.starts_with("io.containerd.runc.") || type == "io.containerd.runtime.v1.linux";
}

const Version& version_of(const Document& document) {
  const std::int64_t number = document.integer({"version"}).value_or(1);
  const auto* version = std::ranges::find(versions, number, &Version::number);
  if (version == versions.end())
    throw error("version {} of containerd's configuration is not known, 1 to 4 are", number);
  return *version;
}

Key cri(const Document& document) { return {"plugins", std::string(version_of(document).cri_plugin)}; }

RuntimeTable table(const Document& document) {
  const Key containerd_table = cri(document) / "containerd";
  RuntimeTable result;
  result.runtimes = containerd_table / "runtimes";
  result.default_name = containerd_table / "default_runtime_name";
  result.binary = {"options", "BinaryName"};
  result.type_key = "runtime_type";
  result.type = "io.containerd.runc.v2";
  result.forgets_built_in = version_of(document).number < 3;
  result.old_type = "io.containerd.runtime.v1.linux";
  result.old_binary = {"options", "Runtime"};
  result.can_stand_in = can_stand_in;
  return result;
}

// Of the containerd on this host; the newest version that every containerd of its line understands.
std::int64_t installed_version() {
  const std::optional<ChildResult> child = run_child({"containerd", "--version"});
  if (!child) return 2;
  std::string_view words = child->output;  // "containerd github.com/containerd/containerd v2.1.0 061792f0"
  for (int word = 0; word < 2; ++word) words.remove_prefix(std::min(words.find(' ') + 1, words.size()));
  if (words.starts_with('v')) words.remove_prefix(1);
  int major = 0;
  std::from_chars(words.data(), words.data() + words.size(), major);
  return major >= 2 ? 3 : 2;
}

// Without a version containerd reads a file as version 1, and of two files it takes each as its own version says.
void begin(Document& document, const Document* main) {
  if (!document.names({}).empty()) return;
  const bool main_says = main && !main->names({}).empty();
  document.set({"version"}, fmt::format("{}", main_says ? version_of(*main).number : installed_version()));
}

bool is_covered(const std::vector<std::string>& imports, const std::string& drop_in) {
  return std::ranges::any_of(imports, [&](const std::string& pattern) {
    return fnmatch(pattern.c_str(), drop_in.c_str(), FNM_PATHNAME) == 0;
  });
}

// The array as it is written, with one more element; written anew when a comment in it would swallow that.
std::string with_element(const Document& document, const std::string& element) {
  std::vector<std::string> imports = document.strings({"imports"});
  imports.push_back(element);
  std::string spelling = document.spelling({"imports"}).value_or("[]");
  const std::size_t end = spelling.find_last_not_of(" \t\r\n", spelling.size() - 2) + 1;
  const bool needs_comma = imports.size() > 1 && spelling[end - 1] != ',';
  spelling.insert(end, fmt::format("{}{}",
                                   needs_comma          ? ", "
                                   : imports.size() > 1 ? " "
                                                        : "",
                                   document.quoted(element)));
  for (std::string& path : imports) path = document.quoted(path);
  return spelling.find('#') == spelling.npos ? spelling : fmt::format("[{}]", fmt::join(imports, ", "));
}

void import(Document& main, const std::string& drop_in) {
  const std::int64_t number = version_of(main).number;
  if (number < 3)
    throw error(
        "a drop-in replaces whole sections of plugins in version {} of the configuration: leave --drop-in-config away",
        number);
  if (is_covered(main.strings({"imports"}), drop_in)) return;
  main.set({"imports"}, with_element(main, drop_in));
}

void remark(const Document& document, const Wanted& wanted, Notes& notes) {
  const std::vector<std::string> disabled = document.strings({"disabled_plugins"});
  const std::array<std::string_view, 2> names = {"cri", version_of(document).cri_plugin};
  const auto found = std::ranges::find_first_of(disabled, names);
  if (found != disabled.end())
    notes.push_back(
        fmt::format("disabled_plugins has \"{}\": this containerd serves no Kubernetes, and nothing reads "
                    "what was configured",
                    *found));
  const Key old_default = cri(document) / "containerd" / "default_runtime";
  if (wanted.as_default && !document.string(old_default / "runtime_type").value_or("").empty())
    notes.push_back(
        fmt::format("the old table {} wins over default_runtime_name: remove it", fmt::join(old_default, ".")));
}

}  // namespace

const Engine containerd = {
    .name = "containerd",
    .program = "containerd",
    .files = {"/etc/containerd/config.toml", "", ""},
    .rootless = {},
    .read = toml_document,
    .table = table,
    .check_request = nullptr,
    .begin = begin,
    .import = import,
    .remark = remark,
    .checker = {"containerd", "-c", "FILE", "config", "dump"},
    .unknown_to_checker = "",
    .reload = "systemctl restart containerd",
    .farewell = "",
    .structure = [] { return std::vector<std::string>{"version"}; },
    .config_options = {"-c", "--config"},
    .annotation_lists = {"pod_annotations"},
};
