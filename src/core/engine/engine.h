// An engine as a row: what it reads, how that is checked, and how it is told.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/engine/runtime_table.h"

struct EngineFiles {
  std::string_view main = "";               // read first
  std::string_view drop_in_directory = "";  // whose files are read after it; empty: none, or none that works by itself
  std::string_view drop_in = "";            // ours; empty: the main file is edited in place
  std::string_view drop_in_suffix = "";     // of the files that are read from the directory
};

/// What a running engine says of itself.
struct EngineAnswer {
  bool is_reachable = false;
  std::string refusal = "";                 // where it is not reachable: why, or empty
  bool can_be_asked = true;                 // its client, which asks it, is there
  bool hangs = false;                       // it did not answer in time
  bool is_rootless = false;                 // it is a user's, and reads that user's files
  std::vector<RuntimeEntry> runtimes = {};  // all that it knows
};

struct Engine;

/// What makes an engine the containerd of a Kubernetes distribution, which writes its main file itself.
struct Distribution {
  std::string_view directory = "";  // that EngineFiles are below; empty: it is no distribution
  const EngineFiles& (*find)(const Engine&, const std::string& root) = nullptr;  // which of several count on that host
  std::string_view settings = "";  // the file that says which runtime is the default where the engine's is a template
  std::string_view agent_reload = "";  // as Engine::reload, on a node whose service has another name
};

struct Engine {
  bool is_distribution() const { return !distribution.directory.empty(); }

  std::string_view name;
  std::string_view program;  // by which a host that has the engine is known
  EngineFiles files;
  EngineFiles rootless = {};  // below $XDG_CONFIG_HOME; empty: as for root
  std::unique_ptr<Document> (*read)(const std::string& name, const std::string& content);
  RuntimeTable (*table)(const Document&);  // Error when it is a version of the file that nobody knows

  // What some engines need, nullptr where this one does not.
  void (*check_request)(const Wanted&) = nullptr;  // UsageError for what it could not do at all
  /// What a file needs besides the runtime: a new one, beside this main one (or nullptr) if it is a drop-in, or one
  /// without any runtime. Root as in EngineRequest.
  Notes (*prepare)(Document&, const Document* main, const std::string& root) = nullptr;
  void (*import)(Document& main, const std::string& drop_in) = nullptr;  // makes the main file read the drop-in
  Notes (*ineffective)(const Document&, const Wanted&) = nullptr;        // what keeps the runtime from being used
  /// The containers on this host that were created with that runtime; none where nobody answers.
  std::vector<std::string> (*users)(const std::string& runtime) = nullptr;

  std::array<std::string_view, 5> checker = {};  // its own program, "FILE" for the file; empty: there is none
  std::string_view unknown_to_checker = "";      // what an older program says that has no checker
  std::string_view reload = "";                  // the command; empty: it reads the file by itself
  std::string_view restart = "";                 // where a reload does not make it forget a runtime; or empty

  // For people, with {} for the runtime's name; or empty.
  std::string_view without_root = "";       // what a user can do who may not write its file
  std::string_view as_default_note = "";    // what does not work with the shim as the default
  std::string_view users_note = "";         // before the names of the containers that use a runtime that is gone
  std::string_view unconfigured_note = "";  // what to know after unconfigure

  EngineAnswer (*ask)() = nullptr;                        // asks the one that runs; nullptr: nobody can
  std::array<std::string_view, 2> config_options = {};    // of its program: what names another main file
  std::array<std::string_view, 2> annotation_lists = {};  // of a runtime: the annotations of a pod that reach its spec
  std::string_view bypass = "";                           // what starts containers past its runtimes; or empty
  std::string_view bypass_cure = "";
  Distribution distribution = {};
};

extern const Engine docker;
extern const Engine containerd;
extern const Engine crio;
extern const Engine podman;
extern const Engine k3s;
extern const Engine rke2;
extern const Engine k0s;
extern const Engine microk8s;
