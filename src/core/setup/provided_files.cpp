// SPDX-License-Identifier: Apache-2.0
#include "core/setup/provided_files.h"

#include <algorithm>
#include <iterator>

#include "core/engine/place.h"
#include "core/engine/undo.h"
#include "core/error.h"
#include "core/hooks/hook_sources.h"
#include "core/host/directory.h"
#include "core/host/path.h"
#include "core/text/split.h"
#include "core/toolkit/install.h"

namespace {

// Of records: who has written, and what. The toolkit's record says that there was none before, and has no content.
constexpr std::string_view writer = "setup";
constexpr std::string_view a_file = "file";
constexpr std::string_view the_toolkit = "toolkit";

constexpr std::string_view hooks_json = "hooks.json";  // in a directory of hooks: goes where such a file is read

class FilesPlan {
 public:
  explicit FilesPlan(const std::string& root) : root_(root), records_(root) {}

  void provide(const std::string& path, std::string content);
  void take_back(const UndoRecord& record);
  /// Those of setup, of files in that directory or everywhere.
  std::vector<UndoRecord> records(const std::string& directory = "") const;
  std::string canonical(const std::string& path) const { return canonical_in_root(root_, path); }
  Plan result() && { return std::move(plan_); }

 private:
  std::string root_;
  UndoRecords records_;
  Plan plan_;
};

void FilesPlan::provide(const std::string& path, std::string content) {
  Change change = file_change(root_, path);
  if (change.before == content) return;
  const std::string place = canonical(path);
  const auto record = records_.find(place, std::string(a_file));
  const auto before = record ? record->before : change.before;
  plan_.changes.push_back(records_.to_save({std::string(writer), std::string(a_file), place, before, content}));
  change.after = std::move(content);
  plan_.changes.push_back(std::move(change));
}

void FilesPlan::take_back(const UndoRecord& record) {
  Change change = file_change(root_, record.path);
  if (change.before == record.after) change.after = record.before;
  if (change.before != record.after && change.before != record.before)
    plan_.notes.push_back(fmt::format("{} has been edited since, and stays", change.shown_path()));
  plan_.changes.push_back(std::move(change));
  plan_.changes.push_back(records_.to_remove(record.path, record.name));
}

std::vector<UndoRecord> FilesPlan::records(const std::string& directory) const {
  std::vector<UndoRecord> result = records_.all();
  std::erase_if(result, [&](const UndoRecord& record) {
    const bool is_there = directory.empty() || directory_of(record.path) == directory;
    return record.engine != writer || record.name != a_file || !is_there;
  });
  return result;
}

std::string content_of(const std::string& path) {
  const std::optional<std::string> content = read_if_exists(path);
  if (!content) throw missing("read {}", path);
  return *content;
}

bool runs_on_host(const ConfiguredHook& hook) {
  return std::ranges::any_of(hook.stages, [](Stage stage) { return stage != Stage::start_container; });
}

// What is wrong with the files, and with programs on the host that they are for.
void require_usable(const std::string& path, const std::string& root) {
  const LoadedHooks loaded = load_hooks_for_review(path);
  require_no_errors(loaded.findings);
  for (const ConfiguredHook& each : loaded.hooks)
    if (const RootedPath program(root, each.hook.path); runs_on_host(each))
      if (const std::string fault = fault_of_program(program, Purpose::use); !fault.empty())
        throw error("{}", at_hook(each, fault));
}

std::vector<std::string> hook_files_in(const std::string& directory) {
  if (!status_of(directory)) throw missing("read the directory {}", directory);
  std::vector<std::string> names = file_names_in(directory);
  std::erase_if(names, [](const std::string& name) { return !name.ends_with(".json") || name == hooks_json; });
  return names;
}

void provide_hooks(FilesPlan& plan, const std::string& from, const Config& config, const std::string& root) {
  const std::vector<std::string> names = hook_files_in(from);
  const std::string to = config.hooks_dirs.empty() ? std::string(default_hooks_directory) : config.hooks_dirs.back();
  for (const std::string& name : names) {
    require_usable(from + '/' + name, root);
    plan.provide(to + '/' + name, content_of(from + '/' + name));
  }
  for (const UndoRecord& record : plan.records(plan.canonical(to)))
    if (std::ranges::find(names, base_name(record.path)) == names.end()) plan.take_back(record);
  if (const std::string all = fmt::format("{}/{}", from, hooks_json); status_of(all)) {
    require_usable(all, root);
    plan.provide(config.hooks_path, content_of(all));
  }
}

}  // namespace

Plan plan_files(const ProvidedFiles& wanted) {
  FilesPlan plan(wanted.root);
  const RootedPath config_file(wanted.root, system_config_path);
  const LoadedConfig loaded = wanted.config.empty() ? load_config_file(config_file) : load_config_file(wanted.config);
  if (!wanted.config.empty())
    plan.provide(config_file.path, content_of(wanted.config));
  else if (loaded.path.empty())
    plan.provide(config_file.path, default_config_text());
  if (!wanted.hooks_directory.empty()) provide_hooks(plan, wanted.hooks_directory, loaded.config, wanted.root);
  return std::move(plan).result();
}

Plan plan_taking_files_back(const std::string& root) {
  FilesPlan plan(root);
  for (const UndoRecord& record : plan.records()) plan.take_back(record);
  return std::move(plan).result();
}

Plan plan_toolkit(const std::string& root) {
  InstallRequest request;
  request.root = root;
  Plan plan = plan_install(request);
  const UndoRecords records(root);
  const std::string& path = plan.changes.front().path;
  if (!plan.changes.front().before)
    plan.changes.insert(plan.changes.begin(),
                        records.to_save({std::string(writer), std::string(the_toolkit), path, std::nullopt, ""}));
  return plan;
}

Plan plan_taking_toolkit_back(const std::string& root) {
  InstallRequest request;
  request.root = root;
  const std::string path = fmt::format("{}/{}", request.bindir, toolkit_name);
  const UndoRecords records(root);
  Plan plan;
  if (!records.find(path, std::string(the_toolkit))) {
    if (status_of(RootedPath(root, path)))
      plan.notes.push_back(fmt::format("{} was there before setup, and stays", RootedPath(root, path).shown()));
    return plan;
  }
  plan = plan_uninstall(request);
  plan.changes.push_back(records.to_remove(path, std::string(the_toolkit)));
  return plan;
}
