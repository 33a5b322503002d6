// SPDX-License-Identifier: Apache-2.0
#include "core/oci/error_log.h"

namespace {

constexpr mode_t engine_log_mode = 0644;  // as runc creates it

}  // namespace

void write_engine_error(const CommandLine& call, std::string_view message) {
  if (call.log.empty()) return;
  append_line(std::string(call.log), engine_log_mode, log_line(call.log_format, LogLevel::error, message));
}
