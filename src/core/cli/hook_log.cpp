// SPDX-License-Identifier: Apache-2.0
#include "core/cli/hook_log.h"

#include <algorithm>
#include <array>
#include <utility>

#include "core/cli/table.h"
#include "core/error.h"
#include "core/host/time.h"
#include "core/text/json.h"
#include "core/text/printable.h"
#include "core/text/utf8.h"

namespace {

constexpr std::size_t short_id = 12;               // as docker shows it
constexpr Microseconds longest_pause{10'000'000};  // between two hooks of one start, or of one end
constexpr std::size_t usual_width = 80;            // where no terminal has one
constexpr std::size_t narrowest_bars = 20, widest_bars = 100;
constexpr std::array<std::string_view, 9> eighths = {"", "▏", "▎", "▍", "▌", "▋", "▊", "▉", "█"};
constexpr std::array<std::string_view, 9> heights = {" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
constexpr std::string_view ascii_heights = " .:-=+*%#";

std::string milliseconds(Microseconds time) {
  return fmt::format("{}.{}", time.count() / 1000, time.count() % 1000 / 100);
}

// "11-24 23:10:05"
std::string time_of(const Record& record) {
  std::string text = utc_text(std::chrono::floor<std::chrono::seconds>(record.start)).substr(5, 14);
  std::ranges::replace(text, 'T', ' ');
  return text;
}

std::string container_of(const Record& record) {
  return record.labels.name.empty() ? record.labels.container.substr(0, short_id) : record.labels.name;
}

// The last line that is not empty, which mostly is the one that says why.
std::string_view last_line(std::string_view text) {
  text = text.substr(0, text.find_last_not_of(" \t\r\n") + 1);
  return text.substr(text.rfind('\n') + 1);
}

std::string result_of(const Record& record) {
  std::string result(result_name(record.result));
  if (record.result == Result::failed) result = fmt::format("exit {}", record.exit);
  if (record.result == Result::signal) result = fmt::format("signal {}", record.signal);
  const std::string_view why =
      record.result == Result::not_started ? std::string_view(record.error) : last_line(record.error_output);
  return record.result == Result::ok || why.empty() ? result : fmt::format("{}: {}", result, why);
}

std::vector<std::string> columns_of(const Record& record) {
  return {time_of(record),    container_of(record),          record.labels.stage,
          record.labels.hook, milliseconds(record.duration), result_of(record)};
}

std::string repeated(std::string_view text, std::size_t count) {
  std::string result;
  while (count-- > 0) result += text;
  return result;
}

// Of a bar's width, at least a little of a cell.
std::string bar(std::size_t begin, std::size_t eighths_of_cells, Bars bars) {
  const std::size_t length = std::max<std::size_t>(eighths_of_cells, 1);
  std::string result(begin, ' ');
  if (bars == Bars::ascii) return result + std::string((length + 7) / 8, '#');
  return result + repeated(eighths.back(), length / 8) + std::string(eighths[length % 8]);
}

using Group = std::vector<const Record*>;

// Runs with no long pause between them.
std::vector<Group> groups_of(const std::vector<Record>& records) {
  std::vector<Group> result;
  Microseconds end{};
  for (const Record& record : records) {
    if (result.empty() || record.start - end > longest_pause) result.emplace_back();
    result.back().push_back(&record);
    end = std::max(end, record.start + record.duration);
  }
  return result;
}

Microseconds end_of(const Group& group) {
  Microseconds result{};
  for (const Record* record : group) result = std::max(result, record->start + record->duration);
  return result;
}

struct Scale {
  Microseconds begin, length;
  std::size_t cells;

  std::size_t eighths_at(Microseconds time) const {
    const auto part = static_cast<std::uint64_t>(std::max<std::int64_t>(time.count(), 0));
    const auto whole = static_cast<std::uint64_t>(std::max<std::int64_t>(length.count(), 1));
    return std::min<std::uint64_t>(part * cells * 8 / whole, cells * 8);
  }
};

// Its last cell is on the scale, too.
std::string bar_of(const Record& record, const Scale& scale, Bars bars) {
  const std::size_t begin = std::min(scale.eighths_at(record.start - scale.begin) / 8, scale.cells - 1);
  return bar(begin, std::min(scale.eighths_at(record.duration), (scale.cells - begin) * 8), bars);
}

std::string scale_heading(const Scale& scale) {
  const std::string end = fmt::format("{} ms", milliseconds(scale.length));
  return fmt::format("{:<{}}{}", "0 ms", std::max(scale.cells, end.size() + 5) - end.size(), end);
}

std::size_t widest(const Group& group, std::string RunLabels::*member) {
  std::size_t result = 5;
  for (const Record* record : group) result = std::max(result, (record->labels.*member).size());
  return result;
}

std::string clipped(std::string text, std::size_t length) {
  if (text.size() > length) text.replace(length - 3, text.npos, "...");
  return valid_utf8(text);
}

// The columns of a chart that others do not give their widths: all but bars have what they need, in a narrow terminal.
struct ChartWidths {
  std::size_t bars, result;
};

ChartWidths widths_in(const Group& group, std::size_t width) {
  constexpr std::size_t gaps = 8, duration = 8, least_result = 6, most_result = 30;
  std::size_t result = least_result;
  for (const Record* record : group) result = std::max(result, result_of(*record).size());
  result = std::min(result, most_result);
  const std::size_t taken =
      widest(group, &RunLabels::stage) + widest(group, &RunLabels::hook) + gaps + duration + result;
  return {std::clamp(std::max(width, taken) - taken, narrowest_bars, widest_bars), result};
}

std::string chart(const Group& group, Drawing drawing) {
  const Microseconds begin = group.front()->start;
  const std::size_t width = drawing.width == no_width_limit ? usual_width : drawing.width;
  const ChartWidths widths = widths_in(group, width);
  const Scale scale = {begin, end_of(group) - begin, widths.bars};
  Table table({"stage", "hook", scale_heading(scale), "ms", "result"});
  for (const Record* record : group)
    table.add({{record->labels.stage},
               {record->labels.hook},
               {bar_of(*record, scale, drawing.bars)},
               {milliseconds(record->duration)},
               {clipped(result_of(*record), widths.result)}});
  return table.as_text(width);
}

std::string histogram_bars(const HookStatistics& one, Bars bars) {
  const auto counts = one.histogram();
  const std::uint64_t most = std::ranges::max(counts);
  std::string result = "|";
  for (const std::uint64_t count : counts) {
    const std::size_t height = count == 0 ? 0 : std::max<std::uint64_t>(count * 8 / most, 1);
    result += bars == Bars::ascii ? ascii_heights.substr(height, 1) : heights[height];
  }
  return result + '|';
}

std::string buckets_as_json(const HookStatistics& one) {
  std::vector<JsonPair> members;
  const auto counts = one.histogram();
  for (std::size_t i = 0; i < counts.size(); ++i) members.push_back({bound_text(i), std::to_string(counts[i])});
  return json_object(members);
}

}  // namespace

std::string log_table(const std::vector<Record>& records, std::size_t width) {
  Table table({"TIME (UTC)", "CONTAINER", "STAGE", "HOOK", "MS", "RESULT"});
  for (const Record& record : records) {
    const std::vector<std::string> columns = columns_of(record);
    table.add({columns.begin(), columns.end()});
  }
  return table.as_text(width);
}

std::string log_line(const Record& record) {
  const std::vector<std::string> columns = columns_of(record);
  return printable_line(fmt::format("{}  {:<12}  {:<15}  {:<14}  {:>8}  {}", columns[0], columns[1], columns[2],
                                    columns[3], columns[4], columns[5])) +
         '\n';
}

std::string timeline(const std::vector<Record>& records, Drawing drawing) {
  std::string result;
  for (const Group& group : groups_of(records)) result += '\n' + chart(group, drawing);
  return result;
}

std::string statistics_table(const std::vector<HookStatistics>& all, Drawing drawing) {
  Table table({"HOOK", "STAGE", "RUNS", "FAILED", "P50", "P95", "P99", "MAX", "1 ms .. 10 s"});
  for (const HookStatistics& one : all)
    table.add({{one.hook},
               {one.stage},
               {std::to_string(one.durations.size())},
               {std::to_string(one.failures())},
               {milliseconds(one.percentile(50))},
               {milliseconds(one.percentile(95))},
               {milliseconds(one.percentile(99))},
               {milliseconds(one.durations.back())},
               {histogram_bars(one, drawing.bars)}});
  return table.as_text(drawing.width);
}

std::string as_json(const std::vector<HookStatistics>& all) {
  std::vector<std::string> objects;
  for (const HookStatistics& one : all)
    objects.push_back(json_object({{"hook", json_quoted(one.hook)},
                                   {"stage", json_quoted(one.stage)},
                                   {"runs", std::to_string(one.durations.size())},
                                   {"failed", std::to_string(one.failures())},
                                   {"p50", decimal_seconds(one.percentile(50))},
                                   {"p95", decimal_seconds(one.percentile(95))},
                                   {"p99", decimal_seconds(one.percentile(99))},
                                   {"max", decimal_seconds(one.durations.back())},
                                   {"total", decimal_seconds(one.total())},
                                   {"buckets", buckets_as_json(one)}}));
  return json_array(objects) + '\n';
}
