// The operator's hooks, from hooks.json and the directories of hooks.d, in the order in which containers get them.
//
// Invariants, as in podman and CRI-O: the same file name in a later directory
// replaces the earlier one; files count by their names in lower case (of ASCII
// letters); a prestart hook of hooks.d goes to createRuntime. Each file is read
// once; nobody goes back to it.
// Missing is not empty: what was never there has no hooks, but a link that leads
// nowhere is an error.
// Refused: a directory or a file that others could have written, when root reads
// it; a program on the host that cannot be executed, or that others
// could have written.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/hooks/condition.h"
#include "core/hooks/finding.h"
#include "core/host/root.h"
#include "core/oci/hook.h"
#include "core/toolkit/config.h"

/// use: what they say runs here, so that they must be trusted and programs must exist. review: they are for other hosts.
enum class Purpose : std::uint8_t { use, review };

struct ConfiguredHook {
  std::string source;         // the file that it stands in
  std::vector<Stage> named;   // the stages that the file names
  std::vector<Stage> stages;  // those of the spec that it goes to
  Hook hook;
  Condition when;
  std::optional<Condition> unless = {};
  bool is_of_hooks_json = false;  // else of a file in the format of oci-hooks(5)
};

/// What a file of hooks.d has at its end when it is disabled.
inline constexpr std::string_view disabled_suffix = ".disabled";

/// A file whose name one in a later directory has, too: it does not count.
struct ReplacedFile {
  std::string file;
  std::string by;
};

struct LoadedHooks {
  std::vector<ConfiguredHook> hooks = {};  // those without an error, in order
  Findings findings = {};
  std::size_t files = 0;  // that were read
  std::vector<ReplacedFile> replaced = {};
  std::vector<std::string> skipped = {};  // in the directories of hooks: directories, and files that are disabled
};

/// Adds what is in a part.
void append(LoadedHooks& loaded, LoadedHooks&& part);

/// All hooks that config names. What does not exist has none; unless it is where it is by default, that is a warning.
/// All paths are in the mounted file system root; empty: this one.
LoadedHooks load_hooks(const Config& config, const std::string& root = "");

/// The hook that a file of hooks.d would be with this text.
LoadedHooks load_hook_text(const RootedPath& path, std::string text);

/// Only what is at path, and that may be for another host: a directory of hooks.d, a file of one, or a hooks.json, also
/// in such a directory.
LoadedHooks load_hooks_for_review(const RootedPath& path);

/// "FILE:LINE:COLUMN: PATH: what", of the hook's path.
std::string at_hook(const ConfiguredHook& hook, std::string_view what);

/// The same as a finding.
Finding finding_at(Severity severity, const ConfiguredHook& hook, std::string_view what);

/// Its conditions in a few words: `image "^nginx" unless namespace "^kube-system$"`.
std::string description_of(const ConfiguredHook& hook);

/// Why the program cannot be executed on this host, or must not be, since it is to be used and users other than root could
/// have written it; empty: nothing is wrong with it.
std::string fault_of_program(const RootedPath& path, Purpose purpose);
