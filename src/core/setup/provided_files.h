// config.toml and the files of hooks that setup provides, with records of what was in their places.
//
// Invariants: a file that nobody has touched since goes back to what it was, byte
// for byte; one that somebody has edited stays. Files that setup did not write
// are never removed.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "core/host/change.h"

struct ProvidedFiles {
  std::string root;    // the mounted file system to write to; empty: this one
  std::string config;  // what config.toml shall be; empty: one with the defaults, if there is none
  std::string
      hooks_directory;  // whose files, *.json, shall be in the last directory of hooks; empty: hooks are left alone
};

/// By reading alone. Error for what the shim would refuse: the configuration, a file of hooks, a program of theirs.
Plan plan_files(const ProvidedFiles& wanted);

/// The way back, of all that such plans have written below root.
Plan plan_taking_files_back(const std::string& root);

/// The toolkit itself as setup installs it: it goes again only where there was none before.
Plan plan_toolkit(const std::string& root);
Plan plan_taking_toolkit_back(const std::string& root);
