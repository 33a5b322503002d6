// One hook as a process: started, watched, ended.
//
// Where the kernel has no descriptor or no process left to watch it with, this process becomes the hook: what cannot be
// recorded never fails a container.
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
#include "core/host/pipe.h"

/// How it ended, and what it used.
struct HookEnd {
  int status;  // as wait(2) gives it
  rusage usage;
};

/// Blocks SIGCHLD and ignores SIGPIPE for this process; the hook gets what this process was given.
class HookProcess {
 public:
  /// Starts command[0] with the rest as its argv; without a rest, argv is the path alone.
  explicit HookProcess(const std::vector<std::string>& command);
  ~HookProcess();
  HookProcess(const HookProcess&) = delete;
  HookProcess& operator=(const HookProcess&) = delete;

  /// The errno of the execve(2) that failed; 0 when it runs.
  int start_failure() const { return start_failure_; }

  const Fd& output() const { return output_.reader; }              // to read, without waiting
  const Fd& error_output() const { return error_output_.reader; }  // the same
  int child_signal() const { return child_signal_.number(); }      // becomes readable when it may have ended

  /// How it ended; nothing while it runs.
  std::optional<HookEnd> ended();
  /// Kills it and its process group, if it has not ended.
  void kill_group() const;

 private:
  void hold_signals();
  bool can_watch() const;
  void give_signals_back() const;
  [[noreturn]] void become(int failure) const;
  int execute() const;

  const std::vector<std::string>& command_;
  Pipe output_, error_output_, failure_;
  Fd child_signal_;
  pid_t runner_;
  pid_t pid_ = 0;  // 0: it does not run
  int start_failure_ = 0;
  sigset_t mask_ = {};  // as it was given
  struct sigaction child_action_ = {}, pipe_action_ = {};
};
