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
#include "core/host/file.h"

namespace {

struct Actions {
  Actions() { posix_spawn_file_actions_init(&list); }
  ~Actions() { posix_spawn_file_actions_destroy(&list); }
  Actions(const Actions&) = delete;
  Actions& operator=(const Actions&) = delete;

  posix_spawn_file_actions_t list;
};

// Nothing when there is no such program.
std::optional<pid_t> start(const std::vector<std::string>& argv, int output) {
  Actions actions;
  posix_spawn_file_actions_addopen(&actions.list, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&actions.list, output, STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&actions.list, output, STDERR_FILENO);
  std::vector<char*> arguments;
  for (const std::string& argument : argv) arguments.push_back(const_cast<char*>(argument.c_str()));
  arguments.push_back(nullptr);
  pid_t pid = 0;
  const int error_number = posix_spawnp(&pid, arguments[0], &actions.list, nullptr, arguments.data(), environ);
  if (error_number == ENOENT) return std::nullopt;
  if (error_number != 0) throw error("run {}: {}", argv.front(), errno_text(error_number));
  return pid;
}

using Clock = std::chrono::steady_clock;

// Whether there is something to read, or the end, before that time.
bool is_ready(int descriptor, Clock::time_point deadline) {
  pollfd ready = {descriptor, POLLIN, 0};
  for (;;) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now()).count();
    const int count = poll(&ready, 1, static_cast<int>(std::clamp<std::int64_t>(left, 0, INT_MAX)));
    if (count >= 0 || errno != EINTR) return count > 0;
  }
}

// All that is written; nothing when the end does not come before that time.
std::optional<std::string> read_all(int descriptor, Clock::time_point deadline) {
  std::string result;
  char buffer[4096];
  while (is_ready(descriptor, deadline)) {
    const ssize_t count = read(descriptor, buffer, sizeof buffer);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return result;
    result.append(buffer, static_cast<std::size_t>(count));
  }
  return std::nullopt;
}

int exit_status_of(pid_t pid) {
  int status = 0;
  while (waitpid(pid, &status, 0) < 0 && errno == EINTR) continue;
  return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

}  // namespace

std::optional<ChildResult> run_child(const std::vector<std::string>& argv, std::chrono::seconds limit) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) throw system_error("run {}", argv.front());
  const Fd reader(ends[0]);
  Fd writer(ends[1]);
  const std::optional<pid_t> pid = start(argv, writer.number());
  writer = Fd();
  if (!pid) return std::nullopt;
  std::optional<std::string> output = read_all(reader.number(), Clock::now() + limit);
  if (!output) kill(*pid, SIGKILL);
  const int status = exit_status_of(*pid);
  if (!output) throw error("{}: no answer within {} seconds", fmt::join(argv, " "), limit.count());
  return ChildResult{status, std::move(*output)};
}
