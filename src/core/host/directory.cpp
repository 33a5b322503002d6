// SPDX-License-Identifier: Apache-2.0
#include "core/host/directory.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <optional>

#include "core/error.h"
#include "core/host/path.h"

namespace {

constexpr unsigned no_replace = 1;  // RENAME_NOREPLACE of linux/fs.h

// The directory, made where it was missing.
Fd made_directory(const RootedPath& path, int links = 0) {
  Fd found = open_path(path, O_DIRECTORY);
  if (found || errno != ENOENT || links == max_links) return found;
  const std::string name(base_name(path.path));
  if (name.empty()) return path.path == "/" ? Fd() : made_directory(path.directory(), links);
  const Fd above = made_directory(path.directory(), links);
  if (!above) return Fd();
  if (mkdirat(above.number(), name.c_str(), 0755) == 0) return open_path(path, O_DIRECTORY);
  if (errno != EEXIST) return Fd();
  if (const auto target = link_target(path)) return made_directory(path.led_to(*target), links + 1);
  return open_path(path, O_DIRECTORY);  // somebody else was faster
}

}  // namespace

Directory::Directory(std::string path, Fd descriptor)
    : path_(std::move(path)), stream_(fdopendir(descriptor.number()), closedir) {
  if (stream_) descriptor.release();
}

std::optional<Directory> Directory::open_if_exists(const RootedPath& path) {
  const Fd place = open_path(path, O_DIRECTORY);
  Fd readable(place ? openat(place.number(), ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1);
  if (!readable && errno == ENOENT) return std::nullopt;
  if (!readable) throw system_error("read the directory {}", path.shown());
  Directory directory(path.shown(), std::move(readable));
  if (!directory.stream_) throw system_error("read the directory {}", path.shown());
  return directory;
}

const dirent* Directory::next() {
  errno = 0;
  const dirent* entry = readdir(stream_.get());
  if (entry == nullptr && errno != 0) throw system_error("read the directory {}", path_);
  return entry;
}

std::vector<std::string> file_names_in(const RootedPath& path) {
  std::vector<std::string> names;
  std::optional<Directory> directory = Directory::open_if_exists(path);
  if (!directory) return names;
  while (const dirent* entry = directory->next())
    if (entry->d_type == DT_REG || entry->d_type == DT_LNK || entry->d_type == DT_UNKNOWN)
      names.emplace_back(entry->d_name);
  std::ranges::sort(names);
  return names;
}

std::vector<std::string> entry_names_in(const RootedPath& path) {
  std::vector<std::string> result;
  std::optional<Directory> directory = Directory::open_if_exists(path);
  for (const dirent* entry = directory ? directory->next() : nullptr; entry; entry = directory->next())
    if (entry->d_name[0] != '.') result.emplace_back(entry->d_name);
  std::ranges::sort(result);
  return result;
}

void create_directories(const RootedPath& path) {
  if (!path.root.empty()) create_directories(path.root);
  if (!made_directory(path)) throw system_error("create the directory {}", path.shown());
}

void remove_if_empty(const RootedPath& directory) {
  const Fd parent = open_path(directory.directory(), O_DIRECTORY);
  if (parent) unlinkat(parent.number(), std::string(base_name(directory.path)).c_str(), AT_REMOVEDIR);
}

void replace_link(const RootedPath& path, const std::string& target) {
  const std::string name(base_name(path.path));
  const std::string sibling = fmt::format(".{}.container-hooks", name);
  const Fd directory = open_path(path.directory(), O_DIRECTORY);
  if (!directory) throw system_error("create the link {}", path.shown());
  unlinkat(directory.number(), sibling.c_str(), 0);  // of a run that was killed
  if (symlinkat(target.c_str(), directory.number(), sibling.c_str()) != 0)
    throw system_error("create the link {}", path.shown());
  if (renameat(directory.number(), sibling.c_str(), directory.number(), name.c_str()) == 0) return;
  const Error failure = system_error("replace {} by a link", path.shown());
  unlinkat(directory.number(), sibling.c_str(), 0);
  throw failure;
}

bool remove_if_exists(const RootedPath& path) {
  const std::string name(base_name(path.path));
  const Fd directory = open_path(path.directory(), O_DIRECTORY);
  if (directory && unlinkat(directory.number(), name.c_str(), 0) == 0) return true;
  if (errno != ENOENT) throw system_error("remove {}", path.shown());
  return false;
}

// One call, so that whoever is killed leaves one name. By the kernel's number, since not every C library has renameat2(2);
// and without the flag where the file system does not know it, as NFS.
void rename_beside(const RootedPath& path, std::string_view name) {
  const std::string from(base_name(path.path)), to(name);
  const Fd directory = open_path(path.directory(), O_DIRECTORY);
  const auto is_renamed = [&](unsigned flags) {
    return syscall(SYS_renameat2, directory.number(), from.c_str(), directory.number(), to.c_str(), flags) == 0;
  };
  if (!directory || !(is_renamed(no_replace) || (errno == EINVAL && is_renamed(0))))
    throw system_error("rename {} to {}", path.shown(), to);
}
