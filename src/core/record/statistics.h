// What many runs of one hook in one stage come to.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "core/record/record.h"

/// The upper bounds of a histogram of durations; what took longer is in one more bucket.
inline constexpr std::array<Microseconds, 13> duration_bounds = {
    Microseconds(1'000),     Microseconds(2'500),     Microseconds(5'000),     Microseconds(10'000),
    Microseconds(25'000),    Microseconds(50'000),    Microseconds(100'000),   Microseconds(250'000),
    Microseconds(500'000),   Microseconds(1'000'000), Microseconds(2'500'000), Microseconds(5'000'000),
    Microseconds(10'000'000)};

/// The bound of a bucket in seconds, as Prometheus spells it: "0.0025"; "+Inf" for the last.
std::string bound_text(std::size_t bucket);

struct HookStatistics {
  std::string hook, stage;
  std::array<std::uint64_t, result_names.size()> results = {};  // how many runs ended so
  std::vector<Microseconds> durations = {};                     // of all runs, in increasing order

  std::uint64_t failures() const;
  Microseconds total() const;
  /// What that many of a hundred runs took at most.
  Microseconds percentile(unsigned of_hundred) const;
  /// How many runs are in each bucket.
  std::array<std::uint64_t, duration_bounds.size() + 1> histogram() const;
};

/// By hook, and then by stage.
std::vector<HookStatistics> statistics_of(const std::vector<Record>& records);
