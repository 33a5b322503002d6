// SPDX-License-Identifier: Apache-2.0
#include "core/record/hook_process.h"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <tuple>
#include <utility>

#include "core/error.h"

namespace {

// The number of a standard stream that is closed is not ours to take.
Fd above_standard_streams(Fd fd) {
  if (!fd || fd.number() > STDERR_FILENO) return fd;
  return Fd(fcntl(fd.number(), F_DUPFD_CLOEXEC, STDERR_FILENO + 1));
}

std::pair<Fd, Fd> new_pipe() {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) throw system_error("make a pipe for the hook");
  Fd reader(ends[0]), writer(ends[1]);
  reader = above_standard_streams(std::move(reader));
  writer = above_standard_streams(std::move(writer));
  if (!reader || !writer) throw system_error("make a pipe for the hook");
  return {std::move(reader), std::move(writer)};
}

void never_wait(const Fd& fd) { fcntl(fd.number(), F_SETFL, O_NONBLOCK); }

}  // namespace

HookProcess::HookProcess() : runner_(getpid()) {
  std::tie(output_, output_end_) = new_pipe();
  std::tie(error_output_, error_output_end_) = new_pipe();
  never_wait(output_);
  never_wait(error_output_);
  struct sigaction action = {};
  action.sa_handler = SIG_DFL;  // one that is ignored leaves no exit status
  sigaction(SIGCHLD, &action, &child_action_);
  action.sa_handler = SIG_IGN;  // whoever reads our output may go
  sigaction(SIGPIPE, &action, &pipe_action_);
  sigset_t child_signal;
  sigemptyset(&child_signal);
  sigaddset(&child_signal, SIGCHLD);
  sigprocmask(SIG_BLOCK, &child_signal, &mask_);
  child_signal_ = above_standard_streams(Fd(signalfd(-1, &child_signal, SFD_CLOEXEC | SFD_NONBLOCK)));
  if (!child_signal_) throw system_error("wait for the hook");
}

HookProcess::~HookProcess() {
  if (pid_ > 0 && !end_) kill_group();
}

int HookProcess::start(const std::vector<std::string>& command) {
  auto [failure, failure_end] = new_pipe();
  pid_ = fork();
  if (pid_ < 0) return errno;
  if (pid_ == 0) become(command, failure_end.number());
  failure_end = Fd();
  output_end_ = Fd();
  error_output_end_ = Fd();
  int error_number = 0;
  while (read(failure.number(), &error_number, sizeof error_number) < 0 && errno == EINTR) continue;
  return error_number;
}

// After the fork, in the child: nothing is allocated that must be freed, and nothing is thrown.
void HookProcess::become(const std::vector<std::string>& command, int failure) const {
  std::vector<char*> arguments;
  for (std::size_t i = command.size() > 1 ? 1 : 0; i < command.size(); ++i)
    arguments.push_back(const_cast<char*>(command[i].c_str()));
  arguments.push_back(nullptr);
  setsid();
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != runner_) _exit(128 + SIGKILL);  // it was killed before that was said
  dup2(output_end_.number(), STDOUT_FILENO);
  dup2(error_output_end_.number(), STDERR_FILENO);
  sigaction(SIGCHLD, &child_action_, nullptr);
  sigaction(SIGPIPE, &pipe_action_, nullptr);
  sigprocmask(SIG_SETMASK, &mask_, nullptr);
  execv(command.front().c_str(), arguments.data());
  const int error_number = errno;
  while (write(failure, &error_number, sizeof error_number) < 0 && errno == EINTR) continue;
  _exit(127);
}

std::optional<HookEnd> HookProcess::ended() {
  signalfd_siginfo seen;
  while (read(child_signal_.number(), &seen, sizeof seen) > 0) continue;
  HookEnd end = {};
  if (!end_ && wait4(pid_, &end.status, WNOHANG, &end.usage) == pid_) end_ = end;
  return end_;
}

void HookProcess::kill_group() const {
  kill(-pid_, SIGKILL);
  kill(pid_, SIGKILL);
}
