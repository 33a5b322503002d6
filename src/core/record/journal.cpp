// SPDX-License-Identifier: Apache-2.0
#include "core/record/journal.h"

#include <sys/socket.h>
#include <sys/un.h>

#include <algorithm>
#include <cstdint>

#include "core/error.h"
#include "core/host/fd.h"

namespace {

constexpr std::size_t short_id = 12;                                   // as docker shows it
constexpr std::string_view error_priority = "3", info_priority = "6";  // syslog(3)

std::string little_endian(std::uint64_t number) {
  std::string result;
  for (int byte = 0; byte < 8; ++byte) result += static_cast<char>(number >> (8 * byte) & 0xFF);
  return result;
}

std::string field(std::string_view name, std::string_view value) {
  if (value.empty()) return "";
  if (value.find('\n') == value.npos) return fmt::format("{}={}\n", name, value);
  return fmt::format("{}\n{}{}\n", name, little_endian(value.size()), value);
}

std::string message(const Record& record) {
  const RunLabels& labels = record.labels;
  const std::string subject = fmt::format("hook {} ({}, {})", labels.hook, labels.stage, labels.file);
  if (record.result != Result::ok) return fmt::format("{}: {}", subject, ending_of(record));
  return fmt::format("{}: ok after {} s", subject, seconds_text(record.duration));
}

}  // namespace

std::string journal_entry(const Record& record) {
  const RunLabels& labels = record.labels;
  return field("MESSAGE", message(record)) +
         field("PRIORITY", record.result == Result::ok ? info_priority : error_priority) +
         field("SYSLOG_IDENTIFIER", marker_name) + field("CONTAINER_ID", labels.container.substr(0, short_id)) +
         field("CONTAINER_ID_FULL", labels.container) + field("CONTAINER_NAME", labels.name) +
         field("IMAGE_NAME", labels.image) + field("HOOK_NAME", labels.hook) + field("HOOK_STAGE", labels.stage) +
         field("HOOK_FILE", labels.file) + field("HOOK_PATH", record.path) +
         field("HOOK_RESULT", result_name(record.result)) + field("HOOK_EXIT", std::to_string(record.exit)) +
         field("HOOK_DURATION_USEC", std::to_string(record.duration.count())) + field("HOOK_STDOUT", record.output) +
         field("HOOK_STDERR", record.error_output);
}

void send_to_journal(const Record& record, std::string_view socket_path) {
  sockaddr_un address = {};
  address.sun_family = AF_UNIX;
  if (socket_path.size() >= sizeof address.sun_path) return;
  std::ranges::copy(socket_path, address.sun_path);
  const Fd socket(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  const std::string entry = journal_entry(record);
  if (socket)
    sendto(socket.number(), entry.data(), entry.size(), MSG_NOSIGNAL, reinterpret_cast<const sockaddr*>(&address),
           sizeof address);
}
