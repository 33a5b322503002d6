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

#include "core/host/file.h"
#include "core/host/root.h"
#include "core/oci/hook.h"

/// Of a new file: patterns, those of annotations and labels in pairs of key and value.
struct NewCondition {
  std::vector<std::pair<std::string, std::string>> annotations;
  std::vector<std::string> commands;
  std::vector<std::string> images;
  std::vector<std::pair<std::string, std::string>> labels;
  std::vector<std::string> namespaces;
  bool needs_bind_mounts = false;
};

struct NewHook {
  std::string name;  // of the file, without .json
  Hook hook;
  std::vector<Stage> stages;  // at least one
  NewCondition when;          // empty: always
  NewCondition unless;        // empty: the file has none
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

struct SwitchedHook {
  std::string path;      // that it has now, as people are told it
  bool is_changed;       // it had the other one before
  std::string in_force;  // the file of that name that counts from now on; empty: none
};

/// Renames NAME.json of the last directory to NAME.json.disabled, which nobody reads, or back. Error, and none is renamed,
/// when one is not there, or both are.
std::vector<SwitchedHook> switch_hooks(const std::vector<std::string>& names, bool on,
                                       const std::vector<std::string>& directories, const std::string& root = "");

/// The text of the file of that name that counts: of the last directory that has one. Error when none has.
std::string hook_file_called(const std::string& name, const std::vector<std::string>& directories,
                             const std::string& root = "");

/// The file of that name in that directory, to be changed by replace_hook_file(). Error when it is not there, is a link, or
/// is not to be trusted.
File hook_file_to_edit(const std::string& name, const RootedPath& directory);

/// Puts the text there. Error, and nothing is written, when somebody else has written it since it was read.
void replace_hook_file(const File& file, const std::string& text);

struct RemovedHook {
  std::string path;      // both as people are told them
  std::string in_force;  // the file of the same name in an earlier directory, which counts from now on; empty: none
};

/// Removes the files of these names from the last directory, the one that add_hook() writes to. Error, and none is
/// removed, when one is not there: files of other directories are somebody else's. The directories are in the mounted
/// file system root; empty: this one.
std::vector<RemovedHook> remove_hooks(const std::vector<std::string>& names,
                                      const std::vector<std::string>& directories, const std::string& root = "");
