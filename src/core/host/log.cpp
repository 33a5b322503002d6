// SPDX-License-Identifier: Apache-2.0
#include "core/host/log.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>

#include "core/error.h"
#include "core/host/fd.h"
#include "core/host/path.h"
#include "core/host/process.h"
#include "core/host/time.h"
#include "core/host/trust.h"
#include "core/text/json.h"
#include "core/text/printable.h"

namespace {

constexpr mode_t own_log_mode = 0600;  // it may quote arguments of hooks

// Whole seconds, in UTC: containerd refuses a line with any other time.
std::string now() { return utc_text(std::chrono::floor<std::chrono::seconds>(time_now())); }

// O_NONBLOCK: a pipe that nobody reads must not hold a container up.
Fd open_to_append(const std::string& path, int flags, mode_t mode) {
  return Fd(open(path.c_str(), O_APPEND | O_CREAT | O_CLOEXEC | O_NONBLOCK | O_NOCTTY | flags, mode));
}

void append(const Fd& fd, std::string_view line) {
  if (!fd) return;
  const IgnoredSignal file_size_limit(SIGXFSZ);
  retry_interrupted([&] { return write(fd.number(), line.data(), line.size()); });
}

// Nobody else's, and not a file of root's own that somebody linked into the log's directory.
bool is_our_log(const Fd& fd) {
  struct stat status;
  return fstat(fd.number(), &status) == 0 && status.st_uid == geteuid() &&
         (!S_ISREG(status.st_mode) || status.st_nlink == 1);
}

}  // namespace

std::string log_line(LogFormat format, LogLevel level, std::string_view message) {
  const std::string_view name = log_level_names[static_cast<std::size_t>(level)];
  const std::string quoted = printable(json_quoted(message));
  if (format == LogFormat::json)
    return fmt::format("{{\"level\":\"{}\",\"msg\":{},\"time\":\"{}\"}}\n", name, quoted, now());
  return fmt::format("time=\"{}\" level={} msg={}\n", now(), name, quoted);
}

void append_line(const std::string& path, mode_t mode, std::string_view line) {
  append(open_to_append(path, O_WRONLY, mode), line);
}

// Others may well write the directory of logs: on some distributions a group of syslog's does.
Fd open_own_log(const std::string& path, int access) {
  if (!is_trust_needed()) return open_to_append(path, access, own_log_mode);
  try {
    trusted_status(directory_of(path));
  } catch (const Error&) {
    return Fd();
  }
  Fd fd = open_to_append(path, access | O_NOFOLLOW, own_log_mode);
  return fd && is_our_log(fd) ? std::move(fd) : Fd();
}

void Log::write(LogLevel level, std::string_view message) const {
  if (level > level_ || path_.empty()) return;
  append(open_own_log(path_), log_line(LogFormat::text, level, message));
}
