// Where an engine's configuration is: which file is edited, and which others it reads.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/engine/engine.h"

/// Paths in the root; those of a user, where the engine has such and this process is one's.
struct EnginePaths {
  bool has_template() const { return drop_in_directory.empty() && !drop_in.empty(); }

  std::string main;
  std::string drop_in_directory;  // empty: there is none
  std::string drop_in;            // without such a directory: a template of the main file
  std::string_view drop_in_suffix;
};

/// Whose files of an engine: the system's, or those of the user that this process runs for.
enum class FileOwner : std::uint8_t { system, user };
FileOwner file_owner();

/// Error when a user's files are meant and neither $XDG_CONFIG_HOME nor $HOME says where they are.
EnginePaths engine_paths(const Engine& engine, const std::string& root, FileOwner owner = file_owner());

/// The files that the engine reads after the main one, in that order.
std::vector<std::string> drop_ins(const EnginePaths& paths, const std::string& root);

/// The one path in the root of a file, whatever links lead to it.
std::string canonical_in_root(const std::string& root, const std::string& path);

/// The file to edit, of those that somebody named.
struct Place {
  /// config_file and drop_in as in EngineRequest. UsageError for a drop-in of an engine that has none,
  /// and for a file that the engine writes itself.
  Place(const Engine& engine, const std::string& root, const std::string& config_file, const std::string& drop_in);

  bool is_drop_in() const { return target != main; }
  /// Whether the file is what configure makes by itself, so that nobody else has anything in it.
  bool is_own() const { return target == paths.drop_in; }
  /// The engine's files beside the target, in the order it reads them.
  std::vector<std::unique_ptr<Document>> others() const;
  /// What to say where the engine does not read the target; or nothing.
  Notes notes() const;

  const Engine& engine;
  std::string root;
  EnginePaths paths;
  std::string main;
  std::string target;
  bool is_named;  // the main file is not the engine's default
};
