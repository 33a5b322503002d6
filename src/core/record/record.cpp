// SPDX-License-Identifier: Apache-2.0
#include "core/record/record.h"

#include <algorithm>
#include <charconv>
#include <string_view>
#include <utility>
#include <vector>

#include "core/error.h"
#include "core/host/time.h"
#include "core/text/json.h"
#include "core/text/json_text.h"
#include "core/text/utf8.h"

namespace {

struct TextRow {
  std::string_view name;
  std::string RunLabels::*member;
};

constexpr std::array text_rows = {
    TextRow{"container", &RunLabels::container}, TextRow{"bundle", &RunLabels::bundle},
    TextRow{"image", &RunLabels::image},         TextRow{"name", &RunLabels::name},
    TextRow{"namespace", &RunLabels::space},     TextRow{"pod", &RunLabels::pod},
    TextRow{"engine", &RunLabels::engine},       TextRow{"stage", &RunLabels::stage},
    TextRow{"hook", &RunLabels::hook},           TextRow{"file", &RunLabels::file},
};

struct TimeRow {
  std::string_view name;
  Microseconds Record::*member;
};

constexpr std::array time_rows = {
    TimeRow{"duration", &Record::duration},
    TimeRow{"user", &Record::user},
    TimeRow{"system", &Record::system},
};

constexpr std::int64_t million = 1'000'000;

// Anybody may have written the file: no sum of what it says overflows.
constexpr std::int64_t longest = 10'000'000;  // seconds

Microseconds microseconds(std::string_view text) {
  std::int64_t whole = 0, part = 0;
  const std::size_t dot = std::min(text.find('.'), text.size());
  std::from_chars(text.data(), text.data() + dot, whole);
  std::string digits(text.substr(std::min(dot + 1, text.size())));
  digits.resize(6, '0');
  std::from_chars(digits.data(), digits.data() + digits.size(), part);
  return Microseconds(std::clamp<std::int64_t>(whole, 0, longest) * million + std::max<std::int64_t>(part, 0));
}

// Reads the members of one record; what has another type than it should counts as missing.
class Reader {
 public:
  explicit Reader(std::string_view line) : text_("record", std::string(line)) {
    for (JsonText::Member& member : text_.members(text_.root())) members_.push_back(std::move(member));
  }
  bool is_record() const {
    return find("time", JsonText::Kind::string) != nullptr && find("result", JsonText::Kind::string) != nullptr;
  }
  std::string string(std::string_view name) const {
    const auto* member = find(name, JsonText::Kind::string);
    return member == nullptr ? "" : text_.string(member->value);
  }
  std::string_view number(std::string_view name) const {
    const auto* member = find(name, JsonText::Kind::number);
    return member == nullptr ? "0" : text_.spelling(member->value);
  }
  template <class Integer>
  Integer integer(std::string_view name) const {
    Integer result = 0;
    const std::string_view digits = number(name);
    std::from_chars(digits.data(), digits.data() + digits.size(), result);
    return result;
  }

 private:
  const JsonText::Member* find(std::string_view name, JsonText::Kind kind) const {
    const auto found = std::ranges::find(members_, name, &JsonText::Member::name);
    return found == members_.end() || found->value.kind != kind ? nullptr : &*found;
  }

  JsonText text_;
  std::vector<JsonText::Member> members_;
};

Result result_named(std::string_view name) {
  const auto* found = std::ranges::find(result_names, name);
  return found == result_names.end() ? Result::failed : static_cast<Result>(found - result_names.begin());
}

Record read(const Reader& reader) {
  Record record;
  for (const TextRow& row : text_rows) record.labels.*row.member = reader.string(row.name);
  for (const TimeRow& row : time_rows) record.*row.member = microseconds(reader.number(row.name));
  record.path = reader.string("path");
  record.start = time_in(reader.string("time"));
  record.result = result_named(reader.string("result"));
  record.exit = reader.integer<int>("exit");
  record.signal = reader.integer<int>("signal");
  record.error = reader.string("error");
  record.peak_memory = reader.integer<std::uint64_t>("peak-memory");
  record.output = reader.string("stdout");
  record.error_output = reader.string("stderr");
  return record;
}

}  // namespace

std::string to_json_line(const Record& record) {
  std::vector<JsonPair> members = {{"time", json_quoted(utc_text(record.start))}};
  const auto add_text = [&](std::string_view name, const std::string& text) {
    if (!text.empty()) members.push_back({std::string(name), json_quoted(valid_utf8(text))});
  };
  for (const TextRow& row : text_rows) add_text(row.name, record.labels.*row.member);
  add_text("path", record.path);
  members.push_back({"result", json_quoted(result_name(record.result))});
  members.push_back({"exit", std::to_string(record.exit)});
  if (record.signal != 0) members.push_back({"signal", std::to_string(record.signal)});
  add_text("error", record.error);
  for (const TimeRow& row : time_rows) members.push_back({std::string(row.name), decimal_seconds(record.*row.member)});
  members.push_back({"peak-memory", std::to_string(record.peak_memory)});
  add_text("stdout", record.output);
  add_text("stderr", record.error_output);
  return json_object(members) + '\n';
}

std::optional<Record> record_in(std::string_view line) {
  try {
    const Reader reader(line);
    return reader.is_record() ? std::optional(read(reader)) : std::nullopt;
  } catch (const Error&) {
    return std::nullopt;
  }
}

std::string decimal_seconds(Microseconds time) {
  return fmt::format("{}.{:06}", time.count() / million, time.count() % million);
}

std::string seconds_text(Microseconds duration) {
  const std::int64_t count = duration.count();
  if (count >= 10 * million) return fmt::format("{}.{}", count / million, count % million / 100'000);
  if (count >= 10'000) return fmt::format("{}.{:02}", count / million, count % million / 10'000);
  return fmt::format("0.{:04}", count / 100);
}

std::string ending_of(const Record& record) {
  const std::string after = fmt::format("after {} s", seconds_text(record.duration));
  switch (record.result) {
    case Result::timeout: return fmt::format("killed, since it had not ended {}", after);
    case Result::signal: return fmt::format("killed by signal {} {}", record.signal, after);
    case Result::not_started: return fmt::format("start {}: {}", record.path, record.error);
    default: return fmt::format("exit status {} {}", record.exit, after);
  }
}
