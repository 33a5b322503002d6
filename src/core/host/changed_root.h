// Running a host's own programs from a container that has that host's file system mounted.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "core/host/fd.h"

/// While it lives, root is this process's root directory, as after chroot(2): what is started meanwhile is the host's
/// program with the host's files. An empty root changes nothing. Error when that is not allowed.
class ChangedRoot {
 public:
  explicit ChangedRoot(const std::string& root);
  ~ChangedRoot();
  ChangedRoot(const ChangedRoot&) = delete;
  ChangedRoot& operator=(const ChangedRoot&) = delete;

 private:
  Fd root_;  // empty: it is the same
  Fd directory_;
};
