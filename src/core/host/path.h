// Paths: their parts, what they lead to, and where a user's files are.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/stat.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

constexpr int max_links = 40;  // that are followed on one way, as the kernel does: path_resolution(7)

/// What comes after the last slash; the path itself when there is none.
constexpr std::string_view base_name(std::string_view path) { return path.substr(path.rfind('/') + 1); }

/// The directory that the path's last component is in: "." when there is no slash, "/" for what is in the root.
std::string directory_of(std::string_view path);

/// Whether it names a program as execvp(3) takes one, but not by a path that depends on the current directory.
constexpr bool is_name_or_absolute(std::string_view program) {
  return program.starts_with('/') || (!program.empty() && program.find('/') == program.npos);
}

/// Where the link leads, as it says itself; nothing when it is not a link, or cannot be read.
std::optional<std::string> link_target(const std::string& path);

/// For a path that does not exist: the link on the way that leads nowhere; nothing when there is none.
std::optional<std::string> dangling_link(std::string path);

/// Whether both are of the same file, whatever names it has.
constexpr bool is_same_file(const struct stat& a, const struct stat& b) {
  return a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

/// The path from the root directory: a relative one starts in the current directory. "//", "/." and a slash at the end
/// are left out; ".." and links stay, since they mean what the file system says. An empty path stays empty.
std::string absolute_path(std::string_view path);

/// The one path of what it leads to: absolute, without "..", each link resolved, also where the last components, or
/// what a link leads to, do not exist yet. Error when it cannot be told, such as for a loop of links.
std::string canonical_path(std::string_view path);

/// What a user's programs keep: the XDG Base Directory Specification.
enum class UserFiles : std::uint8_t { config, state };

/// The user's directory for such files; nothing where neither its variable nor $HOME has an absolute path.
std::optional<std::string> user_directory(UserFiles files);

/// The same; Error that names the variables where there is none.
std::string require_user_directory(UserFiles files);
