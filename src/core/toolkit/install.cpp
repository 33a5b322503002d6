// SPDX-License-Identifier: Apache-2.0
#include "core/toolkit/install.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>

#include "core/error.h"
#include "core/host/directory.h"
#include "core/host/file.h"
#include "core/host/path.h"
#include "core/host/process.h"
#include "core/host/root.h"

namespace {

constexpr mode_t binary_mode = 0755;

RootedPath bindir_of(const InstallPlan& plan) { return {plan.root, plan.bindir}; }

void install_binary(const std::string& from, const RootedPath& to) {
  const File source = read_file(from);
  if (!source.status) throw missing("install {}", from);
  File target = read_file(to);
  if (target.status && is_same_file(*source.status, *target.status)) return;
  if (target.status) target.status->st_mode = S_IFREG | binary_mode;
  if (replace_file(target, {source.content}, Durability::synced, binary_mode) != Replaced::done)
    throw error("install {}: somebody else is replacing it", to.shown());
}

}  // namespace

bool leads_to_toolkit(const RootedPath& path) {
  const std::optional<std::string> target = link_target(path);
  if (!target) return false;
  const std::string_view name = base_name(*target);
  return name == toolkit_name || std::ranges::find(role_names, name) != role_names.end();
}

namespace {

// The links that may be ours: of the profiles, which lead to one of the roles, then of the roles.
std::vector<RootedPath> links_in(const RootedPath& directory) {
  std::vector<RootedPath> result;
  for (const std::string& name : file_names_in(directory))
    if (without_profile(name) == runtime_role && name != runtime_role) result.push_back(directory / name);
  for (const std::string_view name : role_names) result.push_back(directory / name);
  return result;
}

}  // namespace

std::vector<std::string> install_toolkit(const InstallPlan& plan) {
  const RootedPath binary = bindir_of(plan) / toolkit_name;
  std::vector<std::string> installed = {binary.shown()};
  create_directories(bindir_of(plan));
  install_binary(plan.binary.empty() ? binary_path() : plan.binary, binary);
  for (const std::string_view name : role_names) {
    const RootedPath link = bindir_of(plan) / name;
    replace_link(link, std::string(toolkit_name));
    installed.push_back(link.shown());
  }
  return installed;
}

std::vector<std::string> uninstall_toolkit(const InstallPlan& plan) {
  std::vector<std::string> removed;
  for (const RootedPath& path : links_in(bindir_of(plan)))
    if (leads_to_toolkit(path) && remove_if_exists(path)) removed.push_back(path.shown());
  const RootedPath binary = bindir_of(plan) / toolkit_name;
  if (remove_if_exists(binary)) removed.push_back(binary.shown());
  return removed;
}

std::vector<std::string> link_roles(const std::string& directory, LinkKind kind) {
  std::vector<std::string> result;
  for (const std::string_view name : role_names) {
    const std::string path = fmt::format("{}/{}", directory, name);
    struct stat there;
    const bool is_linked = stat(path.c_str(), &there) == 0 && is_this_binary(there);
    const auto make = kind == LinkKind::hard ? link : symlink;
    if (!is_linked && make(binary_path().c_str(), path.c_str()) != 0) throw system_error("link {}", path);
    result.push_back(path);
  }
  return result;
}
