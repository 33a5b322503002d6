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

/// What a running engine says of itself.
struct EngineAnswer {
  bool is_reachable = false;
  std::string refusal = "";                 // where it is not reachable: why, or empty
  bool hangs = false;                       // it did not answer in time
  bool is_rootless = false;                 // it is a user's, and reads that user's files
  std::vector<RuntimeEntry> runtimes = {};  // all that it knows
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
  EngineAnswer (*ask)() = nullptr;          // asks the one that runs; nullptr: nobody can
  std::array<std::string_view, 2> config_options = {};    // of its program: what names another main file
  std::string_view restart = "";                          // where a reload is not enough
  std::array<std::string_view, 2> annotation_lists = {};  // of a runtime: the annotations of a pod that reach its spec
  std::string_view bypass = "";                           // what starts containers past its runtimes; or empty
  std::string_view bypass_cure = "";
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

/// Whose files of an engine: the system's, or those of the user that this process runs for.
enum class FileOwner : std::uint8_t { system, user };
FileOwner file_owner();

struct ConfiguredRuntime {
  const Engine* engine;
  std::string file;
  RuntimeEntry entry;
};

/// Whether that program is called as the shim is, or is this path.
bool is_shim(std::string_view program, std::string_view path = default_runtime_path);

/// The runtimes in this engine's files that are ours: by their program, by their name, or since configure made them.
std::vector<ConfiguredRuntime> configured_runtimes(const Engine& engine, const std::string& root,
                                                   const std::string& path = std::string(default_runtime_path),
                                                   FileOwner owner = file_owner());

/// The files that it reads by itself, and those that configure was told to edit: paths in the root.
std::vector<std::string> engine_files(const Engine& engine, const std::string& root, FileOwner owner);

/// The file that it reads first.
std::string main_file(const Engine& engine, FileOwner owner = file_owner());

/// Whether it reads a file, when its command line names none: the main one and drop-ins; nothing: when another imports it.
std::optional<bool> reads_by_default(const Engine& engine, std::string_view file, FileOwner owner);
