// SPDX-License-Identifier: Apache-2.0
#include "core/host/filter.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <climits>

#include "core/error.h"
#include "core/host/held_signals.h"
#include "core/host/pipe.h"
#include "core/host/process.h"
#include "core/text/count.h"

namespace {

using Clock = std::chrono::steady_clock;

void close_range_of(int first, int last) {
  if (first <= last) syscall(SYS_close_range, static_cast<unsigned>(first), static_cast<unsigned>(last), 0);
}

class Running {
 public:
  Running(const Filter& filter, std::string_view input) : filter_(filter), left_(input) {}
  ~Running() { end(); }
  Running(const Running&) = delete;
  Running& operator=(const Running&) = delete;

  void start();
  Answer wait();

 private:
  [[noreturn]] void become(pid_t parent) const;
  void end();
  [[noreturn]] void end_by(int signal);
  void wait_for_something(Clock::time_point deadline) const;
  void write_input();
  bool read_output();
  bool read_complaint();
  bool has_ended();

  const Filter& filter_;
  std::string_view left_;  // of the input
  const HeldSignals signals_;
  const IgnoredSignal pipe_signal_{SIGPIPE};  // whoever reads no more of its input does not end us
  Pipe input_ = new_pipe(), output_ = new_pipe(), complaint_ = new_pipe(), failure_ = new_pipe();
  pid_t pid_ = 0;  // 0: it does not run
  Answer answer_ = {};
};

void Running::start() {
  if (!input_ || !output_ || !complaint_ || !failure_) throw system_error("start it");
  const pid_t parent = getpid();
  const pid_t pid = fork();
  if (pid < 0) throw system_error("start it");
  if (pid == 0) become(parent);
  pid_ = pid;
  for (Fd* end : {&input_.reader, &output_.writer, &complaint_.writer, &failure_.writer}) *end = Fd();
  int error_number = 0;
  if (retry_interrupted([&] { return read(failure_.reader.number(), &error_number, sizeof error_number); }) > 0)
    throw error("start it: {}", errno_text(error_number));
  for (const Fd* end : {&input_.writer, &output_.reader, &complaint_.reader}) fcntl(end->number(), F_SETFL, O_NONBLOCK);
}

// After the fork, in the child: nothing is thrown, no memory taken but for the two lists. Descriptors of the engine's are no
// business of the program's; a kernel before 5.9 leaves it those that are not closed on exec.
void Running::become(pid_t parent) const {
  setsid();
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) _exit(128 + SIGKILL);  // it was killed before that was said
  dup2(input_.reader.number(), STDIN_FILENO);
  dup2(output_.writer.number(), STDOUT_FILENO);
  dup2(complaint_.writer.number(), STDERR_FILENO);
  const int failure = failure_.writer.number();
  close_range_of(STDERR_FILENO + 1, failure - 1);
  close_range_of(failure + 1, INT_MAX);
  signals_.give_back();
  pipe_signal_.give_back();
  if (chdir(filter_.directory.c_str()) == 0)
    execve(filter_.program.c_str(), argument_pointers(filter_.argv).data(),
           argument_pointers(filter_.environment).data());
  const int error_number = errno;
  retry_interrupted([&] { return write(failure, &error_number, sizeof error_number); });
  _exit(127);
}

void Running::end() {
  if (pid_ == 0) return;
  kill(-pid_, SIGKILL);
  kill(pid_, SIGKILL);
  retry_interrupted([&] { return waitpid(pid_, nullptr, 0); });
  pid_ = 0;
}

// A signal is no answer of the program's: it ends us, as it would without one.
void Running::end_by(int signal) {
  end();
  signals_.give_back();
  raise(signal);
  _exit(128 + signal);
}

void Running::wait_for_something(Clock::time_point deadline) const {
  pollfd ready[] = {{signals_.descriptor(), POLLIN, 0},
                    {output_.reader.number(), POLLIN, 0},
                    {complaint_.reader.number(), POLLIN, 0},
                    {input_.writer.number(), POLLOUT, 0}};
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now()).count();
  if (left <= 0) throw error("no answer within {}", counted(static_cast<std::size_t>(filter_.limit.count()), "second"));
  poll(ready, std::size(ready), static_cast<int>(std::min<std::int64_t>(left, INT_MAX)));
}

// What a pipe takes at once. The end is said when all is written, or when nobody reads any more.
void Running::write_input() {
  if (!input_.writer) return;
  const ssize_t count = left_.empty() ? 0 : write(input_.writer.number(), left_.data(), left_.size());
  if (count > 0) left_.remove_prefix(static_cast<std::size_t>(count));
  if (left_.empty() || (count < 0 && errno != EAGAIN && errno != EINTR)) input_.writer = Fd();
}

constexpr std::size_t piece_size = 1u << 16;
constexpr int pieces_in_pipe = 16;  // pipe(7): the most that it holds, 1 MiB; who goes on writing is not waited for

// The next piece of what is there, added to text; false when nothing is. At its end the reader is closed, and poll(2)
// passes over it.
bool read_piece(Fd& reader, std::string& text) {
  char buffer[piece_size];
  const ssize_t count = reader ? read(reader.number(), buffer, sizeof buffer) : -1;
  if (count == 0) reader = Fd();
  if (count > 0) text.append(buffer, static_cast<std::size_t>(count));
  return count > 0;
}

bool Running::read_output() {
  const bool is_more = read_piece(output_.reader, answer_.output);
  if (answer_.output.size() > max_answer) throw error("it answers with more than {} MiB", max_answer >> 20);
  return is_more;
}

bool Running::read_complaint() {
  const bool is_more = read_piece(complaint_.reader, answer_.complaint);
  if (answer_.complaint.size() > max_complaint) answer_.complaint.erase(0, answer_.complaint.size() - max_complaint);
  return is_more;
}

bool Running::has_ended() {
  const int signal = signals_.take();
  if (signal != 0 && signal != SIGCHLD) end_by(signal);
  int status = 0;
  if (signal == 0 || waitpid(pid_, &status, WNOHANG) != pid_) return false;
  pid_ = 0;
  answer_.status = exit_status_of(status);
  return true;
}

Answer Running::wait() {
  for (const Clock::time_point deadline = Clock::now() + filter_.limit;;) {
    wait_for_something(deadline);
    const bool ended = has_ended();
    write_input();
    read_complaint();
    read_output();
    if (!ended) continue;
    for (int piece = 0; piece < pieces_in_pipe && read_output(); ++piece) continue;
    for (int piece = 0; piece < pieces_in_pipe && read_complaint(); ++piece) continue;
    return std::move(answer_);
  }
}

}  // namespace

Answer answer_of(const Filter& filter, std::string_view input) {
  Running running(filter, input);
  running.start();
  return running.wait();
}
