// SPDX-License-Identifier: Apache-2.0
#include "core/record/runner.h"

#include <sys/wait.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <climits>

#include "core/error.h"
#include "core/host/output.h"
#include "core/host/time.h"
#include "core/record/hook_process.h"
#include "core/record/journal.h"
#include "core/record/passed_stream.h"
#include "core/record/record.h"
#include "core/record/record_file.h"
#include "core/text/printable.h"

namespace {

using Clock = std::chrono::steady_clock;
using namespace std::chrono_literals;

constexpr int timeout_status = 124;                                 // timeout(1)
constexpr int not_found_status = 127, cannot_execute_status = 126;  // sh(1)
constexpr std::uint64_t longest_wait = 1'000'000'000;               // seconds: more than a clock can add

// For what a hook has said and nobody has read yet, when it has ended, and when it was killed.
constexpr std::chrono::milliseconds patience_after_end = 1s, patience_after_kill = 50ms;

// Passes both outputs on until the hook has ended, or until it must.
class Watch {
 public:
  explicit Watch(HookProcess& hook)
      : hook_(hook),
        output_(hook.output().number(), STDOUT_FILENO),
        error_output_(hook.error_output().number(), STDERR_FILENO) {}

  /// How the hook ended; nothing when it has not by then.
  std::optional<HookEnd> until(Clock::time_point deadline);
  /// What is left in the pipes goes on, as far as it is taken in time.
  void finish(Clock::time_point deadline);

  const std::string& output() const { return output_.tail(); }
  const std::string& error_output() const { return error_output_.tail(); }

 private:
  bool step(Clock::time_point deadline);

  HookProcess& hook_;
  PassedStream output_, error_output_;
};

int milliseconds_until(Clock::time_point deadline) {
  if (deadline == Clock::time_point::max()) return -1;
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now()).count();
  return static_cast<int>(std::clamp<std::int64_t>(left, 0, INT_MAX));
}

// Waits until something can be passed on, or the time has come. Whether the hook may have ended.
bool Watch::step(Clock::time_point deadline) {
  std::array<pollfd, 3> wanted = {output_.wanted(), error_output_.wanted(), pollfd{hook_.child_signal(), POLLIN, 0}};
  if (poll(wanted.data(), wanted.size(), milliseconds_until(deadline)) <= 0) return false;
  output_.step(wanted[0].revents);
  error_output_.step(wanted[1].revents);
  return wanted[2].revents != 0;
}

std::optional<HookEnd> Watch::until(Clock::time_point deadline) {
  std::optional<HookEnd> end;
  while (!end && Clock::now() < deadline)
    if (step(deadline)) end = hook_.ended();
  return end;
}

void Watch::finish(Clock::time_point deadline) {
  output_.take_rest();
  error_output_.take_rest();
  while ((output_.has_pending() || error_output_.has_pending()) && Clock::now() < deadline) step(deadline);
}

Microseconds microseconds(const timeval& time) {
  return std::chrono::seconds(time.tv_sec) + Microseconds(time.tv_usec);
}

void take_end(const HookEnd& end, bool timed_out, Record& record) {
  record.user = microseconds(end.usage.ru_utime);
  record.system = microseconds(end.usage.ru_stime);
  record.peak_memory = static_cast<std::uint64_t>(end.usage.ru_maxrss) * 1024;
  record.signal = WIFSIGNALED(end.status) ? WTERMSIG(end.status) : 0;
  record.exit = timed_out ? timeout_status : record.signal != 0 ? 128 + record.signal : WEXITSTATUS(end.status);
  record.result = timed_out            ? Result::timeout
                  : record.signal != 0 ? Result::signal
                  : record.exit != 0   ? Result::failed
                                       : Result::ok;
}

void not_started(int error_number, Record& record) {
  record.result = Result::not_started;
  record.error = errno_text(error_number);
  record.exit = error_number == ENOENT ? not_found_status : cannot_execute_status;
}

void watch(HookProcess& hook, Clock::time_point deadline, Record& record) {
  Watch watch(hook);
  std::optional<HookEnd> end = watch.until(deadline);
  const bool timed_out = !end;
  if (timed_out) {
    hook.kill_group();
    end = watch.until(Clock::time_point::max());
    deadline = Clock::now() + patience_after_kill;
  }
  watch.finish(timed_out ? deadline : std::max(deadline, Clock::now() + patience_after_end));
  take_end(*end, timed_out, record);
  record.output = watch.output();
  record.error_output = watch.error_output();
}

Clock::time_point deadline_of(const RecordedRun& call, Clock::time_point began) {
  if (call.timeout == 0 || call.timeout > longest_wait) return Clock::time_point::max();
  return began + std::chrono::seconds(call.timeout);
}

Record run(const RecordedRun& call) {
  Record record;
  record.labels = call.labels;
  record.path = call.command.front();
  record.start = time_now();
  const auto began = Clock::now();
  HookProcess hook(call.command);
  if (hook.start_failure() != 0)
    not_started(hook.start_failure(), record);
  else
    watch(hook, deadline_of(call, began), record);
  record.duration = std::chrono::duration_cast<Microseconds>(Clock::now() - began);
  return record;
}

void say_failure(const Record& record) {
  const bool in_line = !record.error_output.empty() && !record.error_output.ends_with('\n');
  const std::string line = fmt::format("hook {} ({}, {}): {}", record.labels.hook, record.labels.stage,
                                       record.labels.file, ending_of(record));
  print_error(fmt::format("{}{}\n", in_line ? "\n" : "", one_line(line)));
}

void keep(const Record& record, const RecordTarget& target) {
  const bool wanted =
      target.which == Recording::all || (target.which == Recording::failures && record.result != Result::ok);
  if (!wanted) return;
  if (!target.file.empty()) append_record(target.file, target.size, to_json_line(record));
  if (target.journal) send_to_journal(record);
}

}  // namespace

int run_recorded_hook(const std::vector<std::string>& arguments) {
  const RecordedRun call = parse_recorded_run(arguments);
  const Record record = run(call);
  if (record.result != Result::ok) say_failure(record);
  keep(record, call.target);
  return record.exit;
}
