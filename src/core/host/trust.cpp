// SPDX-License-Identifier: Apache-2.0
#include "core/host/trust.h"

#include <fcntl.h>
#include <linux/magic.h>
#include <sys/vfs.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <vector>

#include "core/error.h"
#include "core/host/fd.h"
#include "core/host/path.h"
#include "core/host/process.h"
#include "core/host/trail.h"

namespace {

// proc(5), sys/kernel/overflowuid: the owner of a file whose owner is not mapped.
uid_t overflow_user() {
  uid_t user = 65534;
  char text[16];
  const Fd file(open("/proc/sys/kernel/overflowuid", O_RDONLY | O_CLOEXEC));
  const ssize_t length = file ? read(file.number(), text, sizeof text) : 0;
  if (length > 0) std::from_chars(text, text + length, user);
  return user;
}

bool is_root(uid_t user) { return user == 0 || (!is_host_root() && user == overflow_user()); }

bool has_access_control_list(const std::string& path) {
  return getxattr(path.c_str(), "system.posix_acl_access", nullptr, 0) > 0;
}

bool is_writable_by_others(const struct stat& status, const std::string& path) {
  if (S_ISLNK(status.st_mode) || (status.st_mode & (S_IWGRP | S_IWOTH)) == 0) return false;
  return (status.st_mode & S_IWOTH) != 0 || status.st_gid != 0 || has_access_control_list(path);
}

std::string_view kind_of(const struct stat& status) {
  if (S_ISLNK(status.st_mode)) return "the link ";
  return S_ISDIR(status.st_mode) ? "the directory " : "";
}

Error of_another(const struct stat& status, const std::string& path) {
  return error("refuse {}{}: it belongs to user {}, and it decides what runs as root (to fix it: chown {}root {})",
               kind_of(status), path, status.st_uid, S_ISLNK(status.st_mode) ? "-h " : "", path);
}

Error writable(const struct stat& status, const std::string& path) {
  return error(
      "refuse {}{}: users other than root can write it (mode {:04o}), and it decides what runs as root (to fix it: "
      "chmod go-w "
      "{})",
      kind_of(status), path, status.st_mode & 07777u, path);
}

// In a directory like /tmp nobody can remove or rename what belongs to root.
bool is_sticky(const struct stat& status) { return (status.st_mode & S_ISVTX) != 0; }

// Links of procfs lead to what is open, whatever they say (proc(5)).
bool is_in_procfs(const std::string& path) {
  struct statfs status;
  return path.starts_with("/proc/") && statfs(directory_of(path).c_str(), &status) == 0 &&
         status.f_type == PROC_SUPER_MAGIC;
}

// The directories that were passed on trusted ways. Only root can have changed them since.
struct Passed {
  std::string path;  // without links
  struct stat status;
};

std::vector<Passed>& passed_directories() {
  static std::vector<Passed> directories;
  return directories;
}

std::optional<struct stat> look_at(const std::string& path) {
  auto& passed = passed_directories();
  const auto known = std::ranges::find(passed, path, &Passed::path);
  if (known != passed.end()) return known->status;
  struct stat status;
  if (lstat(path.c_str(), &status) != 0) {
    if (errno == ENOENT) return std::nullopt;
    throw system_error("look at {}", path);
  }
  if (!is_root(status.st_uid)) throw of_another(status, path);
  if (S_ISDIR(status.st_mode)) passed.push_back({path, status});
  return status;
}

class Walk {
 public:
  Walk(std::string root, std::string_view path) : root_(std::move(root)), at_(root_), trail_(path) {}
  std::optional<struct stat> run();
  const std::string& at() const { return at_; }

 private:
  std::string here() const { return at_.empty() ? "/" : at_; }
  void step_to(const std::string& component);
  void follow_link();

  std::string root_;  // without links and without a slash at the end; no link leads above it
  std::string at_;    // the same
  Trail trail_;
  std::optional<struct stat> status_;  // of at_
};

std::optional<struct stat> Walk::run() {
  status_ = look_at(here());
  while (const auto component = trail_.next()) {
    if (*component != "..") {
      step_to(*component);
    } else if (at_ != root_) {
      at_.resize(at_.rfind('/'));
      status_ = look_at(here());
    }
    if (!status_) break;
  }
  return status_;
}

void Walk::step_to(const std::string& component) {
  const struct stat above = *status_;
  const bool others_can_add = is_writable_by_others(above, here());
  if (others_can_add && !is_sticky(above)) throw writable(above, here());
  const std::string directory = here();
  at_ += '/' + component;
  status_ = look_at(at_);
  if (!status_ && others_can_add)
    throw error("refuse {}: it does not exist, and users other than root can create it in {} (mode {:04o})", at_,
                directory, above.st_mode & 07777u);
  if (status_ && S_ISLNK(status_->st_mode)) follow_link();
}

void Walk::follow_link() {
  struct stat status;
  if (is_in_procfs(at_)) {
    status_ = stat(at_.c_str(), &status) == 0 ? std::optional(status) : std::nullopt;
    return;
  }
  const std::string target = link_target(at_).value_or("");
  trail_.follow(target);
  at_ = target.starts_with('/') ? root_ : at_.substr(0, at_.rfind('/'));
  status_ = look_at(here());
}

// The path of a directory without links, and without a slash at the end.
std::string trusted_root(const std::string& path) {
  if (path.empty()) return "";
  Walk walk("", absolute_path(path));
  walk.run();
  return walk.at();
}

}  // namespace

bool is_trust_needed() { return geteuid() == 0; }

std::optional<struct stat> trusted_status(const RootedPath& path) {
  return Walk(trusted_root(path.root), path.root.empty() ? absolute_path(path.path) : path.path).run();
}

void require_trust(const struct stat& status, const std::string& path) {
  const bool is_foreign = !is_root(status.st_uid);
  if ((!is_foreign && !is_writable_by_others(status, path)) || !is_trust_needed()) return;
  throw is_foreign ? of_another(status, path) : writable(status, path);
}

void require_trusted_directory(const RootedPath& path) {
  if (!is_trust_needed()) return;
  if (const auto status = trusted_status(path)) require_trust(*status, path.shown());
}

std::optional<std::string> program_refusal(const RootedPath& path) {
  if (!is_trust_needed()) return std::nullopt;
  try {
    if (const auto status = trusted_status(path)) require_trust(*status, path.shown());
    return std::nullopt;
  } catch (const Error& refusal) {
    return refusal.text;
  }
}
