// What is written down of one run of a hook, as a line of JSON, and read again.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/oci/recorded_hook.h"

enum class Result : std::uint8_t { ok, failed, timeout, signal, not_started };

constexpr std::array<std::string_view, 5> result_names = {"ok", "failed", "timeout", "signal", "not-started"};
constexpr std::string_view result_name(Result result) { return result_names[static_cast<std::size_t>(result)]; }

using Microseconds = std::chrono::microseconds;

struct Record {
  RunLabels labels;
  std::string path;      // of the hook's program
  Microseconds start{};  // since 1970, UTC
  Result result = Result::ok;
  int exit = 0;       // the runner's exit status, which is the hook's own; 124 after a time-out, 128 + n after a signal
  int signal = 0;     // that ended the hook; 0: none
  std::string error;  // why it could not be started
  Microseconds duration{}, user{}, system{};
  std::uint64_t peak_memory = 0;     // bytes
  std::string output, error_output;  // the last of each, whatever bytes they are
};

/// One line of JSON, with the line's end. What is not UTF-8 is U+FFFD there.
std::string to_json_line(const Record& record);

/// The record of such a line; nothing when it is not one, as the torn last line of a machine that lost power.
std::optional<Record> record_in(std::string_view line);

/// "exit status 1 after 0.21 s": how a run that failed ended.
std::string ending_of(const Record& record);

/// Exact seconds, "1.000250", for which no floating point is needed.
std::string decimal_seconds(Microseconds time);

/// Seconds with the digits that people read: "0.21", "12.3", "0.0004".
std::string seconds_text(Microseconds duration);
