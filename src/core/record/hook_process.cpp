// SPDX-License-Identifier: Apache-2.0
#include "core/record/hook_process.h"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <span>
#include <utility>

#include "core/host/process.h"

namespace {

constexpr int exit_not_executed = 127;

}  // namespace

// Before anything that can fail: a SIGCHLD that is ignored leaves no exit status, and whoever reads our output may go.
void HookProcess::hold_signals() {
  struct sigaction action = {};
  action.sa_handler = SIG_DFL;
  sigaction(SIGCHLD, &action, &child_action_);
  action.sa_handler = SIG_IGN;
  sigaction(SIGPIPE, &action, &pipe_action_);
  sigset_t child_signal;
  sigemptyset(&child_signal);
  sigaddset(&child_signal, SIGCHLD);
  sigprocmask(SIG_BLOCK, &child_signal, &mask_);
  child_signal_ = above_standard_streams(Fd(signalfd(-1, &child_signal, SFD_CLOEXEC | SFD_NONBLOCK)));
}

void HookProcess::give_signals_back() const {
  sigaction(SIGCHLD, &child_action_, nullptr);
  sigaction(SIGPIPE, &pipe_action_, nullptr);
  sigprocmask(SIG_SETMASK, &mask_, nullptr);
}

bool HookProcess::can_watch() const { return output_ && error_output_ && failure_ && child_signal_; }

HookProcess::HookProcess(const std::vector<std::string>& command)
    : command_(command), output_(new_pipe()), error_output_(new_pipe()), failure_(new_pipe()), runner_(getpid()) {
  hold_signals();
  pid_ = can_watch() ? fork() : -1;
  if (pid_ == 0) become(failure_.writer.number());
  for (Pipe* pipe : {&output_, &error_output_, &failure_}) pipe->writer = Fd();
  if (pid_ < 0) {
    give_signals_back();
    pid_ = 0;
    start_failure_ = execute();
    return;
  }
  for (const Pipe* pipe : {&output_, &error_output_}) fcntl(pipe->reader.number(), F_SETFL, O_NONBLOCK);
  retry_interrupted([&] { return read(failure_.reader.number(), &start_failure_, sizeof start_failure_); });
}

HookProcess::~HookProcess() { kill_group(); }

// After the fork, in the child: nothing is thrown. setsid(2) before the death signal: nothing resets that but execve(2)
// of a program with other credentials.
void HookProcess::become(int failure) const {
  setsid();
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != runner_) _exit(128 + SIGKILL);  // it was killed before that was said
  dup2(output_.writer.number(), STDOUT_FILENO);
  dup2(error_output_.writer.number(), STDERR_FILENO);
  give_signals_back();
  const int error_number = execute();
  retry_interrupted([&] { return write(failure, &error_number, sizeof error_number); });
  _exit(exit_not_executed);
}

// Returns only when it failed.
int HookProcess::execute() const {
  const auto argv = std::span(command_).subspan(command_.size() > 1 ? 1 : 0);
  execv(command_.front().c_str(), argument_pointers(argv).data());
  return errno;
}

std::optional<HookEnd> HookProcess::ended() {
  signalfd_siginfo seen;
  while (read(child_signal_.number(), &seen, sizeof seen) > 0) continue;
  HookEnd end = {};
  if (wait4(pid_, &end.status, WNOHANG, &end.usage) != pid_) return std::nullopt;
  pid_ = 0;
  return end;
}

void HookProcess::kill_group() const {
  if (pid_ == 0) return;
  kill(-pid_, SIGKILL);
  kill(pid_, SIGKILL);
}
