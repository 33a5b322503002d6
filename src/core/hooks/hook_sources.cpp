// SPDX-License-Identifier: Apache-2.0
#include "core/hooks/hook_sources.h"

#include <sys/stat.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <set>

#include "core/hooks/hook_file.h"
#include "core/host/directory.h"
#include "core/host/file.h"
#include "core/host/path.h"
#include "core/host/root.h"
#include "core/text/lower_case.h"
#include "core/toolkit/names.h"

namespace {

// In podman's order; of two names that differ in case alone, where that has none, always the same.
struct FileName {
  explicit FileName(std::string_view name) : small(in_lower_case(name)), own(name) {}
  auto operator<=>(const FileName&) const = default;

  std::string small, own;
};

using PathsByName = std::map<FileName, std::string>;

bool is_directory(const RootedPath& path) {
  const auto status = status_of(path);
  return status && S_ISDIR(status->st_mode);
}

// podman, since containers/common 0.58, and CRI-O: prestart is deprecated, createRuntime comes at the same time.
std::vector<Stage> without_prestart(std::vector<Stage> stages) {
  std::ranges::replace(stages, Stage::prestart, Stage::create_runtime);
  return stages;
}

bool runs_inside(const std::vector<Stage>& stages) {
  return !stages.empty() && std::ranges::none_of(stages, runs_on_host);
}

// Nothing, with errno, when it cannot be looked at. Each create asks for each hook: one call on this file system.
std::optional<struct stat> program_at(const RootedPath& path) {
  struct stat status;
  if (path.root.empty()) return stat(path.path.c_str(), &status) == 0 ? std::optional(status) : std::nullopt;
  const Fd found = open_path(path);
  return found && fstat(found.number(), &status) == 0 ? std::optional(status) : std::nullopt;
}

class Loader {
 public:
  Loader(Purpose purpose, const std::string& root) : purpose_(purpose), root_(root) {}

  // One of these adds what a file has.
  using Reader = void (Loader::*)(const std::string& path, std::string content);
  void hooks_json(const std::string& path, std::string content);
  void hook_file(const std::string& path, std::string content);
  void whichever_it_is(const std::string& path, std::string content);

  void file(const std::string& path_there, Reader reader);
  void directories(const std::vector<std::string>& paths_there);

  LoadedHooks loaded;

 private:
  // What is thrown in the part of a file or a directory is said, and the others are read all the same.
  template <class Body>
  void part_of(const std::string& path_there, Body&& body) {
    try {
      body();
    } catch (const Error& error) {
      loaded.findings.push_back(finding_of(Severity::error, error, in_root(root_, path_there)));
    }
  }

  /// As podman does, it reads also those that do not count: what is wrong in one stops it.
  void replaced_file(const std::string& path, std::string content) {
    std::ranges::copy_if(parse_hook_file(path, std::move(content)).findings, std::back_inserter(loaded.findings),
                         [](const Finding& each) { return each.severity == Severity::error; });
  }

  void names_in(const std::string& directory_there, PathsByName& result);
  void add_name(std::string_view name, const std::string& path_there, PathsByName& result);
  void missing(const std::string& path_there);
  void add(ConfiguredHook&& hook);
  std::string fault_of(const std::string& program);
  Trust trust() const { return purpose_ == Purpose::use ? Trust::required : Trust::not_needed; }

  Purpose purpose_;
  const std::string& root_;
  std::set<std::string> sound_;  // the programs without a fault
  std::vector<std::string> replaced_there_;
};

// Hosts share configurations, so that what one of them names may be missing on another.
void Loader::missing(const std::string& path_there) {
  const std::string path = in_root(root_, path_there);
  if (const auto link = dangling_link(link_in_root(root_, path_there)))
    throw error("read {}: the link {} leads nowhere", path, *link);
  if (purpose_ == Purpose::review) throw ::missing("read {}", path);
  if (!path_there.empty() && path_there != default_hooks_path && path_there != default_hooks_directory)
    loaded.findings.push_back(
        {Severity::warning, fmt::format("{}, which config.toml names, does not exist", path_there), path});
}

void Loader::file(const std::string& path_there, Reader reader) {
  part_of(path_there, [&] {
    std::optional<std::string> content = read_if_exists(RootedPath(root_, path_there), trust(), max_hooks_file_size);
    if (!content) return missing(path_there);
    ++loaded.files;
    (this->*reader)(in_root(root_, path_there), std::move(*content));
  });
}

void Loader::hooks_json(const std::string& path, std::string content) {
  auto [hooks, found] = parse_hooks_json(path, std::move(content));
  append(loaded.findings, std::move(found));
  for (const Stage stage : spec_stages)
    for (Hook& hook : hooks[stage]) add({path, {stage}, {stage}, std::move(hook), unconditional(), {}, true});
}

void Loader::hook_file(const std::string& path, std::string content) {
  auto [file, found] = parse_hook_file(path, std::move(content));
  append(loaded.findings, std::move(found));
  if (!file) return;
  std::vector<Stage> stages = without_prestart(file->stages);
  add({path, std::move(file->stages), std::move(stages), std::move(file->hook), std::move(file->when),
       std::move(file->unless)});
}

void Loader::whichever_it_is(const std::string& path, std::string content) {
  const JsonText text(path, content, JsonText::Dialect::relaxed, max_hooks_file_depth);
  const Reader reader = looks_like_hook_file(text) ? &Loader::hook_file : &Loader::hooks_json;
  (this->*reader)(path, std::move(content));
}

bool is_disabled(std::string_view name) {
  return name.ends_with(disabled_suffix) && name.substr(0, name.size() - disabled_suffix.size()).ends_with(".json");
}

// A hidden directory is nobody's who looks for hooks: a ConfigMap of Kubernetes has its files in one, and links to them.
void Loader::names_in(const std::string& directory_there, PathsByName& result) {
  const RootedPath path(root_, directory_there);
  if (purpose_ == Purpose::use) require_trusted_directory(path);
  std::optional<Directory> directory = Directory::open_if_exists(path);
  if (!directory) return missing(directory_there);
  while (const dirent* entry = directory->next()) {
    const std::string_view name = entry->d_name;
    const std::string found = fmt::format("{}/{}", directory_there, name);
    if (name.ends_with(".json"))
      add_name(name, found, result);
    else if (is_disabled(name) || (entry->d_type == DT_DIR && !name.starts_with('.')))
      loaded.skipped.push_back(in_root(root_, found));
  }
}

void Loader::add_name(std::string_view name, const std::string& path_there, PathsByName& result) {
  const auto [at, is_new] = result.try_emplace(FileName(name), path_there);
  if (is_new) return;
  loaded.replaced.push_back({in_root(root_, at->second), in_root(root_, path_there)});
  replaced_there_.push_back(std::exchange(at->second, path_there));
}

void Loader::directories(const std::vector<std::string>& paths_there) {
  PathsByName files;
  for (const std::string& directory : paths_there) part_of(directory, [&] { names_in(directory, files); });
  std::ranges::sort(loaded.skipped);
  for (const std::string& path : replaced_there_) file(path, &Loader::replaced_file);
  for (const auto& [name, path] : files)
    file(path, purpose_ == Purpose::review && name.own == base_name(default_hooks_path) ? &Loader::whichever_it_is
                                                                                        : &Loader::hook_file);
}

// A program that is missing here is looked for in vain by the runtime, too, which does not say in whose file it is named.
void Loader::add(ConfiguredHook&& hook) {
  const std::string fault = runs_inside(hook.stages) ? "" : fault_of(hook.hook.path);
  const Severity severity = purpose_ == Purpose::use ? Severity::error : Severity::warning;
  if (!fault.empty()) loaded.findings.push_back(finding_at(severity, hook, fault));
  if (fault.empty() || purpose_ == Purpose::review) loaded.hooks.push_back(std::move(hook));
}

// Each program is looked at once.
std::string Loader::fault_of(const std::string& program) {
  if (sound_.contains(program)) return "";
  std::string fault = fault_of_program({root_, program}, purpose_);
  if (fault.empty()) sound_.insert(program);
  return fault;
}

}  // namespace

void append(LoadedHooks& loaded, LoadedHooks&& part) {
  std::ranges::move(part.hooks, std::back_inserter(loaded.hooks));
  append(loaded.findings, std::move(part.findings));
  loaded.files += part.files;
  std::ranges::move(part.replaced, std::back_inserter(loaded.replaced));
  std::ranges::move(part.skipped, std::back_inserter(loaded.skipped));
}

LoadedHooks load_hooks(const Config& config, const std::string& root) {
  Loader loader(Purpose::use, root);
  loader.file(config.hooks_path, &Loader::hooks_json);
  loader.directories(config.hooks_dirs);
  return std::move(loader.loaded);
}

LoadedHooks load_hook_text(const RootedPath& path, std::string text) {
  Loader loader(Purpose::use, path.root);
  loader.hook_file(path.shown(), std::move(text));
  return std::move(loader.loaded);
}

LoadedHooks load_hooks_for_review(const RootedPath& path) {
  Loader loader(Purpose::review, path.root);
  if (is_directory(path))
    loader.directories({path.path});
  else
    loader.file(path.path, &Loader::whichever_it_is);
  return std::move(loader.loaded);
}

std::string at_hook(const ConfiguredHook& hook, std::string_view what) {
  const Position& position = hook.hook.position;
  return fmt::format("{}:{}:{}: {}: {}", hook.source, position.line, position.column, json_quoted(hook.hook.path),
                     what);
}

std::string description_of(const ConfiguredHook& hook) {
  const std::string unless = hook.unless ? " unless " + description_of(*hook.unless) : "";
  return description_of(hook.when) + unless;
}

Finding finding_at(Severity severity, const ConfiguredHook& hook, std::string_view what) {
  return {severity, at_hook(hook, what), hook.source, hook.hook.position.line, hook.hook.position.column};
}

std::string fault_of_program(const RootedPath& path, Purpose purpose) {
  const auto status = program_at(path);
  if (!status) return errno_text(errno);
  if (!S_ISREG(status->st_mode)) return "it is not a regular file";
  if ((status->st_mode & 0111) == 0) return "it is not executable";
  return purpose == Purpose::use ? program_refusal(path).value_or("") : "";
}
