// What configure changed and how to take it back: a record for each file and
// name of a runtime, in /var/lib/container-hooks.
//
// A record holds the whole file as it was and as we left it: while it is as we
// left it, unconfigure gives the old one back byte for byte; otherwise the old
// one tells what stood where ours stands now.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

struct UndoRecord {
  std::string engine;
  std::string name;                   // of the runtime
  std::string path;                   // of the file
  std::optional<std::string> before;  // nothing: there was no such file
  std::string after;
};

class UndoRecords {
 public:
  /// In the mounted file system root; empty: this one.
  explicit UndoRecords(const std::string& root);

  std::optional<UndoRecord> find(const std::string& path, const std::string& name) const;
  std::vector<UndoRecord> all() const;
  /// Those of other runtimes in the same file.
  std::vector<UndoRecord> others(const std::string& path, const std::string& name) const;
  void save(const UndoRecord& record) const;
  void remove(const std::string& path, const std::string& name) const;

 private:
  std::string file(const std::string& name) const;

  std::string root_;
  std::string directory_;  // in root_
};
