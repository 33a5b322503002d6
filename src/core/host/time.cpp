// Not by gmtime(3), which reads the time zone of the environment and the file that it names.
//
// SPDX-License-Identifier: Apache-2.0
#include "core/host/time.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

using namespace std::chrono;

namespace {

constexpr std::size_t digits_of_second = 6;

// The number in text[at, at + length); -1 when there is none.
int number(std::string_view text, std::size_t at, std::size_t length) {
  int result = -1;
  if (at + length > text.size()) return -1;
  const char* end = text.data() + at + length;
  const auto [stop, failure] = std::from_chars(text.data() + at, end, result);
  return failure == std::errc() && stop == end ? result : -1;
}

microseconds fraction(std::string_view text) {
  if (!text.starts_with('.')) return {};
  std::string digits(text.substr(1, std::min(text.find_first_not_of("0123456789", 1), text.size()) - 1));
  digits.resize(digits_of_second, '0');
  return microseconds(number(digits, 0, digits_of_second));
}

}  // namespace

microseconds time_now() { return duration_cast<microseconds>(system_clock::now().time_since_epoch()); }

std::string utc_text(seconds since_1970) {
  const auto midnight = floor<days>(since_1970);
  const year_month_day date{sys_days(midnight)};
  const hh_mm_ss time(since_1970 - midnight);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", int{date.year()}, unsigned{date.month()},
                     unsigned{date.day()}, time.hours().count(), time.minutes().count(), time.seconds().count());
}

std::string utc_text(microseconds since_1970) {
  const auto whole = floor<seconds>(since_1970);
  std::string result = utc_text(whole);
  result.back() = '.';
  return result + fmt::format("{:06}Z", (since_1970 - whole).count());
}

microseconds time_in(std::string_view text) {
  constexpr std::array<std::size_t, 6> places = {0, 5, 8, 11, 14, 17};
  std::array<int, 6> fields{};
  for (std::size_t i = 0; i < places.size(); ++i) fields[i] = number(text, places[i], i == 0 ? 4 : 2);
  if (std::ranges::any_of(fields, [](int field) { return field < 0; })) return {};
  const year_month_day date{year(fields[0]), month(static_cast<unsigned>(fields[1])),
                            day(static_cast<unsigned>(fields[2]))};
  if (!date.ok() || fields[3] > 23 || fields[4] > 59 || fields[5] > 59) return {};
  return duration_cast<microseconds>(sys_days(date).time_since_epoch() + hours(fields[3]) + minutes(fields[4]) +
                                     seconds(fields[5])) +
         fraction(text.substr(19));
}
