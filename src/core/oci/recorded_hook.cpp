// SPDX-License-Identifier: Apache-2.0
#include "core/oci/recorded_hook.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <string_view>
#include <utility>

#include "core/error.h"

namespace {

constexpr std::string_view word = "run";
constexpr std::string_view options_end = "--";
constexpr std::int64_t grace = 2;  // seconds that the runner has to end a hook, to record it and to say so

struct LabelRow {
  std::string_view option;
  std::string RunLabels::*member;
};

constexpr std::array label_rows = {
    LabelRow{"stage", &RunLabels::stage},   LabelRow{"hook", &RunLabels::hook},
    LabelRow{"file", &RunLabels::file},     LabelRow{"container", &RunLabels::container},
    LabelRow{"bundle", &RunLabels::bundle}, LabelRow{"image", &RunLabels::image},
    LabelRow{"name", &RunLabels::name},     LabelRow{"namespace", &RunLabels::space},
    LabelRow{"pod", &RunLabels::pod},       LabelRow{"engine", &RunLabels::engine},
};

std::string option(std::string_view name, std::string_view value) { return fmt::format("--{}={}", name, value); }

std::vector<std::string> options_of(const RecordedRun& run) {
  std::vector<std::string> result;
  for (const LabelRow& row : label_rows)
    if (const std::string& value = run.labels.*row.member; !value.empty()) result.push_back(option(row.option, value));
  if (run.timeout > 0) result.push_back(option("timeout", std::to_string(run.timeout)));
  result.push_back(option("record", recording_names[static_cast<std::size_t>(run.target.which)]));
  if (!run.target.file.empty()) result.push_back(option("record-file", run.target.file));
  if (run.target.size > 0) result.push_back(option("record-size", std::to_string(run.target.size)));
  if (run.target.journal) result.emplace_back("--journal");
  return result;
}

std::uint64_t number(std::string_view text) {
  std::uint64_t result = 0;
  std::from_chars(text.data(), text.data() + text.size(), result);
  return result;
}

void take_option(std::string_view text, RecordedRun& run) {
  if (!text.starts_with("--")) return;
  text.remove_prefix(2);
  const std::size_t equals = text.find('=');
  const std::string_view name = text.substr(0, equals);
  const std::string_view value = equals == text.npos ? "" : text.substr(equals + 1);
  const auto* row = std::ranges::find(label_rows, name, &LabelRow::option);
  if (row != label_rows.end()) run.labels.*row->member = value;
  if (name == "timeout") run.timeout = number(value);
  if (name == "record-file") run.target.file = value;
  if (name == "record-size") run.target.size = number(value);
  if (name == "journal") run.target.journal = true;
  if (name == "record") {
    const auto* found = std::ranges::find(recording_names, value);
    if (found != recording_names.end()) run.target.which = static_cast<Recording>(found - recording_names.begin());
  }
}

// Nothing when there is no program to run.
std::optional<RecordedRun> recorded_run_in(const std::vector<std::string>& arguments) {
  RecordedRun run;
  auto argument = arguments.begin() + 2;
  for (; argument != arguments.end() && *argument != options_end; ++argument) take_option(*argument, run);
  if (argument == arguments.end() || ++argument == arguments.end()) return std::nullopt;
  run.command.assign(argument, arguments.end());
  return run;
}

}  // namespace

Hook recorded_hook(const Hook& hook, const Hook& marker, RecordedRun run) {
  run.timeout = static_cast<std::uint64_t>(hook.timeout.value_or(0));
  Hook result = hook;
  result.path = marker.path;
  result.args = marker.args.value_or(std::vector<std::string>{std::string(marker_name)});
  result.args->emplace_back(word);
  for (std::string& text : options_of(run)) result.args->push_back(std::move(text));
  result.args->emplace_back(options_end);
  result.args->push_back(hook.path);
  if (hook.args) result.args->insert(result.args->end(), hook.args->begin(), hook.args->end());
  if (result.timeout) *result.timeout = std::min(*result.timeout, INT64_MAX - grace) + grace;
  return result;
}

bool is_recorded_run(const std::vector<std::string>& arguments) { return arguments.size() > 1 && arguments[1] == word; }

RecordedRun parse_recorded_run(const std::vector<std::string>& arguments) {
  std::optional<RecordedRun> run = recorded_run_in(arguments);
  if (!run) throw UsageError("run: a program is expected after --");
  return std::move(*run);
}

Hook unrecorded_hook(const Hook& hook) {
  if (!is_marker(hook) || !hook.args || !is_recorded_run(*hook.args)) return hook;
  const std::optional<RecordedRun> run = recorded_run_in(*hook.args);
  if (!run) return hook;
  Hook result = hook;
  result.path = run->command.front();
  result.args.reset();
  if (run->command.size() > 1) result.args.emplace(run->command.begin() + 1, run->command.end());
  result.timeout.reset();
  if (run->timeout > 0) result.timeout = static_cast<std::int64_t>(run->timeout);
  return result;
}
