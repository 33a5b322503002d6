// SPDX-License-Identifier: Apache-2.0
#include "core/host/process_list.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <optional>

#include "core/error.h"
#include "core/host/directory.h"
#include "core/host/file.h"
#include "core/host/path.h"
#include "core/text/split.h"

namespace {

constexpr std::int64_t nanoseconds = 1'000'000'000;

std::int64_t in_nanoseconds(const timespec& time) { return time.tv_sec * nanoseconds + time.tv_nsec; }

std::int64_t now_of(clockid_t clock) {
  timespec time = {};
  clock_gettime(clock, &time);
  return in_nanoseconds(time);
}

// What is left of a file of /proc when its process has ended meanwhile: nothing.
std::string content_of(const std::string& path) {
  try {
    return read_if_exists(path).value_or("");
  } catch (const Error&) {
    return "";
  }
}

std::vector<std::string> argv_of(const std::string& process) {
  const std::string text = content_of(process + "/cmdline");
  const std::vector<std::string_view> arguments = split(text, '\0');
  return {arguments.begin(), arguments.end()};
}

// proc_pid_stat(5): field 22, in ticks since the system started. The name in parentheses may have blanks. The end of the
// tick: who started just after a file was written did not start before.
timespec start_of(const std::string& process) {
  const std::string text = content_of(process + "/stat");
  const std::vector<std::string_view> fields = words(std::string_view(text).substr(text.rfind(')') + 1));
  std::int64_t ticks = 0;
  if (fields.size() > 19) std::from_chars(fields[19].data(), fields[19].data() + fields[19].size(), ticks);
  const std::int64_t since_boot = (ticks + 1) * (nanoseconds / sysconf(_SC_CLK_TCK));
  const std::int64_t started = now_of(CLOCK_REALTIME) - now_of(CLOCK_BOOTTIME) + since_boot;
  return {started / nanoseconds, static_cast<long>(started % nanoseconds)};  // a long of 32 bits, too
}

// Who may not look takes it for one.
bool has_this_root(const std::string& process) {
  struct stat theirs, ours;
  return stat((process + "/root/").c_str(), &theirs) != 0 || stat("/", &ours) != 0 || is_same_file(theirs, ours);
}

std::optional<pid_t> pid_of(std::string_view name) {
  pid_t pid = 0;
  const auto [end, failure] = std::from_chars(name.data(), name.data() + name.size(), pid);
  if (failure != std::errc() || end != name.data() + name.size()) return std::nullopt;
  return pid;
}

}  // namespace

std::vector<Process> processes_of(std::string_view program) {
  std::vector<Process> result;
  std::optional<Directory> proc = Directory::open_if_exists("/proc");
  for (const dirent* entry = proc ? proc->next() : nullptr; entry; entry = proc->next()) {
    const std::optional<pid_t> pid = pid_of(entry->d_name);
    if (!pid) continue;
    const std::string process = fmt::format("/proc/{}", *pid);
    std::vector<std::string> argv = argv_of(process);
    if (argv.empty() || base_name(argv.front()) != program || !has_this_root(process)) continue;
    result.push_back({*pid, std::move(argv), start_of(process)});
  }
  return result;
}

std::string argument_after(const Process& process, std::string_view option) {
  const auto found = std::ranges::find(process.argv, option);
  return found == process.argv.end() || found + 1 == process.argv.end() ? "" : found[1];
}
