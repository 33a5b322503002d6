// The engines: what each reads, how it is checked and told, and what configure
// and unconfigure do to it.
//
// Engines are rows of a table. Invariants: what is written was proven by the
// editor and not rejected by the engine's own checker; nothing is written when
// nothing changes; before a file is changed, an undo record says how it was.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/engine/runtime_table.h"

struct EngineFiles {
  std::string_view main;  // read first
  std::string_view
      drop_in_directory;     // whose files are read after it; empty: there is none, or none that works by itself
  std::string_view drop_in;  // ours; empty: the main file is edited in place
  std::string_view drop_in_suffix = "";  // of the files that are read from the directory
};

struct Engine {
  std::string_view name;
  std::string_view program;  // by which a host that has the engine is known
  EngineFiles files;
  EngineFiles rootless;  // below $XDG_CONFIG_HOME; empty: as for root
  std::unique_ptr<Document> (*read)(const std::string& name, const std::string& content);
  RuntimeTable (*table)(const Document&);  // Error when it is a version of the file that nobody knows
  void (*check_request)(const Wanted&);    // what the engine could not do at all; or nullptr
  void (*begin)(Document&,
                const Document* main);  // what a new file needs, beside this main one if it is a drop-in; or nullptr
  void (*import)(Document& main, const std::string& drop_in);  // makes the main file read the drop-in; or nullptr
  void (*remark)(const Document&, const Wanted&, Notes&);      // on what has no effect; or nullptr
  std::array<std::string_view, 5> checker;  // its own program, "FILE" for the file; empty: there is none
  std::string_view unknown_to_checker;      // what an older program says that has no checker
  std::string_view reload;                  // the command; empty: it reads the file by itself
  std::string_view farewell;                // what to know after unconfigure, with {} for the name; or empty
  std::vector<std::string> (*structure)();  // what may be left in a file that we made when we take our parts away
};

extern const Engine docker;
extern const Engine containerd;
extern const Engine crio;
extern const Engine podman;
inline const std::array engines = {&docker, &containerd, &crio, &podman};

/// Throws UsageError with the nearest name.
const Engine& engine_called(std::string_view name);

constexpr std::string_view default_runtime_name = "container-hooks-runtime";
constexpr std::string_view default_runtime_path = "/usr/bin/container-hooks-runtime";

struct EngineRequest {
  const Engine* engine = &docker;
  std::string config_file;  // edited in place; empty: the engine's default
  std::string drop_in;      // edited instead, beside config_file; empty: the engine's default, if it has one
  std::string root;         // the mounted file system that all paths are in; empty: this one
  Wanted wanted = {std::string(default_runtime_name), std::string(default_runtime_path), false};
  bool dry_run = false;
};

struct FileChange {
  std::string path;
  std::optional<std::string> before;  // nothing: there was no file
  std::optional<std::string> after;   // nothing: there is none any more
};

struct EngineOutcome {
  std::vector<FileChange> changes;  // written, unless it was a dry run
  Notes notes;                      // said aloud
};

EngineOutcome configure_engine(const EngineRequest& request);
EngineOutcome unconfigure_engine(const EngineRequest& request);

/// Runs the engine's reload command.
void reload_engine(const Engine& engine);

struct ConfiguredRuntime {
  const Engine* engine;
  std::string file;
  RuntimeEntry entry;
};

/// The runtimes in this engine's files whose program has the shim's name, or is this path.
std::vector<ConfiguredRuntime> configured_runtimes(const Engine& engine, const std::string& root,
                                                   const std::string& path = std::string(default_runtime_path));
