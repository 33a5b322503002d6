// Files of hooks.d written and removed for people, so that nobody has to write JSON by hand.
//
// Invariant: what is written has passed the reader that the shim uses. Refused,
// unless the caller asks for it: to replace a file that says something else.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
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
  std::vector<std::string> commands;                             // patterns
  bool needs_bind_mounts = false;                                // none of the three: always
};

/// As a file of hooks.d, version 1.0.0.
std::string to_json(const NewHook& hook);

/// What becomes of a file of that name that says something else.
enum class IfThere : std::uint8_t { refuse, replace };

struct HookFileChange {
  std::string path;                   // as people are told it
  std::optional<std::string> before;  // nothing: there was no such file
  std::string after;

  bool is_needed() const { return before != after; }
};

/// What add_hook() would do. Writes nothing; Error for all that add_hook() refuses.
HookFileChange plan_hook(const NewHook& hook, const RootedPath& directory, IfThere if_there);

/// Writes it into directory, which is created where it is missing; nothing where the file says just this already.
HookFileChange add_hook(const NewHook& hook, const RootedPath& directory, IfThere if_there = IfThere::refuse);

struct RemovedHook {
  std::string path;      // both as people are told them
  std::string in_force;  // the file of the same name in an earlier directory, which counts from now on; empty: none
};

/// Removes the files of these names from the last directory, the one that add_hook() writes to. Error, and none is
/// removed, when one is not there: files of other directories are somebody else's. The directories are in the mounted
/// file system root; empty: this one.
std::vector<RemovedHook> remove_hooks(const std::vector<std::string>& names,
                                      const std::vector<std::string>& directories, const std::string& root = "");
