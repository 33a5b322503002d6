// SPDX-License-Identifier: Apache-2.0
#include "core/host/directory.h"

#include "core/error.h"

Directory::Directory(std::string path) : path_(std::move(path)), stream_(opendir(path_.c_str()), closedir) {}

std::optional<Directory> Directory::open_if_exists(const std::string& path) {
  Directory directory(path);
  if (directory.stream_) return directory;
  if (errno != ENOENT) throw system_error("read the directory {}", path);
  return std::nullopt;
}

const dirent* Directory::next() {
  errno = 0;
  const dirent* entry = readdir(stream_.get());
  if (entry == nullptr && errno != 0) throw system_error("read the directory {}", path_);
  return entry;
}
