// SPDX-License-Identifier: Apache-2.0
#include "log.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>

#include "error.h"
#include "file.h"
#include "json_text.h"
#include "process.h"

namespace {

constexpr mode_t engine_log_mode = 0644;  // as runc creates it
constexpr mode_t own_log_mode = 0600;     // it may quote arguments of hooks

// RFC 3339, in UTC: containerd refuses a line with any other time. Not by gmtime(3), which reads the time zone of the
// environment and the file that it names.
std::string now() {
  using namespace std::chrono;
  const auto seconds = floor<std::chrono::seconds>(system_clock::now());
  const auto midnight = floor<days>(seconds);
  const year_month_day date(midnight);
  const hh_mm_ss time(seconds - midnight);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", int{date.year()}, unsigned{date.month()},
                     unsigned{date.day()}, time.hours().count(), time.minutes().count(), time.seconds().count());
}

std::string text_line(std::string_view level, std::string_view message) {
  return fmt::format("time=\"{}\" level={} msg={}\n", now(), level, json_quoted(message));
}

std::string json_line(std::string_view level, std::string_view message) {
  return fmt::format("{{\"level\":\"{}\",\"msg\":{},\"time\":\"{}\"}}\n", level, json_quoted(message), now());
}

// O_NONBLOCK: a pipe that nobody reads must not hold a container up.
void append(const std::string& path, mode_t mode, std::string_view line) {
  const Fd fd(open(path.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NONBLOCK | O_NOCTTY, mode));
  if (!fd) return;
  const IgnoredSignal file_size_limit(SIGXFSZ);
  while (write(fd.number(), line.data(), line.size()) < 0 && errno == EINTR) {
  }
}

}  // namespace

LogLevel log_level_named(std::string_view name) {
  const auto* found = std::ranges::find(log_level_names, name);
  return found == log_level_names.end() ? LogLevel::info : static_cast<LogLevel>(found - log_level_names.begin());
}

void Log::write(LogLevel level, std::string_view message) const {
  if (level > level_ || path_.empty()) return;
  append(path_, own_log_mode, text_line(log_level_names[static_cast<std::size_t>(level)], message));
}

void write_engine_error(const CommandLine& call, std::string_view message) {
  if (call.log.empty()) return;
  const std::string line =
      call.log_format == LogFormat::json ? json_line("error", message) : text_line("error", message);
  append(std::string(call.log), engine_log_mode, line);
}
