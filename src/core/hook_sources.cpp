// SPDX-License-Identifier: Apache-2.0
#include "hook_sources.h"

#include <dirent.h>
#include <sys/stat.h>

#include <algorithm>
#include <map>
#include <memory>

#include "file.h"
#include "hook_file.h"
#include "letter_case.h"

namespace {

struct InLowerCase {
  bool operator()(std::string_view a, std::string_view b) const {
    const auto byte = [](char c) { return static_cast<unsigned char>(lower(c)); };
    const auto order = std::lexicographical_compare_three_way(
        a.begin(), a.end(), b.begin(), b.end(), [&](char x, char y) { return byte(x) <=> byte(y); });
    return order == 0 ? a < b : order < 0;
  }
};

using PathsByName = std::map<std::string, std::string, InLowerCase>;
using Folder = std::unique_ptr<DIR, int (*)(DIR*)>;

Folder open_folder(const std::string& path) {
  Folder folder(opendir(path.c_str()), closedir);
  if (!folder && errno != ENOENT) throw system_error("read the folder {}", path);
  return folder;
}

bool leads_nowhere(const dirent& entry, const std::string& path) {
  struct stat status;
  return entry.d_type != DT_REG && stat(path.c_str(), &status) != 0 && errno == ENOENT;
}

void add_files(const std::string& path, PathsByName& result) {
  const Folder folder = open_folder(path);
  if (!folder) return;
  struct stat status;
  if (fstat(dirfd(folder.get()), &status) != 0) throw system_error("look at {}", path);
  require_trust(status, path);
  while (const dirent* entry = readdir(folder.get())) {
    std::string name = entry->d_name;
    std::string file = path + '/' + name;
    if (name.ends_with(".json") && !leads_nowhere(*entry, file))
      result.insert_or_assign(std::move(name), std::move(file));
  }
}

template <class Body>
void collect(Problems& problems, Body&& body) {
  try {
    body();
  } catch (const Error& error) {
    problems.push_back(error);
  }
}

// podman, since containers/common 0.58, and CRI-O: prestart is deprecated, createRuntime comes at the same time.
std::vector<Stage> without_prestart(std::vector<Stage> stages) {
  std::ranges::replace(stages, Stage::prestart, Stage::create_runtime);
  return stages;
}

}  // namespace

HookSources::HookSources(const Config& config, Problems& problems) : hooks_path_(config.hooks_path) {
  collect(problems, [&] {
    if (auto hooks = read_hooks_json(hooks_path_, problems)) everywhere_ = std::move(*hooks);
  });
  PathsByName files;
  for (const std::string& folder : config.hooks_dirs) collect(problems, [&] { add_files(folder, files); });
  for (auto& [name, path] : files) files_.push_back(std::move(path));
}

void HookSources::visit(Problems& problems, const std::function<void(ConfiguredHook&&)>& visitor) const {
  for (const Stage stage : all_stages)
    for (const Hook& hook : everywhere_[stage]) visitor({hooks_path_, {stage}, hook, unconditional()});
  for (const std::string& path : files_)
    collect(problems, [&] {
      if (auto file = read_hook_file(path, problems))
        visitor({path, without_prestart(std::move(file->stages)), std::move(file->hook), std::move(file->when)});
    });
}
