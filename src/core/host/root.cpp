// SPDX-License-Identifier: Apache-2.0
#include "core/host/root.h"

#include <optional>

#include "core/error.h"
#include "core/host/path.h"

namespace {

constexpr int max_links = 40;  // as the kernel follows

std::string take_component(std::string& path) {
  const std::size_t slash = path.find('/');
  std::string component = path.substr(0, slash);
  path.erase(0, slash == path.npos ? slash : slash + 1);
  return component;
}

}  // namespace

std::string in_root(const std::string& root, std::string_view path) {
  std::string rest(path);
  if (root.empty()) return rest;
  std::string result = root;
  for (int links = 0; !rest.empty();) {
    const std::string component = take_component(rest);
    if (component.empty() || component == ".") continue;
    if (component == "..") {
      if (result.size() > root.size()) result.resize(result.rfind('/'));
      continue;
    }
    result += '/' + component;
    const std::optional<std::string> target = link_target(result);
    if (!target) continue;
    if (++links > max_links) throw error("open {}{}: too many links", root, path);
    result.resize(target->starts_with('/') ? root.size() : result.rfind('/'));
    rest = *target + '/' + rest;
  }
  return result;
}

std::string link_in_root(const std::string& root, std::string_view path) {
  const std::size_t slash = path.rfind('/') + 1;
  if (root.empty()) return std::string(path);
  return fmt::format("{}/{}", in_root(root, path.substr(0, slash)), path.substr(slash));
}
