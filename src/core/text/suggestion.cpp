// SPDX-License-Identifier: Apache-2.0
#include "core/text/suggestion.h"

#include <fmt/core.h>

#include <algorithm>
#include <numeric>
#include <utility>
#include <vector>

#include "core/text/letter_case.h"

namespace {

// Levenshtein's distance, upper and lower case being the same.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = std::exchange(row[0], i + 1);
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t replaced = diagonal + (lower(a[i]) != lower(b[j]));
      diagonal = row[j + 1];
      row[j + 1] = std::min({replaced, row[j] + 1, row[j + 1] + 1});
    }
  }
  return row.back();
}

}  // namespace

std::string did_you_mean(std::string_view word, std::span<const std::string_view> candidates) {
  constexpr std::size_t longest = 64;  // nobody misspells that much; and the cost is the product of the lengths
  if (word.size() > longest || candidates.empty()) return "";
  const auto farness = [&](std::string_view candidate) { return distance(word, candidate); };
  const std::string_view nearest = *std::ranges::min_element(candidates, {}, farness);
  const std::size_t tolerated = std::max<std::size_t>(2, nearest.size() / 3);
  return farness(nearest) <= tolerated ? fmt::format(", did you mean \"{}\"?", nearest) : "";
}
