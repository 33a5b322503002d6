// What is asked of configure and unconfigure.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "core/engine/engines.h"

struct EngineRequest {
  /// The program that runs in the end: the one that a profile's link leads to.
  std::string program() const { return wanted.path.substr(0, wanted.path.size() - link_suffix.size()); }

  const Engine* engine = &docker;
  std::string config_file;  // edited in place; empty: the engine's default
  std::string drop_in;      // edited instead, beside config_file; empty: the engine's default, if it has one
  std::string root;         // the mounted file system that all paths are in; empty: this one
  Wanted wanted = {std::string(default_runtime_name), std::string(default_runtime_path), false};
  std::string link_suffix;  // of wanted.path, a link to the program without it, which comes and goes with the runtime
  bool force = false;       // also with a program that is not there yet, which is said
  bool program_comes = false;  // it is put there by the same command
};
