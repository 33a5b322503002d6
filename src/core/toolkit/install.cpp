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

namespace {

constexpr mode_t binary_mode = 0755;

std::string in_bindir(const InstallRequest& request, std::string_view name) {
  return fmt::format("{}/{}", request.bindir, name);
}

Change binary_change(const InstallRequest& request) {
  const std::string from = request.binary.empty() ? binary_path() : request.binary;
  const std::optional<std::string> binary = read_if_exists(from);
  if (!binary) throw missing("install {}", from);
  Change change = file_change(request.root, in_bindir(request, toolkit_name));
  change.after = binary;
  change.mode = binary_mode;
  return change;
}

// The names of links that may be ours: of the profiles, which lead to one of the roles, then of the roles.
std::vector<std::string> link_names(const InstallRequest& request) {
  std::vector<std::string> result;
  for (std::string& name : file_names_in({request.root, request.bindir}))
    if (without_profile(name) == runtime_role && name != runtime_role) result.push_back(std::move(name));
  result.insert(result.end(), role_names.begin(), role_names.end());
  return result;
}

}  // namespace

bool leads_to_toolkit(const RootedPath& path) {
  const std::optional<std::string> target = link_target(path);
  if (!target) return false;
  const std::string_view name = base_name(*target);
  return name == toolkit_name || std::ranges::find(role_names, name) != role_names.end();
}

Change removal(const std::string& root, const std::string& path) {
  if (link_target(RootedPath(root, path))) return link_change(root, path, std::nullopt);
  Change change = file_change(root, path);
  change.after = std::nullopt;
  return change;
}

Plan plan_install(const InstallRequest& request) {
  Plan plan;
  plan.changes.push_back(binary_change(request));
  for (const std::string_view name : role_names)
    plan.changes.push_back(link_change_over_file(request.root, in_bindir(request, name), std::string(toolkit_name)));
  return plan;
}

Plan plan_uninstall(const InstallRequest& request) {
  Plan plan;
  for (const std::string& name : link_names(request))
    if (const std::string path = in_bindir(request, name); leads_to_toolkit({request.root, path}))
      plan.changes.push_back(link_change(request.root, path, std::nullopt));
  plan.changes.push_back(removal(request.root, in_bindir(request, toolkit_name)));
  return plan;
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
