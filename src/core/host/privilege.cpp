// SPDX-License-Identifier: Apache-2.0
#include "core/host/privilege.h"

#include <fcntl.h>
#include <unistd.h>

#include "core/error.h"
#include "core/host/path.h"

namespace {

bool may_write(const std::string& path) { return faccessat(AT_FDCWD, path.c_str(), W_OK, AT_EACCESS) == 0; }

// A file is replaced by one beside it: it is its directory that must be writable, and the file itself where it is there.
bool may_replace(const std::string& path) {
  if (!may_write(path) && errno != ENOENT) return false;
  std::string directory = directory_of(path);
  while (directory != "/" && access(directory.c_str(), F_OK) != 0 && errno == ENOENT)
    directory = directory_of(directory);
  return may_write(directory);
}

}  // namespace

void require_writable(const RootedPath& path, std::string_view way) {
  if (geteuid() == 0 || may_replace(path.shown())) return;
  throw error("needs root: {} is not writable{}{}", path.shown(), way.empty() ? "" : "; ", way);
}

void require_writable(const Plan& plan, std::string_view way) {
  for (const Change& change : plan.changes)
    if (change.is_needed() && change.kind != Change::Kind::record) require_writable({change.root, change.path}, way);
}
