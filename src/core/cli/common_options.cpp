// SPDX-License-Identifier: Apache-2.0
#include "core/cli/common_options.h"

#include "core/error.h"
#include "core/host/root.h"

std::string absolute_directory(const Arguments& arguments, std::string_view option, std::string_view otherwise) {
  std::string directory = arguments.value(option, otherwise);
  while (directory.ends_with('/')) directory.pop_back();
  if (!directory.empty() && !directory.starts_with('/'))
    throw UsageError(fmt::format("--{} {}: an absolute path is expected", option, directory));
  return directory;
}

std::string root_directory(const Arguments& arguments) { return absolute_directory(arguments, "root"); }

std::string config_file(const Arguments& arguments) {
  const std::string root = root_directory(arguments);
  std::string path = root.empty() ? config_path() : in_root(root, system_config_path);
  explain(arguments, "configuration: " + path);
  return path;
}

Config effective_config(const Arguments& arguments) {
  const std::string root = root_directory(arguments);
  const std::string profile = arguments.value("profile");
  const std::string path = config_file(arguments);
  Config config = (root.empty() ? load_config(profile) : load_config_file(path, profile)).config;
  for (std::string& directory : config.hooks_dirs) directory = in_root(root, directory);
  return config;
}
