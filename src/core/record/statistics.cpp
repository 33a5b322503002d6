// SPDX-License-Identifier: Apache-2.0
#include "core/record/statistics.h"

#include <algorithm>
#include <map>
#include <numeric>
#include <utility>

std::string bound_text(std::size_t bucket) {
  if (bucket >= duration_bounds.size()) return "+Inf";
  std::string text = decimal_seconds(duration_bounds[bucket]);
  text.erase(text.find_last_not_of('0') + 1);
  if (text.ends_with('.')) text.pop_back();
  return text;
}

std::uint64_t HookStatistics::failures() const {
  return durations.size() - results[static_cast<std::size_t>(Result::ok)];
}

Microseconds HookStatistics::total() const {
  return std::accumulate(durations.begin(), durations.end(), Microseconds(0));
}

Microseconds HookStatistics::percentile(unsigned of_hundred) const {
  const std::size_t rank = (durations.size() * of_hundred + 99) / 100;
  return durations[std::max<std::size_t>(rank, 1) - 1];
}

std::array<std::uint64_t, duration_bounds.size() + 1> HookStatistics::histogram() const {
  std::array<std::uint64_t, duration_bounds.size() + 1> result = {};
  for (const Microseconds duration : durations)
    ++result[static_cast<std::size_t>(std::ranges::lower_bound(duration_bounds, duration) - duration_bounds.begin())];
  return result;
}

std::vector<HookStatistics> statistics_of(const std::vector<Record>& records) {
  std::map<std::pair<std::string, std::string>, HookStatistics> by_hook;
  for (const Record& record : records) {
    HookStatistics& one = by_hook[{record.labels.hook, record.labels.stage}];
    ++one.results[static_cast<std::size_t>(record.result)];
    one.durations.push_back(record.duration);
  }
  std::vector<HookStatistics> result;
  for (auto& [key, one] : by_hook) {
    std::ranges::sort(one.durations);
    result.push_back({key.first, key.second, one.results, std::move(one.durations)});
  }
  return result;
}
