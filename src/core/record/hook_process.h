// One hook as a process: started, fed, ended.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <signal.h>
#include <sys/resource.h>
#include <sys/types.h>

#include <optional>
#include <string>
#include <vector>

#include "core/host/fd.h"

/// How it ended, and what it used.
struct HookEnd {
  int status;  // as wait(2) gives it
  rusage usage;
};

/// Blocks SIGCHLD and ignores SIGPIPE for this process; what it starts gets what it was given. Error when the kernel has
/// no descriptor left.
class HookProcess {
 public:
  HookProcess();
  ~HookProcess();
  HookProcess(const HookProcess&) = delete;
  HookProcess& operator=(const HookProcess&) = delete;

  /// Starts command[0] with the rest as its argv. The errno of what failed; 0 when it runs.
  int start(const std::vector<std::string>& command);

  const Fd& output() const { return output_; }                 // to read, without waiting
  const Fd& error_output() const { return error_output_; }     // the same
  int child_signal() const { return child_signal_.number(); }  // becomes readable when it may have ended

  /// How it ended; nothing while it runs.
  std::optional<HookEnd> ended();
  /// Kills it and its process group.
  void kill_group() const;

 private:
  [[noreturn]] void become(const std::vector<std::string>& command, int failure) const;

  Fd output_, output_end_, error_output_, error_output_end_, child_signal_;
  pid_t runner_;
  pid_t pid_ = 0;
  std::optional<HookEnd> end_;
  sigset_t mask_ = {};  // as it was given
  struct sigaction child_action_ = {}, pipe_action_ = {};
};
