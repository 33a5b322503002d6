// The file beside a file that is written and then renamed over it.
//
// Its name is fixed, .NAME.container-hooks, so that what a writer who was killed
// left is found, and taken over, by the next one. flock(2) decides between writers.
//
// Invariants:
//   1. Only who has the lock on an inode that the name still leads to (held_)
//      writes it, renames it or removes the name.
//   2. So a lock alone is nothing: whoever waited for it looks whether the name
//      leads to that inode still. If not, another writer has renamed or removed
//      it, and the waiter opens the name anew.
//   3. The name leads to the new content only after that is complete; the rename
//      gives the lock up, since the inode then has the file's own name.
//   4. The name is opened without following a link, and the inode must be a
//      regular file with no other name, of this user, or of the file's owner: a
//      writer may be killed after giving it to them. All else is in the way.
//   5. A destructor that still holds the lock removes the name, before the lock
//      goes with the descriptor: a failed write leaves nothing.
//   6. Nobody waits longer than about ten seconds for a lock.
//
// 1 and 2 are acquire()'s and acquire_leftover()'s to keep, 3 rename_to()'s, 4
// open_locked()'s.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/error.h"
#include "core/host/file.h"

class Sibling {
 public:
  explicit Sibling(const File& file);
  ~Sibling();
  Sibling(const Sibling&) = delete;
  Sibling& operator=(const Sibling&) = delete;

  /// Holds it, empty.
  void acquire();
  /// Holds one that a writer who was killed left; who is at work keeps theirs.
  void acquire_leftover();
  void write(const std::vector<std::string_view>& content);
  /// Takes owner, extended attributes and mode of the file, or the mode that is given; when there is no file, that or 0644,
  /// less the umask.
  void become_like(const File& file, std::optional<mode_t> mode);
  void sync();
  void rename_to(const std::string& name);
  /// As the destructor does, with an Error when the name stays.
  void remove();

 private:
  Error failed(std::string_view verb) const;
  int open_sibling(int flags) const;
  void lock();
  void open_locked();
  void make_writable();
  bool is_ours(const struct stat& status) const;
  bool is_named() const;
  void copy_attributes(const Fd& from);

  int directory_;
  std::string name_;
  std::string path_;  // of the file, for messages
  uid_t owner_;       // of the file
  Fd fd_;
  bool held_ = false;  // invariant 1
};
