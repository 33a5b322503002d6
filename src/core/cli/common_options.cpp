// SPDX-License-Identifier: Apache-2.0
#include "core/cli/common_options.h"

#include "core/error.h"
#include "core/host/path.h"
#include "core/host/root.h"
#include "core/text/printable.h"

std::string given_path(const Arguments& arguments, std::string_view option, std::string_view otherwise) {
  const std::string path = arguments.value(option, otherwise);
  const bool in_root = !path.empty() && !root_directory(arguments).empty();
  return absolute_path(in_root ? '/' + path : path);
}

std::string root_directory(const Arguments& arguments) {
  const std::string path = absolute_path(arguments.value("root"));
  return path == "/" ? "" : path;
}

std::string given_profile(const Arguments& arguments) {
  if (!arguments.has("profile")) return "";
  std::string profile = arguments.value("profile");
  if (profile.empty() || profile == "." || profile == "..")
    throw UsageError(fmt::format("--profile \"{}\": a name is expected", profile));
  if (profile.find('/') != profile.npos || printable_line(profile) != profile)
    throw UsageError(
        fmt::format("--profile \"{}\": a name without slashes and control characters is expected", profile));
  return profile;
}

RootedPath config_file(const Arguments& arguments) {
  const std::string root = root_directory(arguments);
  RootedPath path = root.empty() ? RootedPath(config_path()) : RootedPath(root, system_config_path);
  explain(arguments, "configuration: " + path.shown());
  return path;
}

bool writes_own_files(const Arguments& arguments) {
  if (!arguments.has("user")) return root_directory(arguments).empty() && has_own_config();
  if (!root_directory(arguments).empty()) throw UsageError("--user: the files below --root are the system's");
  if (!has_own_config())
    throw UsageError("--user: containers of root, and of $CONTAINER_HOOKS_CONFIG, have no other files");
  return true;
}

RootedPath config_file_to_write(const Arguments& arguments) {
  return writes_own_files(arguments) ? RootedPath(own_config_path()) : config_file(arguments);
}

std::vector<std::string> assignments_to_create(const RootedPath& path, const Arguments& arguments) {
  if (!writes_own_files(arguments) || status_of(path)) return {};
  return {fmt::format("container-hooks.dirs={},{}", default_hooks_directory, own_hooks_directory())};
}

Config effective_config(const Arguments& arguments) {
  const std::string root = root_directory(arguments);
  const std::string profile = given_profile(arguments);
  const RootedPath path = config_file(arguments);
  return (root.empty() ? load_config(profile) : load_config_file(path, profile)).config;
}
