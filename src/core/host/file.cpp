// SPDX-License-Identifier: Apache-2.0
#include "core/host/file.h"

#include <fcntl.h>
#include <linux/magic.h>
#include <sys/vfs.h>

#include <algorithm>
#include <climits>

#include "core/error.h"
#include "core/host/path.h"
#include "core/host/sibling.h"

namespace {

// Links of procfs name a file, but lead to the one that is open (proc(5)).
bool is_in_procfs(const Fd& directory) {
  struct statfs status;
  return fstatfs(directory.number(), &status) == 0 && status.f_type == PROC_SUPER_MAGIC;
}

std::string link_in(const File& file) {
  std::string target(PATH_MAX, '\0');
  const ssize_t length = readlinkat(file.directory.number(), file.name.c_str(), target.data(), target.size());
  if (length < 0) throw system_error("read the link {}", file.path);
  target.resize(static_cast<std::size_t>(length));
  return target;
}

Fd open_there(const File& file, int follow) {
  const int flags = O_RDONLY | follow | O_CLOEXEC | O_NONBLOCK | O_NOCTTY;
  return Fd(retry_interrupted([&] { return openat(file.directory.number(), file.name.c_str(), flags); }));
}

// One step of the way: the file, or what the link in its place names.
struct Step {
  File file;
  std::optional<std::string> link;
};

Step open_step(const RootedPath& path) {
  Step step;
  File& file = step.file;
  file.path = path.shown();
  file.name = base_name(path.path);
  file.directory = open_path(path.directory(), O_DIRECTORY);
  if (!file.directory && errno == ENOENT) return step;
  if (!file.directory) throw system_error("open {}", path.directory().shown());
  file.descriptor = open_there(file, O_NOFOLLOW);
  if (file.descriptor || errno == ENOENT) return step;
  if (errno != ELOOP) throw system_error("open {}", file.path);
  file.behind_descriptor = path.root.empty() && is_in_procfs(file.directory);
  if (file.behind_descriptor)
    file.descriptor = open_there(file, 0);
  else
    step.link = link_in(file);
  if (!file.descriptor && !step.link) throw system_error("open {}", file.path);
  return step;
}

File open_file(const RootedPath& path) {
  RootedPath at = path;
  for (int links = 0; links <= max_links; ++links) {
    Step step = open_step(at);
    if (!step.link) return std::move(step.file);
    at = at.led_to(*step.link);
  }
  throw error("open {}: too many links", path.shown());
}

// The end of a file that has the size that was expected is not read once more; files of the kernel say 0, or too much.
std::string read_all(const Fd& fd, std::size_t expected, std::size_t limit, std::string_view path) {
  std::string content(std::max<std::size_t>(expected, 1), '\0');
  std::size_t used = 0;
  for (;;) {
    const ssize_t count =
        retry_interrupted([&] { return read(fd.number(), content.data() + used, content.size() - used); });
    if (count < 0) throw system_error("read {}", path);
    if (count == 0) break;
    used += static_cast<std::size_t>(count);
    if (used > limit) throw error("read {}: it is larger than {} bytes", path, limit);
    if (used == expected) break;
    if (used == content.size()) content.resize(2 * content.size());
  }
  content.resize(used);
  return content;
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

struct stat status_of(const Fd& fd, std::string_view path) {
  struct stat status;
  if (fstat(fd.number(), &status) != 0) throw system_error("look at {}", path);
  return status;
}

File read_file(const RootedPath& path, Trust trust, std::size_t size_limit) {
  // What is trusted on the way stays as it was seen, so that opening it leads to the same place.
  if (trust == Trust::required && is_trust_needed()) trusted_status(path);
  File file = open_file(path);
  if (!file.descriptor) return file;
  const std::string shown = path.shown();
  const struct stat status = status_of(file.descriptor, shown);
  if (S_ISDIR(status.st_mode)) throw error("read {}: {}", shown, errno_text(EISDIR));
  if (!S_ISREG(status.st_mode)) throw error("read {}: it is not a regular file", shown);
  if (trust == Trust::required) require_trust(status, shown);
  const auto size = static_cast<std::size_t>(status.st_size);
  if (size > size_limit) throw error("read {}: it is larger than {} bytes", shown, size_limit);
  file.content = read_all(file.descriptor, size, size_limit, shown);
  file.status = status;
  return file;
}

std::string read_standard_input(std::size_t size_limit) {
  const Fd input(fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0));
  return read_all(input, 0, size_limit, "standard input");
}

std::optional<std::string> read_if_exists(const RootedPath& path, Trust trust, std::size_t size_limit) {
  File file = read_file(path, trust, size_limit);
  if (!file.status) return std::nullopt;
  return std::move(file.content);
}

Replaced replace_file(const File& file, const std::vector<std::string_view>& content, Durability durability,
                      std::optional<mode_t> mode) {
  if (!file.directory) throw missing("create {}: its directory", file.path);
  if (file.behind_descriptor)
    throw error("replace {}: it is the link of an open descriptor and would still lead to the old file", file.path);
  Sibling sibling(file);
  sibling.acquire();
  if (!still_there(file)) return Replaced::changed_meanwhile;
  sibling.write(content);
  sibling.become_like(file, mode);
  if (durability == Durability::synced) sibling.sync();
  sibling.rename_to(file.name);
  if (durability == Durability::synced) sync_directory(file);
  return Replaced::done;
}

// The lock is the one that writers hold: none of them can put another file there between the look and the removal.
Replaced remove_if_unchanged(const File& file) {
  if (!file.directory) return Replaced::done;
  Sibling sibling(file);
  sibling.acquire();
  if (!still_there(file)) return Replaced::changed_meanwhile;
  if (unlinkat(file.directory.number(), file.name.c_str(), 0) != 0 && errno != ENOENT)
    throw system_error("remove {}", file.path);
  sibling.remove();
  return Replaced::done;
}

void remove_leftover(const File& file) { Sibling(file).acquire_leftover(); }
