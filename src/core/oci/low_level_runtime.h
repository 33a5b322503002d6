// The low-level runtime behind the shim: look-up, recursion guard, exec.
//
// Refused as a candidate: this very binary, by device and inode, which would
// execute itself for ever; and a relative path, which means something else in
// every directory.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

struct RuntimeLookup {
  std::string path;                   // absolute; empty: none was found
  std::vector<std::string> rejected;  // "NAME: why", for each candidate that was passed over
};

/// The first candidate that exists and is executable: absolute, or a name to look up in PATH and then where such
/// programs usually are, since podman calls some subcommands with no PATH at all.
RuntimeLookup find_low_level_runtime(const std::vector<std::string>& candidates);

/// Error when users other than root can change what it does, and root runs it. Nothing is said of one that was not found.
void require_trust(const RuntimeLookup& runtime);

/// Replaces this process; argv[0] becomes path, everything else is passed on as it is. Throws when that does not work.
[[noreturn]] void exec_low_level_runtime(const std::string& path, char** argv);
