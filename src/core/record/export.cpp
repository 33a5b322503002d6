// SPDX-License-Identifier: Apache-2.0
#include "core/record/export.h"

#include <algorithm>
#include <array>
#include <map>

#include "core/error.h"
#include "core/record/statistics.h"
#include "core/text/json.h"
#include "core/text/printable.h"
#include "core/text/split.h"

namespace {

// A value between quotes of Prometheus, which knows no escapes but those of the backslash, the quote and the line break.
std::string label_value(std::string_view text) {
  std::string result;
  for (const char c : printable_line(text)) {
    if (c == '\\' || c == '"') result += '\\';
    result += c;
  }
  return result;
}

std::string labels_of(const HookStatistics& one) {
  return fmt::format("hook=\"{}\",stage=\"{}\"", label_value(one.hook), label_value(one.stage));
}

std::string runs_of(const HookStatistics& one) {
  std::string result;
  for (std::size_t i = 0; i < result_names.size(); ++i)
    if (one.results[i] > 0)
      result += fmt::format("container_hooks_runs_total{{{},result=\"{}\"}} {}\n", labels_of(one), result_names[i],
                            one.results[i]);
  return result;
}

std::string durations_of(const HookStatistics& one) {
  constexpr std::string_view metric = "container_hooks_duration_seconds";
  std::string result;
  std::uint64_t count = 0;
  const auto histogram = one.histogram();
  for (std::size_t i = 0; i < histogram.size(); ++i) {
    count += histogram[i];
    result += fmt::format("{}_bucket{{{},le=\"{}\"}} {}\n", metric, labels_of(one), bound_text(i), count);
  }
  result += fmt::format("{}_sum{{{}}} {}\n", metric, labels_of(one), decimal_seconds(one.total()));
  return result + fmt::format("{}_count{{{}}} {}\n", metric, labels_of(one), count);
}

// In the order in which each container's first run is in the record.
std::vector<std::vector<const Record*>> by_container(const std::vector<Record>& records) {
  std::map<std::string, std::size_t> places;
  std::vector<std::vector<const Record*>> result;
  for (const Record& record : records) {
    const auto [place, is_new] = places.try_emplace(record.labels.container, result.size());
    if (is_new) result.emplace_back();
    result[place->second].push_back(&record);
  }
  return result;
}

// FNV-1a: an id that is the same whenever the same record is exported.
std::uint64_t hash_of(std::string_view text) {
  std::uint64_t result = 0xcbf29ce484222325;
  for (const char c : text) result = (result ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  return result;
}

std::string trace_id(const std::string& container) {
  const bool has_digits = container.size() == 64 && container.find_first_not_of("0123456789abcdef") == container.npos;
  if (has_digits) return container.substr(0, 32);
  return fmt::format("{:016x}{:016x}", hash_of(container), hash_of(container + "/"));
}

std::string span_id(const Record& record) {
  return fmt::format("{:016x}", hash_of(fmt::format("{}/{}/{}/{}", record.labels.container, record.labels.stage,
                                                    record.labels.hook, record.start.count())));
}

std::string attribute(std::string_view key, std::string_view value) {
  return json_object({{"key", json_quoted(key)}, {"value", json_object({{"stringValue", json_quoted(value)}})}});
}

// The mapping of 64-bit numbers to JSON is a string.
std::string attribute(std::string_view key, std::int64_t value) {
  return json_object(
      {{"key", json_quoted(key)}, {"value", json_object({{"intValue", json_quoted(std::to_string(value))}})}});
}

std::string array_of(const std::vector<std::string>& values) { return fmt::format("[{}]", join(values, ",")); }

std::string nanoseconds(Microseconds time) { return json_quoted(fmt::format("{}000", time.count())); }

std::string status_of(const Record& record) {
  if (record.result == Result::ok) return json_object({{"code", "1"}});
  return json_object({{"code", "2"}, {"message", json_quoted(ending_of(record))}});
}

std::string span_of(const Record& record) {
  const RunLabels& labels = record.labels;
  return json_object(
      {{"traceId", json_quoted(trace_id(labels.container))},
       {"spanId", json_quoted(span_id(record))},
       {"name", json_quoted(fmt::format("{} {}", labels.stage, labels.hook))},
       {"kind", "1"},
       {"startTimeUnixNano", nanoseconds(record.start)},
       {"endTimeUnixNano", nanoseconds(record.start + record.duration)},
       {"attributes",
        array_of({attribute("hook.name", labels.hook), attribute("hook.stage", labels.stage),
                  attribute("hook.file", labels.file), attribute("hook.path", record.path),
                  attribute("hook.result", result_name(record.result)), attribute("process.exit.code", record.exit)})},
       {"status", status_of(record)}});
}

struct ResourceRow {
  std::string_view key;
  std::string RunLabels::*member;
};

// OpenTelemetry's semantic conventions.
constexpr std::array resource_rows = {
    ResourceRow{"container.id", &RunLabels::container},     ResourceRow{"container.name", &RunLabels::name},
    ResourceRow{"container.image.name", &RunLabels::image}, ResourceRow{"container.runtime", &RunLabels::engine},
    ResourceRow{"k8s.namespace.name", &RunLabels::space},   ResourceRow{"k8s.pod.name", &RunLabels::pod},
};

std::string resource_spans_of(const std::vector<const Record*>& records) {
  std::vector<std::string> attributes = {attribute("service.name", marker_name)}, spans;
  for (const ResourceRow& row : resource_rows)
    if (const std::string& value = records.front()->labels.*row.member; !value.empty())
      attributes.push_back(attribute(row.key, value));
  for (const Record* record : records) spans.push_back(span_of(*record));
  const std::string scope = json_object({{"name", json_quoted(marker_name)}});
  return json_object({{"resource", json_object({{"attributes", array_of(attributes)}})},
                      {"scopeSpans", array_of({json_object({{"scope", scope}, {"spans", array_of(spans)}})})}});
}

std::string process_name(const RunLabels& labels, const std::string& pid) {
  const std::string& name = labels.name.empty() ? labels.container : labels.name;
  return json_object({{"ph", "\"M\""},
                      {"name", "\"process_name\""},
                      {"pid", pid},
                      {"tid", "1"},
                      {"args", json_object({{"name", json_quoted(name)}})}});
}

std::string event_of(const Record& record, const std::string& pid) {
  return json_object({{"ph", "\"X\""},
                      {"name", json_quoted(record.labels.hook)},
                      {"cat", json_quoted(record.labels.stage)},
                      {"ts", std::to_string(record.start.count())},
                      {"dur", std::to_string(record.duration.count())},
                      {"pid", pid},
                      {"tid", "1"},
                      {"args", json_object({{"stage", json_quoted(record.labels.stage)},
                                            {"container", json_quoted(record.labels.container)},
                                            {"file", json_quoted(record.labels.file)},
                                            {"path", json_quoted(record.path)},
                                            {"result", json_quoted(result_name(record.result))},
                                            {"exit", std::to_string(record.exit)},
                                            {"stderr", json_quoted(record.error_output)}})}});
}

}  // namespace

std::string as_prometheus(const std::vector<Record>& records) {
  const std::vector<HookStatistics> all = statistics_of(records);
  std::string result =
      "# HELP container_hooks_runs_total Runs of hooks in the record, by how they ended.\n"
      "# TYPE container_hooks_runs_total counter\n";
  for (const HookStatistics& one : all) result += runs_of(one);
  result +=
      "# HELP container_hooks_duration_seconds How long the runs of hooks in the record took.\n"
      "# TYPE container_hooks_duration_seconds histogram\n";
  for (const HookStatistics& one : all) result += durations_of(one);
  return result;
}

std::string as_otlp(const std::vector<Record>& records) {
  std::string result;
  for (const auto& container : by_container(records))
    result += json_object({{"resourceSpans", array_of({resource_spans_of(container)})}}) + '\n';
  return result;
}

std::string as_chrome_trace(const std::vector<Record>& records) {
  std::vector<std::string> events;
  std::size_t count = 0;
  for (const auto& container : by_container(records)) {
    const std::string pid = std::to_string(++count);
    events.push_back(process_name(container.front()->labels, pid));
    for (const Record* record : container) events.push_back(event_of(*record, pid));
  }
  return json_object({{"displayTimeUnit", "\"ms\""}, {"traceEvents", fmt::format("[{}]", join(events, ",\n"))}}) + '\n';
}
