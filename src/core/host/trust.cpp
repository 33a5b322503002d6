// SPDX-License-Identifier: Apache-2.0
#include "core/host/trust.h"

#include <fcntl.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <cstdlib>
#include <memory>

#include "core/error.h"
#include "core/host/path.h"
#include "core/host/process.h"

namespace {

bool has_access_control_list(const std::string& path) {
  return getxattr(path.c_str(), "system.posix_acl_access", nullptr, 0) > 0;
}

// In a directory like /tmp nobody can remove or rename what belongs to root.
bool is_sticky_directory(const struct stat& status) {
  return S_ISDIR(status.st_mode) && (status.st_mode & S_ISVTX) != 0;
}

bool is_writable_by_owner_alone(const struct stat& status) {
  return is_sticky_directory(status) || (status.st_mode & (S_IWGRP | S_IWOTH)) == 0;
}

bool is_writable_by_others(const struct stat& status, const std::string& path) {
  if (is_writable_by_owner_alone(status)) return false;
  return (status.st_mode & S_IWOTH) != 0 || status.st_gid != 0 || has_access_control_list(path);
}

// The usual case, decided without the path, which costs to find out.
bool is_roots_alone(const struct stat& status) { return status.st_uid == 0 && is_writable_by_owner_alone(status); }

std::string without_links(const std::string& path) {
  const std::unique_ptr<char, void (*)(void*)> real(realpath(path.c_str(), nullptr), std::free);
  return real ? real.get() : path;
}

}  // namespace

void require_trust(const struct stat& status, const std::string& path) {
  const bool foreign = status.st_uid != 0 && status.st_uid != geteuid();
  if ((!foreign && !is_writable_by_others(status, path)) || !is_host_root()) return;
  if (foreign)
    throw error("refuse {}: it belongs to user {}, and what it says runs as root (mend it: chown root {})", path,
                status.st_uid, path);
  throw error(
      "refuse {}: others than root can write it (mode {:04o}), and what it says runs as root (mend it: chmod go-w {})",
      path, status.st_mode & 07777u, path);
}

void require_trusted_directories(int directory, const std::string& path) {
  struct stat below = {};
  for (std::string up = "."; up.size() < PATH_MAX; up += "/..") {
    struct stat status;
    if (fstatat(directory, up.c_str(), &status, 0) != 0) throw system_error("look at {}/{}", path, up);
    if (is_same_file(status, below)) return;  // the root's parent is the root
    if (!is_roots_alone(status)) require_trust(status, up == "." ? path : without_links(path + '/' + up));
    below = status;
  }
}
