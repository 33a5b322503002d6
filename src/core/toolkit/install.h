// Putting the one binary and its links where engines and people find them, and taking them away.
//
// Each file is replaced in one step, also while the old one is running; when one
// of them cannot be, the others are as they were.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/host/change.h"
#include "core/host/root.h"
#include "core/toolkit/names.h"

struct InstallRequest {
  std::string binary;  // the file to install; empty: the running one
  std::string bindir = std::string(default_bindir);
  std::string root;  // the mounted file system that bindir is in; empty: this one
};

/// Whether it is a link to a role, or to the binary.
bool leads_to_toolkit(const RootedPath& path);

/// The binary, then the links of the roles. Error for what is in the way: a directory, or a special file.
Plan plan_install(const InstallRequest& request);

/// What install puts into bindir, and the links of profiles: links only where they lead to the toolkit, the binary last.
Plan plan_uninstall(const InstallRequest& request);

/// A file that shall not be there; a link in its place goes, not what it leads to.
Change removal(const std::string& root, const std::string& path);

enum class LinkKind : std::uint8_t { hard, symbolic };

/// Makes links to the running binary in directory, by the names of the roles, and returns their paths. One that is there
/// already is left; Error where the name is another file's.
std::vector<std::string> link_roles(const std::string& directory, LinkKind kind);
