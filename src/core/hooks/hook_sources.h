// The operator's hooks, from hooks.json and the directories of hooks.d, in the order in which containers get them.
//
// Invariants, as in podman and CRI-O: the same file name in a later directory
// replaces the earlier one; files count by their names in lower case (of ASCII
// letters); a prestart hook of hooks.d goes to createRuntime. Memory does not
// grow with the number of files: each is read, shown to the caller and dropped.
// Refused: a directory or a file that others could have written, when root reads it.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "core/hooks/condition.h"
#include "core/hooks/hooks_json.h"
#include "core/oci/hook.h"
#include "core/toolkit/config.h"

struct ConfiguredHook {
  std::string source;         // the file that it stands in
  std::vector<Stage> named;   // the stages that the file names
  std::vector<Stage> stages;  // those of the spec that it goes to
  Hook hook;
  Condition when;
};

class HookSources {
 public:
  /// Reads hooks.json and the names of the files in the directories; what does not exist is passed over. All paths are in
  /// the mounted file system root; empty: this one.
  HookSources(const Config& config, Problems& problems, const std::string& root = "");

  /// Only what is at path, and that may be for another host: a directory of hooks.d, a file of one, or a hooks.json.
  static HookSources for_review(const std::string& path, Problems& problems);

  /// Whether there is nothing to visit.
  bool empty() const { return everywhere_.count() == 0 && files_.empty(); }

  /// Every hook, in order; what is wrong in a file becomes problems, and the others are visited all the same.
  void visit(Problems& problems, const std::function<void(ConfiguredHook&&)>& visitor) const;

  Purpose purpose() const { return purpose_; }

  /// The files of hooks.d, in order.
  const std::vector<std::string>& files() const { return files_; }

 private:
  HookSources() = default;
  void read_everywhere(const std::string& path, Problems& problems);
  void find_files(const std::vector<std::string>& directories, const std::string& root, Problems& problems);

  Purpose purpose_ = Purpose::use;
  std::string hooks_path_;
  HooksByStage everywhere_;         // of hooks.json
  std::vector<std::string> files_;  // of hooks.d
};
