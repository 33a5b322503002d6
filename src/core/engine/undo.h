// What configure changed and how to take it back: a record for each file and
// name of a runtime, in /var/lib/container-hooks.
//
// A record holds the whole file as it was and as we left it: while it is as we
// left it, unconfigure gives the old one back byte for byte; otherwise the old
// one tells what stood where ours stands now. Records are written and removed
// by the same plan as the files that they are of, under one lock.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/host/change.h"
#include "core/host/fd.h"
#include "core/host/root.h"

struct UndoRecord {
  std::string engine;
  std::string name;                   // of the runtime
  std::string path;                   // of the file, in the root: absolute, each link resolved
  std::optional<std::string> before;  // nothing: there was no such file
  std::string after;
};

class UndoRecords {
 public:
  /// In the mounted file system root; empty: this one.
  explicit UndoRecords(const std::string& root);

  /// Nothing when there is none. Error when it cannot be read, must not be trusted, or is not a record.
  std::optional<UndoRecord> find(const std::string& path, const std::string& name) const;
  std::vector<UndoRecord> all() const;
  /// Those of other runtimes in the same file.
  std::vector<UndoRecord> others(const std::string& path, const std::string& name) const;

  /// The change that saves the record, whether there is an older one or not.
  Change to_save(const UndoRecord& record) const;
  /// The change that removes the record of this runtime in this file.
  Change to_remove(const std::string& path, const std::string& name) const;

 private:
  friend class UndoLock;
  RootedPath file(const std::string& name) const;

  std::string root_;
  std::string directory_;  // in root_
};

/// Keeps everybody else from planning and carrying out changes by these records while it lives. Their directory is made
/// for it, and goes with it when it is empty. Error when another process keeps the lock for a minute.
class UndoLock {
 public:
  explicit UndoLock(const std::string& root);
  ~UndoLock();
  UndoLock(const UndoLock&) = delete;
  UndoLock& operator=(const UndoLock&) = delete;

 private:
  bool acquire();

  RootedPath directory_;
  Fd descriptor_;
};
