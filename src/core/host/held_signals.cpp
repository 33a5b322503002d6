// SPDX-License-Identifier: Apache-2.0
#include "core/host/held_signals.h"

#include <sys/signalfd.h>

#include "core/error.h"

namespace {

bool is_ignored(int number) {
  struct sigaction action;
  return sigaction(number, nullptr, &action) == 0 && action.sa_handler == SIG_IGN;
}

}  // namespace

// Where SIGCHLD is ignored, nobody can ask for a child's exit status (wait(2)). The other signals are left alone where
// whoever has started us ignores or blocks them.
HeldSignals::HeldSignals() {
  if (sigprocmask(SIG_BLOCK, nullptr, &mask_before_) != 0) throw system_error("get ready for a child");
  sigset_t held;
  sigemptyset(&held);
  sigaddset(&held, SIGCHLD);
  for (const int number : {SIGHUP, SIGINT, SIGQUIT, SIGTERM})
    if (!is_ignored(number) && sigismember(&mask_before_, number) == 0) sigaddset(&held, number);
  descriptor_ = Fd(signalfd(-1, &held, SFD_CLOEXEC | SFD_NONBLOCK));
  if (!descriptor_ || sigprocmask(SIG_BLOCK, &held, nullptr) != 0) throw system_error("get ready for a child");
  struct sigaction as_usual = {};
  as_usual.sa_handler = SIG_DFL;
  sigaction(SIGCHLD, &as_usual, &action_before_);
}

int HeldSignals::take() const {
  signalfd_siginfo info;
  return read(descriptor_.number(), &info, sizeof info) == sizeof info ? static_cast<int>(info.ssi_signo) : 0;
}
