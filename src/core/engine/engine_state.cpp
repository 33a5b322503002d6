// SPDX-License-Identifier: Apache-2.0
#include "core/engine/engine_state.h"

#include <fnmatch.h>
#include <sys/stat.h>

#include <algorithm>

#include "core/host/file.h"
#include "core/host/path.h"
#include "core/host/root.h"
#include "core/text/split.h"

namespace {

// The main file that its command line names; nothing: the default one.
std::optional<std::string> named_file(const Process& process, const Engine& engine) {
  const std::vector<std::string>& argv = process.argv;
  for (std::size_t at = 1; at < argv.size(); ++at)
    for (const std::string_view option : engine.config_options) {
      if (option.empty() || !argv[at].starts_with(option)) continue;
      if (argv[at] == option && at + 1 < argv.size()) return argv[at + 1];
      if (argv[at].substr(option.size()).starts_with('=')) return argv[at].substr(option.size() + 1);
    }
  return std::nullopt;
}

// What any user's process names: a path that leads nowhere is none of ours, not an error.
bool is_same_directory(const std::string& a, const std::string& b) {
  struct stat of_a, of_b;
  return stat(a.c_str(), &of_a) == 0 && stat(b.c_str(), &of_b) == 0 && is_same_file(of_a, of_b);
}

// A distribution's containerd is the one whose file is in the same directory.
std::vector<Process> processes_that_read(const Engine& engine, FileOwner owner) {
  if (!engine.is_distribution()) return processes_of(engine.program);
  std::vector<Process> result = processes_of(containerd.program);
  const std::string directory = directory_of(main_file(engine, owner));
  std::erase_if(result, [&](const Process& process) {
    const std::string file = named_file(process, engine).value_or("");
    return !file.starts_with('/') || !is_same_directory(directory_of(file), directory);
  });
  return result;
}

// Annotations that runc, crun and krun obey, as the image of a pod's author: crun(1), runc's features.
constexpr std::array unsafe = {"run.oci.hooks.stderr", "run.oci.handler", "org.systemd.property.CollectMode",
                               "org.criu.config",      "krun.ram_mib",    "bundle"};
constexpr std::array<std::string_view, 4> unsafe_prefixes = {"run.oci.", "org.systemd.property.", "org.criu.", "krun."};

// Patterns are those of Go's path.Match: "*" stops at a slash.
bool lets_unsafe_through(const std::string& pattern) {
  return std::ranges::any_of(unsafe_prefixes, [&](std::string_view prefix) { return pattern.starts_with(prefix); }) ||
         std::ranges::any_of(unsafe,
                             [&](const char* name) { return fnmatch(pattern.c_str(), name, FNM_PATHNAME) == 0; });
}

std::vector<std::string> unsafe_patterns(const Engine& engine, const Document& document, const Key& runtime) {
  std::vector<std::string> result;
  for (const std::string_view list : engine.annotation_lists)
    if (!list.empty())
      for (const std::string& pattern : document.strings(runtime / std::string(list)))
        if (lets_unsafe_through(pattern)) result.push_back(fmt::format("{} has \"{}\"", list, pattern));
  return result;
}

}  // namespace

EngineState::EngineState(const Engine& engine_, const std::string& root)
    : engine(engine_), is_this_host(root.empty()), owner(file_owner()), reload(reload_of(engine, root)) {
  if (is_this_host && engine.ask) answer = engine.ask();
  if (answer.is_reachable) owner = answer.is_rootless ? FileOwner::user : FileOwner::system;
  if (is_this_host) processes = processes_that_read(engine, owner);
  runtimes = configured_runtimes(engine, root, std::string(default_runtime_path), owner);
}

const RuntimeEntry* EngineState::known(const RuntimeEntry& runtime) const {
  const auto found = std::ranges::find_if(answer.runtimes, [&](const RuntimeEntry& each) {
    return each.name == runtime.name && each.path == runtime.path;
  });
  return found == answer.runtimes.end() ? nullptr : &*found;
}

std::vector<RuntimeEntry> EngineState::left_over() const {
  std::vector<RuntimeEntry> result;
  for (const RuntimeEntry& each : answer.runtimes) {
    const bool is_named = std::ranges::any_of(runtimes, [&](const ConfiguredRuntime& runtime) {
      return runtime.entry.name == each.name && is_read(runtime.file) != false;
    });
    if (is_shim(each.path) && !is_named) result.push_back(each);
  }
  return result;
}

std::optional<bool> EngineState::is_read_by(const Process& process, const std::string& file) const {
  const std::optional<std::string> named = named_file(process, engine);
  if (named == file) return true;
  return named && file == main_file(engine, owner) ? false : reads_by_default(engine, file, owner);
}

std::optional<bool> EngineState::is_read(const std::string& file) const {
  std::optional<bool> result = processes.empty() ? reads_by_default(engine, file, owner) : false;
  for (const Process& process : processes) {
    const std::optional<bool> reads = is_read_by(process, file);
    if (reads == true) return true;
    if (!reads) result = reads;
  }
  return result;
}

std::vector<std::string> EngineState::main_files() const {
  std::vector<std::string> result;
  for (const Process& process : processes)
    result.push_back(named_file(process, engine).value_or(main_file(engine, owner)));
  if (result.empty()) result.push_back(main_file(engine, owner));
  return result;
}

// Told to reload, docker takes a key that its file does not have for one that has not changed.
std::string_view EngineState::way_to_forget(const RuntimeEntry& runtime, const std::vector<std::string>& files) const {
  const bool is_said = std::ranges::all_of(files, [&](const std::string& file) {
    const auto document = engine.read(file, read_if_exists(file).value_or(""));
    const RuntimeTable table = engine.table(*document);
    return document->contains(table.runtimes) && (!runtime.is_default || document->contains(table.default_name));
  });
  return is_said || engine.restart.empty() ? reload : engine.restart;
}

std::vector<std::string> unsafe_annotations(const Engine& engine, const std::string& root, FileOwner owner) {
  std::vector<std::string> result;
  if (engine.annotation_lists.front().empty()) return result;
  for (const std::string& file : engine_files(engine, root, owner)) {
    const auto content = read_if_exists({root, file});
    if (!content) continue;
    const auto document = engine.read(root + file, *content);
    const Key runtimes = engine.table(*document).runtimes;
    for (const std::string& name : document->names(runtimes))
      if (const auto patterns = unsafe_patterns(engine, *document, runtimes / name); !patterns.empty())
        result.push_back(fmt::format("{}: runtime {}: {}", root + file, name, join(patterns, ", ")));
  }
  return result;
}
