// SPDX-License-Identifier: Apache-2.0
#include "core/toolkit/install.h"

#include <algorithm>

#include "core/error.h"
#include "core/host/directory.h"
#include "core/host/file.h"
#include "core/host/path.h"
#include "core/host/process.h"
#include "core/host/root.h"

namespace {

constexpr mode_t binary_mode = 0755;

std::string destination(const InstallPlan& plan, std::string_view name) {
  return link_in_root(plan.root, fmt::format("{}/{}", plan.bindir, name));
}

void install_binary(const std::string& from, const std::string& to) {
  const File source = read_file(from);
  if (!source.status) errno = ENOENT, throw system_error("install {}", from);
  File target = read_file(to);
  if (target.status && is_same_file(*source.status, *target.status)) return;
  if (target.status) target.status->st_mode = S_IFREG | binary_mode;
  if (replace_file(target, {source.content}, Durability::synced, binary_mode) != Replaced::done)
    throw error("install {}: somebody else is replacing it", to);
}

}  // namespace

bool leads_to_toolkit(const std::string& path) {
  const std::optional<std::string> target = link_target(path);
  if (!target) return false;
  const std::string_view name = base_name(*target);
  return name == toolkit_name || std::ranges::find(role_names, name) != role_names.end();
}

namespace {

// The links that may be ours: of the profiles, which lead to one of the roles, then of the roles.
std::vector<std::string> links_in(const std::string& directory) {
  std::vector<std::string> result;
  for (const std::string& name : file_names_in(directory))
    if (without_profile(name) == runtime_role && name != runtime_role) result.push_back(directory + '/' + name);
  for (const std::string_view name : role_names) result.push_back(fmt::format("{}/{}", directory, name));
  return result;
}

}  // namespace

std::vector<std::string> install_toolkit(const InstallPlan& plan) {
  std::vector<std::string> installed = {destination(plan, toolkit_name)};
  create_directories(in_root(plan.root, plan.bindir));
  install_binary(plan.binary.empty() ? binary_path() : plan.binary,
                 in_root(plan.root, plan.bindir + '/' + std::string(toolkit_name)));
  for (const std::string_view name : role_names) {
    installed.push_back(destination(plan, name));
    replace_link(installed.back(), std::string(toolkit_name));
  }
  return installed;
}

std::vector<std::string> uninstall_toolkit(const InstallPlan& plan) {
  std::vector<std::string> removed;
  for (const std::string& path : links_in(in_root(plan.root, plan.bindir)))
    if (leads_to_toolkit(path) && remove_if_exists(path)) removed.push_back(path);
  const std::string binary = destination(plan, toolkit_name);
  if (remove_if_exists(binary)) removed.push_back(binary);
  return removed;
}
