// Our own log, and lines as logs have them.
//
// Nothing here can fail: a log that cannot be written changes nothing for the
// container. A line is one write, so that lines of several processes do not mix.
// Root writes its log neither through a link nor below a directory of another user,
// and not into a file that is theirs.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <fcntl.h>
#include <sys/types.h>

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/host/fd.h"

enum class LogLevel : std::uint8_t { error, warning, info, debug, trace };

constexpr std::array<std::string_view, 5> log_level_names = {"error", "warning", "info", "debug", "trace"};

/// Appends to a file of ours, which is opened only to write a line.
class Log {
 public:
  Log(std::string path, LogLevel level) : path_(std::move(path)), level_(level) {}
  void write(LogLevel level, std::string_view message) const;
  /// Whether lines of that level are written.
  bool has(LogLevel level) const { return level <= level_; }

 private:
  std::string path_;
  LogLevel level_;
};

enum class LogFormat : std::uint8_t { text, json };

/// A line with runc's fields: level, message and the time in UTC.
std::string log_line(LogFormat format, LogLevel level, std::string_view message);

/// Appends it in one write; mode is for a file that is not there yet.
void append_line(const std::string& path, mode_t mode, std::string_view line);

/// Opens a file of ours to append to, and makes it for its owner alone; access: O_WRONLY or O_RDWR. Nothing where that is
/// not possible, or where root would write what it should not.
Fd open_own_log(const std::string& path, int access = O_WRONLY);
