// SPDX-License-Identifier: Apache-2.0
#include "core/host/child.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <climits>

#include "core/error.h"
#include "core/host/fd.h"
#include "core/host/held_signals.h"
#include "core/host/process.h"
#include "core/text/count.h"
#include "core/text/split.h"

namespace {

using Clock = std::chrono::steady_clock;

class Child {
 public:
  Child(const std::vector<std::string>& argv, const HeldSignals& signals) : argv_(argv), signals_(signals) {}
  ~Child() {
    if (pid_ != 0) kill(-pid_, SIGKILL);
    while (pid_ != 0 && waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) continue;
  }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  /// False when there is no such program.
  bool start();
  ChildResult wait(std::chrono::seconds limit);

 private:
  bool spawn(int output);
  bool is_ready(Clock::time_point deadline) const;
  void read_output();
  bool has_ended();

  const std::vector<std::string>& argv_;
  const HeldSignals& signals_;
  pid_t pid_ = 0;  // 0: not running
  int status_ = 0;
  Fd reader_;
  std::string output_;
};

bool Child::start() {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) throw system_error("run {}", argv_.front());
  reader_ = Fd(ends[0]);
  const Fd writer(ends[1]);
  fcntl(reader_.number(), F_SETFL, O_NONBLOCK);
  return spawn(writer.number());
}

// What posix_spawn(3) is told: descriptors 0 to 2, a process group of its own, the signal mask that we were given.
struct Instructions {
  Instructions(int output, const sigset_t& mask) {
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&files, output, STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&files, output, STDERR_FILENO);
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK);
    posix_spawnattr_setsigmask(&attributes, &mask);
  }
  ~Instructions() {
    posix_spawn_file_actions_destroy(&files);
    posix_spawnattr_destroy(&attributes);
  }
  Instructions(const Instructions&) = delete;
  Instructions& operator=(const Instructions&) = delete;

  posix_spawn_file_actions_t files;
  posix_spawnattr_t attributes;
};

bool Child::spawn(int output) {
  const Instructions how(output, signals_.mask_before());
  const std::vector<char*> arguments = argument_pointers(argv_);
  pid_t pid = 0;
  const int failure = posix_spawnp(&pid, arguments[0], &how.files, &how.attributes, arguments.data(), environ);
  if (failure == ENOENT) return false;
  if (failure != 0) throw error("run {}: {}", argv_.front(), errno_text(failure));
  pid_ = pid;
  return true;
}

// Whether there is a signal, or output while that is open, before that time.
bool Child::is_ready(Clock::time_point deadline) const {
  pollfd ready[] = {{signals_.descriptor(), POLLIN, 0}, {reader_.number(), POLLIN, 0}};
  for (;;) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now()).count();
    const int count = poll(ready, 2, static_cast<int>(std::clamp<std::int64_t>(left, 0, INT_MAX)));
    if (count >= 0 || errno != EINTR) return count > 0;
  }
}

// All that a pipe holds. When nobody can write to it any more it is closed, and poll(2) passes over it.
void Child::read_output() {
  char buffer[1u << 16];
  const ssize_t count = reader_ ? read(reader_.number(), buffer, sizeof buffer) : -1;
  if (count == 0) reader_ = Fd();
  if (count > 0) output_.append(buffer, std::min(static_cast<std::size_t>(count), max_child_output - output_.size()));
}

bool Child::has_ended() {
  int status = 0;
  const pid_t ended = waitpid(pid_, &status, WNOHANG);
  if (ended < 0) throw system_error("wait for {}", argv_.front());
  if (ended == 0) return false;
  pid_ = 0;
  status_ = exit_status_of(status);
  return true;
}

ChildResult Child::wait(std::chrono::seconds limit) {
  for (const Clock::time_point deadline = Clock::now() + limit; is_ready(deadline);) {
    const int signal = signals_.take();
    if (signal != 0 && signal != SIGCHLD) throw error("{}: {}", join(argv_, " "), errno_text(EINTR));
    const bool ended = signal == SIGCHLD && has_ended();
    read_output();
    if (ended) return {status_, std::move(output_)};
  }
  throw error("{}: no answer within {}", join(argv_, " "), counted(static_cast<std::size_t>(limit.count()), "second"));
}

// While it lives, the keyboard's signals do not end us.
class IgnoredKeyboard {
 public:
  IgnoredKeyboard() {
    sigset_t restored;
    sigemptyset(&restored);
    if (!interrupt_.was_ignored()) sigaddset(&restored, SIGINT);
    if (!quit_.was_ignored()) sigaddset(&restored, SIGQUIT);
    posix_spawnattr_init(&attributes_);
    posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETSIGDEF);
    posix_spawnattr_setsigdefault(&attributes_, &restored);
  }
  ~IgnoredKeyboard() { posix_spawnattr_destroy(&attributes_); }
  IgnoredKeyboard(const IgnoredKeyboard&) = delete;
  IgnoredKeyboard& operator=(const IgnoredKeyboard&) = delete;

  /// What gives a child the dispositions that we had.
  const posix_spawnattr_t& attributes() const { return attributes_; }

 private:
  const IgnoredSignal interrupt_{SIGINT}, quit_{SIGQUIT};
  posix_spawnattr_t attributes_;
};

}  // namespace

std::optional<ChildResult> run_child(const std::vector<std::string>& argv, std::chrono::seconds limit) {
  const HeldSignals signals;
  Child child(argv, signals);
  if (!child.start()) return std::nullopt;
  return child.wait(limit);
}

int run_in_terminal(const std::vector<std::string>& argv) {
  const IgnoredKeyboard ignored;
  const std::vector<char*> arguments = argument_pointers(argv);
  pid_t pid = 0;
  int status = 0;
  const int failure = posix_spawnp(&pid, arguments[0], nullptr, &ignored.attributes(), arguments.data(), environ);
  if (failure != 0) throw error("run {}: {}", argv.front(), errno_text(failure));
  while (waitpid(pid, &status, 0) < 0)
    if (errno != EINTR) throw system_error("wait for {}", argv.front());
  return exit_status_of(status);
}
