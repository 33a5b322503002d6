// SPDX-License-Identifier: Apache-2.0
#include "core/cli/record_commands.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <ctime>
#include <map>
#include <optional>
#include <utility>

#include "core/cli/hook_log.h"
#include "core/error.h"
#include "core/hooks/hook_sources.h"
#include "core/host/output.h"
#include "core/host/path.h"
#include "core/host/process.h"
#include "core/host/time.h"
#include "core/record/export.h"
#include "core/record/record_file.h"
#include "core/text/suggestion.h"

namespace {

constexpr timespec follow_pause = {0, 200'000'000};

// What a record of this host lacks: nothing that is missing should look as if it had not run.
void warn_of_unrecorded(const Arguments& arguments, const Config& config) {
  if (config.record == Recording::off)
    return warn(arguments, "record is off: no run of a hook is recorded (container-hooks-ctk config --set record=all)");
  for (const ConfiguredHook& hook : load_hooks(config).hooks)
    if (std::ranges::find(hook.stages, Stage::start_container) != hook.stages.end())
      return warn(arguments, at_hook(hook, "its startContainer runs inside the container and is not recorded"));
}

std::string record_path(const Arguments& arguments) {
  if (arguments.has("file")) return given_path(arguments, "file");
  const Config config = effective_config(arguments);
  warn_of_unrecorded(arguments, config);
  return config.record_path;
}

// What is not a record, such as a line that a crash tore, is passed over.
std::vector<Record> records_in(const std::vector<std::string>& lines) {
  std::vector<Record> result;
  for (const std::string& line : lines)
    if (std::optional<Record> record = record_in(line)) result.push_back(std::move(*record));
  return result;
}

std::vector<Record> all_records(const std::string& path) {
  std::vector<Record> result = records_in(record_lines(path));
  std::ranges::stable_sort(result, {}, &Record::start);
  return result;
}

struct Unit {
  char letter;
  std::int64_t seconds;
};
constexpr std::array units = {Unit{'s', 1}, Unit{'m', 60}, Unit{'h', 3600}, Unit{'d', 86'400}};

// "10m": so long ago.
Microseconds ago(const std::string& text) {
  std::int64_t count = 0;
  const char* end = text.data() + text.size();
  const auto [stop, failure] = std::from_chars(text.data(), end, count);
  const auto* unit = std::ranges::find(units, stop == end ? '\0' : *stop, &Unit::letter);
  if (failure != std::errc() || stop + 1 != end || unit == units.end() || count < 0 || count > 1'000'000)
    throw UsageError(fmt::format("--since {}: a time such as 2026-11-24T23:10:05Z or 10m is expected", text));
  return time_now() - std::chrono::seconds(count * unit->seconds);
}

Microseconds since(const Arguments& arguments) {
  const std::string text = arguments.value("since");
  if (text.empty()) return Microseconds(0);
  for (const std::string& each : {text, text + "T00:00:00Z"})
    if (const Microseconds time = time_in(each); time != Microseconds(0)) return time;
  return ago(text);
}

struct Selection {
  explicit Selection(const Arguments& arguments)
      : container(arguments.value("container")),
        hook(arguments.value("hook")),
        begin(since(arguments)),
        only_failed(arguments.has("failed")) {}

  bool has(const Record& record) const {
    const RunLabels& labels = record.labels;
    return (labels.container.starts_with(container) || labels.name == container) &&
           (hook.empty() || labels.hook == hook) && record.start >= begin &&
           !(only_failed && record.result == Result::ok);
  }

  std::string container, hook;
  Microseconds begin;
  bool only_failed;
};

std::vector<Record> selected(std::vector<Record> records, const Selection& selection) {
  std::erase_if(records, [&](const Record& record) { return !selection.has(record); });
  return records;
}

// A terminal's own locale decides; what goes into a pipe or a file is for programs, too.
Drawing drawing_here() {
  std::string_view locale;
  for (const char* name : {"LANG", "LC_CTYPE", "LC_ALL"})
    if (const char* value = environment(name)) locale = value;
  const bool has_blocks = locale.find("UTF-8") != locale.npos || locale.find("utf8") != locale.npos;
  return {isatty(STDOUT_FILENO) != 0 && has_blocks ? Bars::blocks : Bars::ascii, text_width()};
}

void print_timelines(const std::vector<Record>& records) {
  std::map<std::string, std::vector<Record>> containers;
  for (const Record& record : records) containers[record.labels.container].push_back(record);
  for (const auto& [container, runs] : containers) print(timeline(runs, drawing_here()));
}

// Each line of the record once: those that are there, and, with --follow, those that come.
class Reader {
 public:
  explicit Reader(std::string path) : path_(std::move(path)) {}

  /// The lines since the last time. A rotation takes from the beginning of what there is.
  std::vector<std::string> next() {
    if (!has_grown()) return {};
    std::vector<std::string> lines = record_lines(path_);
    const auto last = std::ranges::find(lines.rbegin(), lines.rend(), last_);
    if (!last_.empty()) lines.erase(lines.begin(), last.base() == lines.begin() ? lines.begin() : last.base());
    if (!lines.empty()) last_ = lines.back();
    return lines;
  }

 private:
  bool has_grown() {
    struct stat now = {};
    if (stat(path_.c_str(), &now) != 0) return false;
    const struct stat before = std::exchange(seen_, now);
    return !is_same_file(before, now) || before.st_size != now.st_size;
  }

  std::string path_;
  std::string last_;
  struct stat seen_ = {};
};

void print_alone(const Arguments& arguments, const std::vector<Record>& records) {
  for (const Record& record : records) print(arguments.has("json") ? to_json_line(record) : log_line(record));
}

[[noreturn]] void follow(const Arguments& arguments, const std::string& path, const Selection& selection) {
  for (Reader reader(path);; nanosleep(&follow_pause, nullptr)) {
    print_alone(arguments, selected(records_in(reader.next()), selection));
    flush_output();
  }
}

using Exporter = std::string (*)(const std::vector<Record>&);

constexpr std::array<std::pair<std::string_view, Exporter>, 3> exporters = {
    {{"prometheus", as_prometheus}, {"otlp", as_otlp}, {"chrome", as_chrome_trace}}};

}  // namespace

std::vector<std::string_view> export_formats() {
  std::vector<std::string_view> result;
  for (const auto& exporter : exporters) result.push_back(exporter.first);
  return result;
}

int run_hooks_log(const Arguments& arguments) {
  const Selection selection(arguments);
  const std::string path = record_path(arguments);
  if (arguments.has("follow")) follow(arguments, path, selection);
  const std::vector<Record> records = selected(all_records(path), selection);
  if (arguments.has("json")) return print_alone(arguments, records), 0;
  print(log_table(records, text_width()));
  if (arguments.has("container")) print_timelines(records);
  return 0;
}

int run_hooks_stats(const Arguments& arguments) {
  const std::vector<HookStatistics> all = statistics_of(all_records(record_path(arguments)));
  print(arguments.has("json") ? as_json(all) : statistics_table(all, drawing_here()));
  return 0;
}

int run_hooks_export(const Arguments& arguments) {
  const std::string format = arguments.value("format");
  const auto* found = std::ranges::find(exporters, format, &std::pair<std::string_view, Exporter>::first);
  if (found == exporters.end())
    throw UsageError(fmt::format("hooks export: --format prometheus, otlp or chrome is expected"));
  print(found->second(all_records(record_path(arguments))));
  return 0;
}
