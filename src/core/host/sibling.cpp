// SPDX-License-Identifier: Apache-2.0
#include "core/host/sibling.h"

#include <fcntl.h>
#include <linux/limits.h>
#include <sys/file.h>
#include <sys/uio.h>
#include <sys/xattr.h>

#include <algorithm>
#include <climits>
#include <csignal>
#include <ctime>

#include "core/host/path.h"
#include "core/host/process.h"

namespace {

constexpr int max_lock_attempts = 5'000;  // of a lock that others have for about a millisecond
constexpr timespec lock_pause = {0, 2'000'000};

}  // namespace

Sibling::Sibling(const File& file)
    : directory_(file.directory.number()),
      name_('.' + file.name + ".container-hooks"),
      path_(file.path),
      owner_(file.status ? file.status->st_uid : geteuid()) {}

Sibling::~Sibling() {
  if (held_) unlinkat(directory_, name_.c_str(), 0);
}

Error Sibling::failed(std::string_view verb) const { return system_error("replace {}: {} {}", path_, verb, name_); }

int Sibling::open_sibling(int flags) const {
  constexpr int always = O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC;
  return retry_interrupted([&] { return openat(directory_, name_.c_str(), flags | always, 0600); });
}

void Sibling::sync() {
  if (retry_interrupted([&] { return fsync(fd_.number()); }) != 0) throw failed("sync");
}

void Sibling::rename_to(const std::string& name) {
  if (renameat(directory_, name_.c_str(), directory_, name.c_str()) != 0) throw failed("rename");
  held_ = false;
}

void Sibling::remove() {
  held_ = false;
  if (unlinkat(directory_, name_.c_str(), 0) != 0) throw failed("remove");
}

// Somebody who is stopped, or who only means to be in the way, must not hold up a container for ever.
void Sibling::lock() {
  for (int attempt = 0; flock(fd_.number(), LOCK_EX | LOCK_NB) != 0; ++attempt) {
    if (errno != EWOULDBLOCK && errno != EINTR) throw failed("lock");
    if (attempt == max_lock_attempts) throw error("replace {}: another process keeps {} locked", path_, name_);
    nanosleep(&lock_pause, nullptr);
  }
}

void Sibling::acquire() {
  do open_locked();
  while (!is_named());
  held_ = true;
  if (retry_interrupted([&] { return ftruncate(fd_.number(), 0); }) != 0) throw failed("empty");
}

void Sibling::acquire_leftover() {
  fd_ = Fd(open_sibling(O_RDONLY));
  if (!fd_ || !is_ours(status_of(fd_, name_))) return;
  held_ = flock(fd_.number(), LOCK_EX | LOCK_NB) == 0 && is_named();
}

bool Sibling::is_ours(const struct stat& status) const {
  return S_ISREG(status.st_mode) && status.st_nlink <= 1 && (status.st_uid == geteuid() || status.st_uid == owner_);
}

void Sibling::open_locked() {
  fd_ = Fd(open_sibling(O_RDWR | O_CREAT));
  if (!fd_ && errno == EACCES) {
    make_writable();
    fd_ = Fd(open_sibling(O_RDWR | O_CREAT));
  }
  if (!fd_) throw failed("create");
  if (!is_ours(status_of(fd_, name_)))
    throw error("replace {}: {} beside it is in the way, and it is not ours", path_, name_);
  lock();
}

// A writer who was killed just before the rename left a sibling of the file's mode, which may be read-only. The lock
// keeps it from one who is still at work.
void Sibling::make_writable() {
  fd_ = Fd(open_sibling(O_RDONLY));
  if (!fd_ || !is_ours(status_of(fd_, name_))) return;
  lock();
  if (is_named()) fchmod(fd_.number(), 0600);
}

bool Sibling::is_named() const {
  struct stat named;
  if (fstatat(directory_, name_.c_str(), &named, AT_SYMLINK_NOFOLLOW) == 0)
    return is_same_file(named, status_of(fd_, name_));
  if (errno != ENOENT) throw failed("look at");
  return false;
}

void Sibling::write(const std::vector<std::string_view>& content) {
  const IgnoredSignal file_size_limit(SIGXFSZ);  // an error instead
  std::vector<iovec> rest;
  for (const std::string_view piece : content) rest.push_back({const_cast<char*>(piece.data()), piece.size()});
  for (std::size_t at = 0; at < rest.size();) {
    const int count = static_cast<int>(std::min<std::size_t>(rest.size() - at, IOV_MAX));
    ssize_t written = retry_interrupted([&] { return writev(fd_.number(), &rest[at], count); });
    if (written < 0) throw failed("write");
    for (; at < rest.size() && static_cast<std::size_t>(written) >= rest[at].iov_len; ++at)
      written -= static_cast<ssize_t>(rest[at].iov_len);
    if (at == rest.size()) return;
    rest[at].iov_base = static_cast<char*>(rest[at].iov_base) + written;
    rest[at].iov_len -= static_cast<std::size_t>(written);
  }
}

void Sibling::become_like(const File& file, std::optional<mode_t> mode) {
  if (!file.status) {
    const mode_t mask = umask(0777);
    umask(mask);
    if (fchmod(fd_.number(), mode.value_or(0644) & ~mask) != 0) throw failed("set the mode of");
    return;
  }
  if (fchown(fd_.number(), file.status->st_uid, file.status->st_gid) != 0) throw failed("set the owner of");
  if (fchmod(fd_.number(), mode.value_or(file.status->st_mode) & 07777) != 0) throw failed("set the mode of");
  copy_attributes(file.descriptor);
}

// Where the file system or the kernel keeps an attribute to itself, the new file has the one it gives; but none is
// lost for want of room.
void Sibling::copy_attributes(const Fd& from) {
  if (flistxattr(from.number(), nullptr, 0) <= 0) return;
  std::string names(XATTR_LIST_MAX, '\0');
  const ssize_t size = flistxattr(from.number(), names.data(), names.size());
  for (const char* name = names.data(); name < names.data() + size; name += std::string_view(name).size() + 1) {
    std::string value(XATTR_SIZE_MAX, '\0');
    const ssize_t length = fgetxattr(from.number(), name, value.data(), value.size());
    if (length < 0) continue;
    if (fsetxattr(fd_.number(), name, value.data(), static_cast<std::size_t>(length), 0) != 0 &&
        (errno == ENOSPC || errno == EDQUOT || errno == ENOMEM || errno == EIO))
      throw failed("copy the attributes to");
  }
}
