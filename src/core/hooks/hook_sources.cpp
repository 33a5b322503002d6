// SPDX-License-Identifier: Apache-2.0
#include "core/hooks/hook_sources.h"

#include <sys/stat.h>

#include <algorithm>
#include <map>

#include "core/hooks/hook_file.h"
#include "core/host/directory.h"
#include "core/host/file.h"
#include "core/host/root.h"
#include "core/text/letter_case.h"

namespace {

struct InLowerCase {
  bool operator()(std::string_view a, std::string_view b) const {
    const auto byte = [](char c) { return static_cast<unsigned char>(lower(c)); };
    const auto order = std::lexicographical_compare_three_way(a.begin(), a.end(), b.begin(), b.end(),
                                                              [&](char x, char y) { return byte(x) <=> byte(y); });
    return order == 0 ? a < b : order < 0;
  }
};

using PathsByName = std::map<std::string, std::string, InLowerCase>;

bool leads_nowhere(const dirent& entry, const std::string& path) {
  struct stat status;
  return entry.d_type != DT_REG && stat(path.c_str(), &status) != 0 && errno == ENOENT;
}

void add_files(const std::string& path_there, const std::string& root, Purpose purpose, PathsByName& result) {
  const std::string path = in_root(root, path_there);
  if (purpose == Purpose::use) require_trusted_directory({root, path_there});
  std::optional<Directory> directory = Directory::open_if_exists({root, path_there});
  if (!directory) return;
  while (const dirent* entry = directory->next()) {
    std::string name = entry->d_name;
    std::string file = in_root(root, path_there + '/' + name);
    if (name.ends_with(".json") && !leads_nowhere(*entry, file))
      result.insert_or_assign(std::move(name), std::move(file));
  }
}

bool is_directory(const std::string& path) {
  struct stat status;
  return stat(path.c_str(), &status) == 0 && S_ISDIR(status.st_mode);
}

template <class Body>
void collect(Problems& problems, Body&& body) {
  try {
    body();
  } catch (const Error& error) {
    problems.push_back(error);
  }
}

bool runs_on_host(const ConfiguredHook& hook) {
  return std::ranges::any_of(hook.stages, [](Stage stage) { return stage != Stage::start_container; });
}

// podman, since containers/common 0.58, and CRI-O: prestart is deprecated, createRuntime comes at the same time.
std::vector<Stage> without_prestart(std::vector<Stage> stages) {
  std::ranges::replace(stages, Stage::prestart, Stage::create_runtime);
  return stages;
}

}  // namespace

HookSources::HookSources(const Config& config, Problems& problems, const std::string& root) {
  read_everywhere(in_root(root, config.hooks_path), problems);
  find_files(config.hooks_dirs, root, problems);
}

HookSources HookSources::for_review(const std::string& path, Problems& problems) {
  HookSources result;
  result.purpose_ = Purpose::review;
  collect(problems, [&] {
    if (is_directory(path)) return result.find_files({path}, "", problems);
    auto content = read_if_exists(path, Trust::not_needed, max_hooks_file_size);
    if (!content) errno = ENOENT, throw system_error("read {}", path);
    const JsonText text(path, std::move(*content), JsonText::Dialect::relaxed, max_hooks_file_depth);
    if (looks_like_hook_file(text))
      result.files_ = {path};
    else
      result.read_everywhere(path, problems);
  });
  return result;
}

void HookSources::read_everywhere(const std::string& path, Problems& problems) {
  hooks_path_ = path;
  collect(problems, [&] {
    if (auto hooks = read_hooks_json(path, problems, purpose_)) everywhere_ = std::move(*hooks);
  });
}

void HookSources::find_files(const std::vector<std::string>& directories, const std::string& root, Problems& problems) {
  PathsByName files;
  for (const std::string& directory : directories)
    collect(problems, [&] { add_files(directory, root, purpose_, files); });
  for (auto& [name, path] : files) files_.push_back(std::move(path));
}

void HookSources::visit(Problems& problems, const std::function<void(ConfiguredHook&&)>& visitor_of_all) const {
  const auto visitor = [&](ConfiguredHook&& hook) {
    const auto refusal =
        purpose_ == Purpose::use && runs_on_host(hook) ? program_refusal(hook.hook.path) : std::nullopt;
    if (refusal) problems.push_back(error("{}: {}", hook.source, *refusal));
    visitor_of_all(std::move(hook));
  };
  for (const Stage stage : all_stages)
    for (const Hook& hook : everywhere_[stage]) visitor({hooks_path_, {stage}, {stage}, hook, unconditional()});
  for (const std::string& path : files_)
    collect(problems, [&] {
      auto file = read_hook_file(path, problems, purpose_);
      if (!file) return;
      std::vector<Stage> stages = without_prestart(file->stages);
      visitor({path, std::move(file->stages), std::move(stages), std::move(file->hook), std::move(file->when)});
    });
}
