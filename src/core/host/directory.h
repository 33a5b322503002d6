// The entries of a directory.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <dirent.h>

#include <memory>
#include <optional>
#include <string>

/// A directory that is being read.
class Directory {
 public:
  /// Nothing when there is no such directory. Error when it cannot be opened.
  static std::optional<Directory> open_if_exists(const std::string& path);

  /// The next entry, in no order, "." and ".." among them; nullptr after the last one. It is valid until the next call.
  /// Error when it cannot be read.
  const dirent* next();

  int descriptor() const { return dirfd(stream_.get()); }
  const std::string& path() const { return path_; }

 private:
  explicit Directory(std::string path);

  std::string path_;
  std::unique_ptr<DIR, int (*)(DIR*)> stream_;
};
