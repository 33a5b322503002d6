// containerd: config.toml, versions 1 to 4. https://github.com/containerd/containerd/blob/main/docs/cri/config.md
//
// A drop-in works from version 3 on only: before, an imported file replaces the
// whole section of a plugin.
//
// SPDX-License-Identifier: Apache-2.0
#include "core/engine/containerd.h"

#include <fnmatch.h>

#include <algorithm>
#include <charconv>

#include "core/error.h"
#include "core/host/child.h"
#include "core/text/split.h"

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
  return type.empty() || type.starts_with("io.containerd.runc.") || type == "io.containerd.runtime.v1.linux" ||
         type == "${RUNTIME_TYPE}";  // microk8s makes one of these of it
}

const Version& version_of(const Document& document) {
  const std::int64_t number = document.integer({"version"}).value_or(1);
  const auto* version = std::ranges::find(versions, number, &Version::number);
  if (version == versions.end())
    throw document.error_at({"version"},
                            fmt::format("version {} of containerd's configuration is not known, 1 to 4 are", number));
  return *version;
}

Key cri(const Document& document) { return {"plugins", std::string(version_of(document).cri_plugin)}; }

// The first number of the version of the containerd that reads the file; nothing where that is not known.
std::optional<int> installed_line(const std::string& root) {
  if (!root.empty()) return std::nullopt;
  const std::optional<ChildResult> child = run_child({"containerd", "--version"});
  if (!child || child->status != 0) return std::nullopt;
  const std::vector<std::string_view> answer =
      words(child->output);  // "containerd github.com/containerd/containerd v2.1.0"
  std::string_view version = answer.size() > 2 ? answer[2] : "";
  if (version.starts_with('v')) version.remove_prefix(1);
  int result = 0;
  const auto [end, failure] = std::from_chars(version.data(), version.data() + version.size(), result);
  return failure == std::errc() ? std::optional(result) : std::nullopt;
}

// Without a version containerd reads a file as version 1, and of two files it takes each as its own version says. A new
// file gets the newest that every containerd of this line understands.
void set_version(Document& document, const Document* main, std::optional<int> line) {
  if (!document.names({}).empty()) return;
  const bool main_says = main && !main->names({}).empty();
  const std::int64_t newest = line.value_or(1) >= 2 ? 3 : 2;
  document.set({"version"}, fmt::format("{}", main_says ? version_of(*main).number : newest));
}

// containerd 1.x forgets the runc that it has built in as soon as its file has any runtime, and serves no pods at all
// while its default names that.
Notes keep_built_in(Document& document, std::optional<int> line) {
  const RuntimeTable runtimes = containerd_table(document);
  if (!runtimes.forgets_built_in || line.value_or(1) >= 2 || !write_built_in(document, runtimes)) return {};
  return {fmt::format(
      "the runtime {} is written out, too: {}", runtimes.built_in_default,
      line ? "containerd 1.x forgets the one it has built in when its file has any" : "a containerd 1.x needs that")};
}

Notes prepare(Document& document, const Document* main, const std::string& root) {
  const bool is_new = document.names({}).empty();
  const std::optional<int> line = is_new || version_of(document).number < 3 ? installed_line(root) : std::nullopt;
  set_version(document, main, line);
  return keep_built_in(document, line);
}

// The array as it is written, with one more element; written anew when a comment in it would swallow that.
std::string with_element(const Document& document, const std::string& element) {
  std::vector<std::string> imports = document.strings({"imports"});
  imports.push_back(element);
  for (std::string& path : imports) path = document.quoted(path);
  std::string spelling = document.spelling({"imports"}).value_or("[]");
  if (imports.size() == 1 || spelling.find('#') != spelling.npos) return fmt::format("[{}]", join(imports, ", "));
  const std::size_t end = spelling.find_last_not_of(" \t\r\n", spelling.size() - 2) + 1;
  return spelling.insert(end, (spelling[end - 1] == ',' ? " " : ", ") + imports.back());
}

void import(Document& main, const std::string& drop_in) {
  const std::int64_t number = version_of(main).number;
  if (number < 3)
    throw main.error_at({"version"},
                        fmt::format("in version {} of the configuration a drop-in replaces whole sections of plugins: "
                                    "omit --drop-in-config",
                                    number));
  if (is_imported_by(main, drop_in)) return;
  main.set({"imports"}, with_element(main, drop_in));
}

}  // namespace

RuntimeTable containerd_table(const Document& document) {
  const Key section = cri(document) / "containerd";
  return {.runtimes = section / "runtimes",
          .default_name = section / "default_runtime_name",
          .binary = {"options", "BinaryName"},
          .type_key = "runtime_type",
          .type = "io.containerd.runc.v2",
          .old_type = "io.containerd.runtime.v1.linux",
          .old_binary = {"options", "Runtime"},
          .can_stand_in = can_stand_in,
          .forgets_built_in = version_of(document).number < 3};
}

Notes containerd_ineffective(const Document& document, const Wanted& wanted) {
  Notes notes;
  const std::vector<std::string> disabled = document.strings_if_any({"disabled_plugins"});
  const std::array<std::string_view, 2> names = {"cri", version_of(document).cri_plugin};
  const auto found = std::ranges::find_first_of(disabled, names);
  if (found != disabled.end())
    notes.push_back(
        fmt::format("disabled_plugins has \"{}\": this containerd serves no Kubernetes, and nothing reads "
                    "what was configured",
                    *found));
  const Key old_default = cri(document) / "containerd" / "default_runtime";
  if (wanted.as_default && !document.string_if_any(old_default / "runtime_type").value_or("").empty())
    notes.push_back(fmt::format("the old table {} wins over default_runtime_name: remove it", join(old_default, ".")));
  return notes;
}

bool is_imported_by(const Document& main, const std::string& file) {
  return std::ranges::any_of(main.strings({"imports"}), [&](const std::string& pattern) {
    return fnmatch(pattern.c_str(), file.c_str(), FNM_PATHNAME) == 0;
  });
}

const Engine containerd = {
    .name = "containerd",
    .program = "containerd",
    .files = {.main = "/etc/containerd/config.toml"},
    .read = toml_document,
    .table = containerd_table,
    .prepare = prepare,
    .import = import,
    .ineffective = containerd_ineffective,
    .checker = {"containerd", "-c", "FILE", "config", "dump"},
    .reload = "systemctl restart containerd",
    .config_options = {"-c", "--config"},
    .annotation_lists = {"pod_annotations"},
};
