// SPDX-License-Identifier: Apache-2.0
#include "core/host/log.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>

#include "core/error.h"
#include "core/host/file.h"
#include "core/host/process.h"
#include "core/text/json.h"

namespace {

constexpr mode_t own_log_mode = 0600;  // it may quote arguments of hooks

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

}  // namespace

LogLevel log_level_named(std::string_view name) {
  const auto* found = std::ranges::find(log_level_names, name);
  return found == log_level_names.end() ? LogLevel::info : static_cast<LogLevel>(found - log_level_names.begin());
}

std::string log_line(LogFormat format, LogLevel level, std::string_view message) {
  const std::string_view name = log_level_names[static_cast<std::size_t>(level)];
  if (format == LogFormat::json)
    return fmt::format("{{\"level\":\"{}\",\"msg\":{},\"time\":\"{}\"}}\n", name, json_quoted(message), now());
  return fmt::format("time=\"{}\" level={} msg={}\n", now(), name, json_quoted(message));
}

// O_NONBLOCK: a pipe that nobody reads must not hold a container up.
void append_line(const std::string& path, mode_t mode, std::string_view line) {
  const Fd fd(open(path.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NONBLOCK | O_NOCTTY, mode));
  if (!fd) return;
  const IgnoredSignal file_size_limit(SIGXFSZ);
  while (write(fd.number(), line.data(), line.size()) < 0 && errno == EINTR) {
  }
}

void Log::write(LogLevel level, std::string_view message) const {
  if (level > level_ || path_.empty()) return;
  append_line(path_, own_log_mode, log_line(LogFormat::text, level, message));
}
