// Directories: what is in them, and how they come to be.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <dirent.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/host/root.h"

/// A directory that is being read.
class Directory {
 public:
  /// Nothing when there is no such directory. Error when it cannot be opened.
  static std::optional<Directory> open_if_exists(const RootedPath& path);

  /// The next entry, in no order, "." and ".." among them; nullptr after the last one. It is valid until the next call.
  /// Error when it cannot be read.
  const dirent* next();

  int descriptor() const { return dirfd(stream_.get()); }
  const std::string& path() const { return path_; }

 private:
  Directory(std::string path, Fd descriptor);

  std::string path_;
  std::unique_ptr<DIR, int (*)(DIR*)> stream_;
};

/// The names of the files and links in a directory, sorted; none when there is no such directory. Error when not all of them
/// can be read.
std::vector<std::string> file_names_in(const RootedPath& directory);

/// All names in a directory that are not hidden, sorted; none when there is no such directory. Error when it cannot be read.
std::vector<std::string> entry_names_in(const RootedPath& directory);

/// Creates the directory and those above it as far as they are missing, with mode 0755; also what a dangling link names,
/// and the root.
void create_directories(const RootedPath& path);

/// Renames a file, or a link itself, within its directory. Error when something has the new name.
void rename_beside(const RootedPath& path, std::string_view name);

/// Removes the directory if there is nothing in it; otherwise nothing happens.
void remove_if_empty(const RootedPath& directory);

/// Makes path a link to target, whatever file or link was there, in one step.
void replace_link(const RootedPath& path, const std::string& target);

/// Removes what is there, a link itself; false when there was nothing.
bool remove_if_exists(const RootedPath& path);
