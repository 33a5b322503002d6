// Putting the one binary and its links where engines and people find them.
//
// Each file is replaced in one step, also while the old one is running.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

struct InstallPlan {
  std::string binary;  // the file to install; empty: the running one
  std::string bindir = "/usr/bin";
  std::string root;    // the mounted file system that bindir is in; empty: this one
};

/// Installs and returns the paths that are in place now.
std::vector<std::string> install_toolkit(const InstallPlan& plan);

/// Removes what install_toolkit() puts into bindir, links of the roles only where they lead to the toolkit; returns the
/// paths that are gone now.
std::vector<std::string> uninstall_toolkit(const InstallPlan& plan);
