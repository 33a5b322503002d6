// SPDX-License-Identifier: Apache-2.0
#include "core/host/file.h"

#include <dirent.h>
#include <fcntl.h>
#include <linux/limits.h>
#include <linux/magic.h>
#include <sys/file.h>
#include <sys/uio.h>
#include <sys/vfs.h>
#include <sys/xattr.h>

#include <algorithm>
#include <climits>
#include <csignal>
#include <ctime>
#include <memory>

#include "core/error.h"
#include "core/host/process.h"

namespace {

constexpr int max_links = 40;             // as the kernel follows
constexpr int max_lock_attempts = 5'000;  // of a lock that others have for about a millisecond
constexpr timespec lock_pause = {0, 2'000'000};

struct SplitPath {
  std::string directory;
  std::string name;
};

SplitPath split(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  if (slash == path.npos) return {".", std::string(path)};
  return {std::string(path.substr(0, std::max<std::size_t>(slash, 1))), std::string(path.substr(slash + 1))};
}

template <class Call>
auto retry_interrupted(Call call) {
  auto result = call();
  while (result < 0 && errno == EINTR) result = call();
  return result;
}

struct stat status_of(const Fd& fd, std::string_view path) {
  struct stat status;
  if (fstat(fd.number(), &status) != 0) throw system_error("look at {}", path);
  return status;
}

bool is_same_file(const struct stat& a, const struct stat& b) { return a.st_dev == b.st_dev && a.st_ino == b.st_ino; }

std::string link_target(const File& file) {
  std::string target(PATH_MAX, '\0');
  const ssize_t length = readlinkat(file.directory.number(), file.name.c_str(), target.data(), target.size());
  if (length < 0) throw system_error("read the link {}", file.path);
  target.resize(static_cast<std::size_t>(length));
  return target.starts_with('/') ? target : split(file.path).directory + '/' + target;
}

// Links of procfs name a file, but lead to the one that is open (proc(5)).
bool is_in_procfs(const Fd& directory) {
  struct statfs status;
  return fstatfs(directory.number(), &status) == 0 && status.f_type == PROC_SUPER_MAGIC;
}

// One step of the way: the directory, and in it the file unless it is missing or a link.
File open_step(const std::string& path, Trust trust, bool& is_link) {
  const SplitPath parts = split(path);
  is_link = false;
  File file;
  file.path = path;
  file.name = parts.name;
  file.directory =
      Fd(retry_interrupted([&] { return open(parts.directory.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC); }));
  if (!file.directory && errno == ENOENT) return file;
  if (!file.directory) throw system_error("open {}", parts.directory);
  if (trust == Trust::required) require_trusted_directories(file.directory.number(), parts.directory);
  const auto open_there = [&](int follow) {
    const int flags = O_RDONLY | follow | O_CLOEXEC | O_NONBLOCK | O_NOCTTY;
    return Fd(retry_interrupted([&] { return openat(file.directory.number(), file.name.c_str(), flags); }));
  };
  file.descriptor = open_there(O_NOFOLLOW);
  is_link = !file.descriptor && errno == ELOOP;
  file.behind_descriptor = is_link && is_in_procfs(file.directory);
  if (file.behind_descriptor) file.descriptor = open_there(0), is_link = false;
  if (!file.descriptor && !is_link && errno != ENOENT) throw system_error("open {}", path);
  return file;
}

File open_file(const std::string& path, Trust trust) {
  bool is_link = false;
  File file = open_step(path, trust, is_link);
  for (int links = 0; is_link; ++links) {
    if (links == max_links) throw error("open {}: too many links", path);
    file = open_step(link_target(file), trust, is_link);
  }
  return file;
}

std::string read_all(const Fd& fd, std::size_t expected, std::size_t limit, std::string_view path) {
  std::string content(expected + 1, '\0');  // one more, to see the end in the same call
  std::size_t used = 0;
  for (;;) {
    const ssize_t count =
        retry_interrupted([&] { return read(fd.number(), content.data() + used, content.size() - used); });
    if (count < 0) throw system_error("read {}", path);
    if (count == 0) break;
    used += static_cast<std::size_t>(count);
    if (used > limit) throw error("read {}: it is larger than {} bytes", path, limit);
    if (used == content.size()) content.resize(2 * content.size());
  }
  content.resize(used);
  return content;
}

// The sibling that is written and renamed. Its name is fixed, and the lock on it
// decides between writers, so that what a killed writer leaves is taken over by
// the next one. A writer that waited finds another file under the name and tries again.
// Only who holds the lock removes it: without, it may be another writer's, who
// would then rename what a third one is still writing.
class Sibling {
 public:
  explicit Sibling(const File& file)
      : directory_(file.directory.number()),
        name_('.' + file.name + ".container-hooks"),
        path_(file.path),
        owner_(file.status ? file.status->st_uid : geteuid()) {}
  ~Sibling() {
    if (held_) unlinkat(directory_, name_.c_str(), 0);
  }
  Sibling(const Sibling&) = delete;
  Sibling& operator=(const Sibling&) = delete;

  void acquire();
  void acquire_leftover();
  void write(const std::vector<std::string_view>& content);
  void become_like(const File& file, mode_t new_mode);
  void sync() {
    if (retry_interrupted([&] { return fsync(fd_.number()); }) != 0) throw failed("sync");
  }
  void rename_to(const std::string& name) {
    if (renameat(directory_, name_.c_str(), directory_, name.c_str()) != 0) throw failed("rename");
    held_ = false;
  }

 private:
  Error failed(std::string_view verb) const { return system_error("replace {}: {} {}", path_, verb, name_); }
  int open_sibling(int flags) const {
    constexpr int always = O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC;
    return retry_interrupted([&] { return openat(directory_, name_.c_str(), flags | always, 0600); });
  }
  void lock();
  void open_locked();
  void make_writable();
  bool is_ours(const struct stat& status) const;
  bool is_named() const;
  void copy_attributes(const Fd& from);

  int directory_;
  std::string name_;
  std::string path_;
  uid_t owner_;  // of the file: a writer who was killed may have given the sibling to them already
  Fd fd_;
  bool held_ = false;  // we have the lock, and the name is its
};

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
    throw error("replace {}: {} beside it is in the way and is not ours", path_, name_);
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

void Sibling::become_like(const File& file, mode_t new_mode) {
  if (!file.status) {
    const mode_t mask = umask(0777);
    umask(mask);
    if (fchmod(fd_.number(), new_mode & ~mask) != 0) throw failed("set the mode of");
    return;
  }
  if (fchown(fd_.number(), file.status->st_uid, file.status->st_gid) != 0) throw failed("set the owner of");
  if (fchmod(fd_.number(), file.status->st_mode & 07777) != 0) throw failed("set the mode of");
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

bool still_there(const File& file) {
  struct stat now;
  if (fstatat(file.directory.number(), file.name.c_str(), &now, AT_SYMLINK_NOFOLLOW) != 0) {
    if (errno != ENOENT) throw system_error("look at {}", file.path);
    return !file.status;
  }
  return file.status && is_same_file(now, *file.status) && now.st_size == file.status->st_size &&
         now.st_mtim.tv_sec == file.status->st_mtim.tv_sec && now.st_mtim.tv_nsec == file.status->st_mtim.tv_nsec;
}

void sync_directory(const File& file) {
  const Fd directory(openat(file.directory.number(), ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (directory) fsync(directory.number());
}

}  // namespace

File read_file(const std::string& path, Trust trust, std::size_t size_limit) {
  File file = open_file(path, trust);
  if (!file.descriptor) return file;
  const struct stat status = status_of(file.descriptor, path);
  if (S_ISDIR(status.st_mode)) errno = EISDIR, throw system_error("read {}", path);
  if (!S_ISREG(status.st_mode)) throw error("read {}: it is no regular file", path);
  if (trust == Trust::required) require_trust(status, path);
  const auto size = static_cast<std::size_t>(status.st_size);
  if (size > size_limit) throw error("read {}: it is larger than {} bytes", path, size_limit);
  file.content = read_all(file.descriptor, size, size_limit, path);
  file.status = status;
  return file;
}

std::optional<std::string> read_if_exists(const std::string& path, Trust trust, std::size_t size_limit) {
  File file = read_file(path, trust, size_limit);
  if (!file.status) return std::nullopt;
  return std::move(file.content);
}

Replaced replace_file(const File& file, const std::vector<std::string_view>& content, Durability durability,
                      mode_t new_mode) {
  if (!file.directory) errno = ENOENT, throw system_error("create {}: its directory", file.path);
  if (file.behind_descriptor)
    throw error("replace {}: who opens it again gets the file that is open there, not a new one", file.path);
  Sibling sibling(file);
  sibling.acquire();
  if (!still_there(file)) return Replaced::changed_meanwhile;
  sibling.write(content);
  sibling.become_like(file, new_mode);
  if (durability == Durability::synced) sibling.sync();
  sibling.rename_to(file.name);
  if (durability == Durability::synced) sync_directory(file);
  return Replaced::done;
}

void remove_leftover(const File& file) { Sibling(file).acquire_leftover(); }

void replace_link(const std::string& path, const std::string& target) {
  const SplitPath parts = split(path);
  const std::string sibling = fmt::format("{}/.{}.container-hooks", parts.directory, parts.name);
  remove_if_exists(sibling);  // of a run that was killed
  if (symlink(target.c_str(), sibling.c_str()) != 0) throw system_error("create the link {}", path);
  if (rename(sibling.c_str(), path.c_str()) == 0) return;
  const Error failure = system_error("replace {} by a link", path);
  remove_if_exists(sibling);
  throw failure;
}

bool remove_if_exists(const std::string& path) {
  if (unlink(path.c_str()) == 0) return true;
  if (errno != ENOENT) throw system_error("remove {}", path);
  return false;
}

std::vector<std::string> file_names_in(const std::string& directory) {
  std::vector<std::string> names;
  const std::unique_ptr<DIR, int (*)(DIR*)> entries(opendir(directory.c_str()), closedir);
  if (!entries && errno == ENOENT) return names;
  if (!entries) throw system_error("read the directory {}", directory);
  for (errno = 0; const dirent* entry = readdir(entries.get()); errno = 0)
    if (entry->d_type == DT_REG || entry->d_type == DT_LNK || entry->d_type == DT_UNKNOWN)
      names.emplace_back(entry->d_name);
  if (errno != 0) throw system_error("read the directory {}", directory);
  std::ranges::sort(names);
  return names;
}

void create_directories(const std::string& path) {
  for (std::size_t end = path.find('/', 1);; end = path.find('/', end + 1)) {
    const std::string directory = path.substr(0, end);
    if (mkdir(directory.c_str(), 0755) != 0 && errno != EEXIST)
      throw system_error("create the directory {}", directory);
    if (end == path.npos) return;
  }
}
