// Reading a file as a whole, and replacing it atomically.
//
// Invariants: a replaced file is the old one or the complete new one, whatever
// signal, full disk or crash; a link stays a link and the file that it
// leads to is replaced; a writer that is killed leaves at most one file, which the next
// one who comes to the same file takes over or removes.
// Refused: what is not a regular file; where trust is required, what others could
// have written; to replace what was reached through an open descriptor's link.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/stat.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/host/fd.h"
#include "core/host/path.h"
#include "core/host/root.h"
#include "core/host/trust.h"

constexpr std::size_t no_size_limit = SIZE_MAX;

/// A file as it was when it was read, held by its directory, so that it can be replaced where it stands.
struct File {
  std::string path;  // every link resolved; for messages
  std::string name;  // its last component, in directory
  Fd directory;
  Fd descriptor;                      // of the file itself; empty when it does not exist
  std::optional<struct stat> status;  // nothing: there was no such file, and content is empty
  bool behind_descriptor = false;     // path was one like /proc/self/fd/3: who opens it again gets this very file
  std::string content;
};

/// Error when there is something there that cannot be read, is larger than the limit, or must not be trusted.
/// A missing file is an answer, and so is a missing directory: directory is empty then, too.
File read_file(const RootedPath& path, Trust trust = Trust::not_needed, std::size_t size_limit = no_size_limit);

/// Nothing when the file, or its directory, does not exist.
std::optional<std::string> read_if_exists(const RootedPath& path, Trust trust = Trust::not_needed,
                                          std::size_t size_limit = no_size_limit);

/// All of it. Error where it is larger.
std::string read_standard_input(std::size_t size_limit = no_size_limit);

/// Of an open file; path is for the message.
struct stat status_of(const Fd& fd, std::string_view path);

enum class Durability : std::uint8_t { rename_only, synced };  // synced: survives a power cut, too
enum class Replaced : std::uint8_t { done, changed_meanwhile };

/// Puts content, given in pieces, where the file was, with its owner, extended attributes and mode, unless another mode is
/// given; a new file gets that, or 0644, less the umask. changed_meanwhile, and nothing is written, when somebody else
/// replaced the file since it was read.
Replaced replace_file(const File& file, const std::vector<std::string_view>& content, Durability durability,
                      std::optional<mode_t> mode = std::nullopt);

/// Removes the file. changed_meanwhile, and it stays, when somebody else replaced it since it was read.
Replaced remove_if_unchanged(const File& file);

/// Removes what a writer of the file who was killed may have left beside it, for one who has nothing to write. Who is
/// still at work keeps it.
void remove_leftover(const File& file);
