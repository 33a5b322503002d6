// SPDX-License-Identifier: Apache-2.0
#include "core/cli/common_options.h"

#include "core/host/path.h"
#include "core/host/root.h"

std::string given_path(const Arguments& arguments, std::string_view option, std::string_view otherwise) {
  const std::string path = arguments.value(option, otherwise);
  const bool in_root = !path.empty() && !root_directory(arguments).empty();
  return absolute_path(in_root ? '/' + path : path);
}

std::string root_directory(const Arguments& arguments) {
  const std::string path = absolute_path(arguments.value("root"));
  return path == "/" ? "" : path;
}

RootedPath config_file(const Arguments& arguments) {
  const std::string root = root_directory(arguments);
  RootedPath path = root.empty() ? RootedPath(config_path()) : RootedPath(root, system_config_path);
  explain(arguments, "configuration: " + path.shown());
  return path;
}

Config effective_config(const Arguments& arguments) {
  const std::string root = root_directory(arguments);
  const std::string profile = arguments.value("profile");
  const RootedPath path = config_file(arguments);
  return (root.empty() ? load_config(profile) : load_config_file(path, profile)).config;
}
