// Paths in a mounted file system: an image, or a host seen from a container.
//
// Invariant: what is opened here is below root, whatever links the file system
// has and whoever exchanges them meanwhile: they lead to places in it, as they
// will where it runs. A link to /etc/docker/daemon.json never leads to this
// host's file. So a path is resolved once, to a descriptor, and all work is done
// relative to that; no path is put together from root and what was looked up.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/stat.h>

#include <optional>
#include <string>
#include <string_view>

#include "core/host/fd.h"

/// A path as the file system that is mounted at root has it; an empty root is this very file system. What takes one
/// takes a mere path as well: read_file(path), read_file({root, path}).
struct RootedPath {
  RootedPath(std::string_view path_here) : path(path_here) {}    // NOLINT(google-explicit-constructor)
  RootedPath(const std::string& path_here) : path(path_here) {}  // NOLINT(google-explicit-constructor)
  RootedPath(const char* path_here) : path(path_here) {}         // NOLINT(google-explicit-constructor)
  RootedPath(std::string_view root_, std::string_view path_there) : root(root_), path(path_there) {}

  RootedPath directory() const;
  RootedPath operator/(std::string_view name) const;
  /// Where a link that stands at this path leads.
  RootedPath led_to(std::string_view target) const;
  /// For messages, not to be opened.
  std::string shown() const;

  std::string root;
  std::string path;
};

/// The file or directory, with the links resolved, by a descriptor for nothing but its place (O_PATH); flags: O_DIRECTORY
/// or 0. Empty, with errno, when it cannot be opened.
Fd open_path(const RootedPath& path, int flags = 0);

/// Nothing when there is no such file. Links are followed.
std::optional<struct stat> status_of(const RootedPath& path);

/// Whether it is a file that can be executed; errno says why not.
bool is_executable(const RootedPath& path);

/// What the link itself names; nothing when there is no link, Error when that cannot be told.
std::optional<std::string> link_target(const RootedPath& path);

/// The path here of a path there, for messages. Who opens it can be led elsewhere by the file system's own users.
std::string in_root(const std::string& root, std::string_view path);

/// As in_root(), but of a link itself.
std::string link_in_root(const std::string& root, std::string_view path);
