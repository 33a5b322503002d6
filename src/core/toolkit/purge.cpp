// SPDX-License-Identifier: Apache-2.0
#include "core/toolkit/purge.h"

#include <algorithm>

#include "core/host/directory.h"
#include "core/host/path.h"
#include "core/toolkit/install.h"
#include "core/toolkit/names.h"

namespace {

// The inner ones first.
constexpr std::array own_directories = {default_hooks_directory, configuration_directory, log_directory,
                                        state_directory};

std::vector<std::string> hook_files(const std::string& root) {
  std::vector<std::string> result;
  for (const std::string& name : file_names_in({root, std::string(default_hooks_directory)}))
    if (name.ends_with(".json") || name.ends_with(".json.disabled"))
      result.push_back(fmt::format("{}/{}", default_hooks_directory, name));
  return result;
}

}  // namespace

Plan plan_purge(const std::string& root, const Config& config) {
  std::vector<std::string> paths = hook_files(root);
  paths.insert(paths.end(), {std::string(default_hooks_path), std::string(system_config_path), config.log_path,
                             config.record_path, config.record_path + ".1"});
  Plan plan;
  for (const std::string& path : paths)
    if (Change change = removal(root, path); change.before) plan.changes.push_back(std::move(change));
  return plan;
}

void remove_own_directories(const std::string& root) {
  for (const std::string_view directory : own_directories) remove_if_empty({root, std::string(directory)});
}
