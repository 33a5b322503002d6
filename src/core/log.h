// Our own log, and the one line that an engine reads when we fail.
//
// Nothing here can fail: a log that cannot be written changes nothing for the
// container. A line is one write, so that lines of several processes do not mix.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "command_line.h"

enum class LogLevel : std::uint8_t { error, warning, info, debug, trace };

constexpr std::array<std::string_view, 5> log_level_names = {"error", "warning", "info", "debug", "trace"};

/// The level of that name; info for a name that is none.
LogLevel log_level_named(std::string_view name);

/// Appends to a file of ours, which is opened only to write a line.
class Log {
 public:
  Log(std::string path, LogLevel level) : path_(std::move(path)), level_(level) {}
  void write(LogLevel level, std::string_view message) const;

 private:
  std::string path_;
  LogLevel level_;
};

/// Appends the one error line to the file that the engine named, in the format that it asked for (runc's fields).
void write_engine_error(const CommandLine& call, std::string_view message);
