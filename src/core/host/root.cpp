// SPDX-License-Identifier: Apache-2.0
#include "core/host/root.h"

#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <climits>
#include <vector>

#include "core/error.h"
#include "core/host/path.h"
#include "core/host/trail.h"

namespace {

std::optional<std::string> target_in(int directory, const char* name) {
  std::string target(PATH_MAX, '\0');
  const ssize_t length = readlinkat(directory, name, target.data(), target.size());
  if (length < 0) return std::nullopt;
  target.resize(static_cast<std::size_t>(length));
  return target;
}

// As openat2(2) does: no component is opened through a link, and the way up is the way that led down.
Fd descend(Fd root, std::string_view path) {
  std::vector<Fd> way;
  way.push_back(std::move(root));
  Trail trail(path);
  while (const auto component = trail.next()) {
    if (*component == "..") {
      if (way.size() > 1) way.pop_back();
      continue;
    }
    way.emplace_back(openat(way.back().number(), component->c_str(), O_PATH | O_NOFOLLOW | O_CLOEXEC));
    if (!way.back()) return Fd();
    const auto target = target_in(way.back().number(), "");
    if (!target) continue;
    trail.follow(*target);
    way.erase(target->starts_with('/') ? way.begin() + 1 : way.end() - 1, way.end());
  }
  return std::move(way.back());
}

// No such call: Linux before 5.6, or a seccomp profile from then. EAGAIN: something was renamed on a way with "..".
bool needs_descent() { return errno == ENOSYS || errno == EPERM || errno == EAGAIN; }

}  // namespace

RootedPath RootedPath::directory() const { return {root, directory_of(path)}; }

RootedPath RootedPath::operator/(std::string_view name) const { return {root, fmt::format("{}/{}", path, name)}; }

RootedPath RootedPath::led_to(std::string_view target) const {
  return target.starts_with('/') ? RootedPath(root, target) : directory() / target;
}

std::string RootedPath::shown() const {
  return root.empty() ? path : fmt::format("{}{}{}", root, path.starts_with('/') ? "" : "/", path);
}

Fd open_path(const RootedPath& path, int flags) {
  const int always = O_PATH | O_CLOEXEC;
  if (path.root.empty()) return Fd(open(path.path.c_str(), always | flags));
  Fd root(open(path.root.c_str(), always | O_DIRECTORY));
  if (!root) return root;
  open_how how = {};
  how.flags = static_cast<unsigned>(always | flags);
  how.resolve = RESOLVE_IN_ROOT;
  const std::string there = path.path.empty() ? "/" : path.path;
  Fd found(static_cast<int>(syscall(SYS_openat2, root.number(), there.c_str(), &how, sizeof how)));
  if (found || !needs_descent()) return found;
  found = descend(std::move(root), there);
  return found && flags != 0 ? Fd(openat(found.number(), ".", always | flags)) : std::move(found);
}

std::optional<struct stat> status_of(const RootedPath& path) {
  struct stat status;
  const Fd found = open_path(path);
  if (!found || fstat(found.number(), &status) != 0) {
    if (errno == ENOENT) return std::nullopt;
    throw system_error("look at {}", path.shown());
  }
  return status;
}

bool is_executable(const RootedPath& path) {
  if (path.root.empty()) return access(path.path.c_str(), X_OK) == 0;
  struct stat status;
  const Fd found = open_path(path);
  if (!found || fstat(found.number(), &status) != 0) return false;
  if (S_ISREG(status.st_mode) && (status.st_mode & 0111) != 0) return true;
  errno = EACCES;
  return false;
}

std::optional<std::string> link_target(const RootedPath& path) {
  const Fd directory = open_path(path.directory(), O_DIRECTORY);
  auto target = directory ? target_in(directory.number(), std::string(base_name(path.path)).c_str()) : std::nullopt;
  const bool is_answer = target || errno == EINVAL || errno == ENOENT || errno == ENOTDIR;
  if (!is_answer) throw system_error("read the link {}", path.shown());
  return target;
}

std::string in_root(const std::string& root, std::string_view path) {
  if (root.empty()) return std::string(path);
  std::string result = root;
  Trail trail(path);
  while (const auto component = trail.next()) {
    if (*component == "..") {
      if (result.size() > root.size()) result.resize(result.rfind('/'));
      continue;
    }
    result += '/' + *component;
    const std::optional<std::string> target = target_in(AT_FDCWD, result.c_str());
    if (!target) continue;
    trail.follow(*target);
    result.resize(target->starts_with('/') ? root.size() : result.rfind('/'));
  }
  return result;
}

std::string link_in_root(const std::string& root, std::string_view path) {
  const std::size_t slash = path.rfind('/') + 1;
  if (root.empty()) return std::string(path);
  return fmt::format("{}/{}", in_root(root, path.substr(0, slash)), path.substr(slash));
}
