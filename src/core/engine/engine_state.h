// An engine on this host: what its files say, what runs, and what that answers.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/engine/engines.h"
#include "core/host/process_list.h"

struct EngineState {
  /// Asks the engine where it can be asked. Below a root other than this one, the files alone.
  explicit EngineState(const Engine& engine, const std::string& root = "");

  /// What the engine that answers knows of that runtime, by name and path; nullptr: nothing.
  const RuntimeEntry* known(const RuntimeEntry& runtime) const;
  /// The shim's runtimes that it knows though no file that it reads names them any more.
  std::vector<RuntimeEntry> left_over() const;
  /// Whether that process, or any, reads the file; nothing: who knows. Where none is seen to run the default files are read.
  std::optional<bool> is_read_by(const Process& process, const std::string& file) const;
  std::optional<bool> is_read(const std::string& file) const;
  /// The main files of those that run; the default one where none is seen to run.
  std::vector<std::string> main_files() const;
  /// The command after which it does not know, or does not have as its default, what these files do not name.
  std::string_view way_to_forget(const RuntimeEntry& runtime, const std::vector<std::string>& files) const;

  const Engine& engine;
  bool is_this_host;
  EngineAnswer answer;
  FileOwner owner;
  std::string_view reload;  // as reload_of()
  std::vector<Process> processes;
  std::vector<ConfiguredRuntime> runtimes;  // ours
};

/// A sentence for each runtime in the engine's files that lets annotations through by which whoever makes a pod changes
/// what the low-level runtime does as root.
std::vector<std::string> unsafe_annotations(const Engine& engine, const std::string& root, FileOwner owner);
