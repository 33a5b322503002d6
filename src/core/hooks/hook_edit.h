// Files of hooks.d written and removed for people, so that nobody has to write JSON by hand.
//
// Invariant: what is written has passed the reader that the shim uses. Refused:
// to replace a file that is there.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/host/root.h"
#include "core/oci/hook.h"

struct NewHook {
  std::string name;  // of the file, without .json
  Hook hook;
  std::vector<Stage> stages;                                     // at least one
  std::vector<std::pair<std::string, std::string>> annotations;  // patterns of key and value
  std::vector<std::string> commands;                             // patterns; neither these nor annotations: always
};

/// As a file of hooks.d, version 1.0.0.
std::string to_json(const NewHook& hook);

/// Writes it into directory, which is created where it is missing, and returns the path, as people are told it.
std::string add_hook(const NewHook& hook, const RootedPath& directory);

struct RemovedHook {
  std::string path;      // both as people are told them
  std::string in_force;  // the file of the same name in an earlier directory, which counts from now on; empty: none
};

/// Removes the file of that name from the last directory, the one that add_hook() writes to. Error when it is not there:
/// files of other directories are somebody else's. The directories are in the mounted file system root; empty: this one.
RemovedHook remove_hook(std::string_view name, const std::vector<std::string>& directories,
                        const std::string& root = "");
