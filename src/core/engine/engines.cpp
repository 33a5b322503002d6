// SPDX-License-Identifier: Apache-2.0
#include "core/engine/engines.h"

#include <algorithm>

#include "core/engine/place.h"
#include "core/engine/undo.h"
#include "core/error.h"
#include "core/host/child.h"
#include "core/host/file.h"
#include "core/host/path.h"
#include "core/host/root.h"
#include "core/text/split.h"
#include "core/text/suggestion.h"
#include "core/toolkit/names.h"

namespace {

std::vector<UndoRecord> records_of(const Engine& engine, const std::string& root) {
  std::vector<UndoRecord> records = UndoRecords(root).all();
  std::erase_if(records, [&](const UndoRecord& record) { return record.engine != engine.name; });
  return records;
}

constexpr std::array<std::string_view, 8> program_directories = {
    "/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin", "/opt/rke2/bin", "/snap/bin"};

struct SearchedFile {
  std::string path;       // as the engine has it
  std::string canonical;  // as records have it
};

// Those that the engine reads by itself, and those that configure was told to edit.
std::vector<SearchedFile> files_to_search(const Engine& engine, const std::string& root, FileOwner owner) {
  const EnginePaths paths = engine_paths(engine, root, owner);
  std::vector<SearchedFile> files;
  // What a distribution has made of the others is none to look into.
  if (!engine.distribution.find) files.push_back({paths.main, canonical_in_root(root, paths.main)});
  if (paths.has_template()) files.push_back({paths.drop_in, canonical_in_root(root, paths.drop_in)});
  for (const std::string& path : drop_ins(paths, root)) files.push_back({path, canonical_in_root(root, path)});
  for (const UndoRecord& record : records_of(engine, root))
    if (std::ranges::find(files, record.path, &SearchedFile::canonical) == files.end())
      files.push_back({record.path, record.path});
  return files;
}

// The names that configure gives: its default, and those of profiles.
bool is_our_name(std::string_view name) { return name == default_runtime_name || name.starts_with("container-hooks-"); }

bool is_recorded(const std::vector<UndoRecord>& records, const std::string& file, const std::string& name) {
  return std::ranges::any_of(records,
                             [&](const UndoRecord& record) { return record.path == file && record.name == name; });
}

}  // namespace

bool is_there(const Engine& engine, const std::string& root) {
  return std::ranges::any_of(program_directories, [&](std::string_view directory) {
    return is_executable(RootedPath(root, directory) / engine.program);
  });
}

std::vector<const Engine*> engines_to_tell_of(const std::string& root) {
  std::vector<const Engine*> result(engines.begin(), engines.end());
  std::erase_if(result, [&](const Engine* engine) {
    return engine->is_distribution() && !is_there(*engine, root) && !status_of({root, engine->distribution.directory});
  });
  return result;
}

const Engine& engine_called(std::string_view name) {
  std::vector<std::string_view> names;
  for (const Engine* engine : engines) {
    if (engine->name == name) return *engine;
    names.push_back(engine->name);
  }
  throw UsageError(fmt::format("--runtime {}: there is no such engine{}; {} are", name, did_you_mean(name, names),
                               join(names, ", ")));
}

const Engine& engine_called(std::string_view name, const std::string& root) {
  const Engine& engine = engine_called(name);
  if (&engine != &containerd || is_there(containerd, root)) return engine;
  const auto found = std::ranges::find_if(
      engines, [&](const Engine* each) { return each->is_distribution() && is_there(*each, root); });
  return found == engines.end() ? engine : **found;
}

bool is_shim(std::string_view program, std::string_view path) {
  return program == path || without_profile(base_name(program)) == runtime_role;
}

std::vector<ConfiguredRuntime> configured_runtimes(const Engine& engine, const std::string& root,
                                                   const std::string& path, FileOwner owner) {
  const std::vector<UndoRecord> records = records_of(engine, root);
  std::vector<ConfiguredRuntime> result;
  for (const SearchedFile& file : files_to_search(engine, root, owner)) {
    const auto content = read_if_exists({root, file.path});
    if (!content) continue;
    const auto document = engine.read(root + file.path, *content);
    for (RuntimeEntry& entry : runtime_entries(*document, engine.table(*document)))
      if (is_shim(entry.path, path) || is_our_name(entry.name) || is_recorded(records, file.canonical, entry.name))
        result.push_back({&engine, root + file.path, std::move(entry)});
  }
  return result;
}

std::vector<std::string> engine_files(const Engine& engine, const std::string& root, FileOwner owner) {
  std::vector<std::string> result;
  for (SearchedFile& file : files_to_search(engine, root, owner)) result.push_back(std::move(file.path));
  return result;
}

std::string main_file(const Engine& engine, FileOwner owner) { return engine_paths(engine, "", owner).main; }

std::optional<bool> reads_by_default(const Engine& engine, std::string_view file, FileOwner owner) {
  const EnginePaths paths = engine_paths(engine, "", owner);
  if (file == paths.main || file == paths.drop_in ||
      (!paths.drop_in_directory.empty() && directory_of(file) == paths.drop_in_directory))
    return true;
  return engine.import ? std::nullopt : std::optional(false);
}

// What is enabled is a link there: systemctl(1).
std::string_view reload_of(const Engine& engine, const std::string& root) {
  const std::string_view agent = engine.distribution.agent_reload;
  if (agent.empty()) return engine.reload;
  const std::string unit = fmt::format("/etc/systemd/system/multi-user.target.wants/{}.service", words(agent).back());
  return link_target({root, unit}) ? agent : engine.reload;
}

void run_reload(std::string_view command) {
  const std::vector<std::string_view> argv = words(command);
  const std::optional<ChildResult> child = run_child({argv.begin(), argv.end()}, patience);
  if (!child) throw error("{}: there is no {} in PATH", command, argv.front());
  if (child->status != 0)
    throw error("{}: exit status {}: {}", command, child->status,
                join(words(join(split(child->output, '\n'), " ")), " "));
}
