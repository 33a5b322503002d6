// The signals that matter to who waits for a child.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <signal.h>

#include "core/host/fd.h"

/// While it lives, the signals that would end us without the child wait in a descriptor, and so does the child's end. Then
/// mask and dispositions are what they were.
class HeldSignals {
 public:
  HeldSignals();
  ~HeldSignals() { give_back(); }
  HeldSignals(const HeldSignals&) = delete;
  HeldSignals& operator=(const HeldSignals&) = delete;

  /// As in the destructor: for a child between fork(2) and execve(2).
  void give_back() const {
    sigprocmask(SIG_SETMASK, &mask_before_, nullptr);
    sigaction(SIGCHLD, &action_before_, nullptr);
  }

  const sigset_t& mask_before() const { return mask_before_; }
  int descriptor() const { return descriptor_.number(); }
  /// The number of a signal that has come; 0: none has.
  int take() const;

 private:
  sigset_t mask_before_;
  struct sigaction action_before_;
  Fd descriptor_;
};
