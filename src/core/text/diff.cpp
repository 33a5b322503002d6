// The greedy algorithm of Myers, "An O(ND) Difference Algorithm and Its
// Variations" (1986): fast where little has changed, as after our own edits.
//
// SPDX-License-Identifier: Apache-2.0
#include "core/text/diff.h"

#include <fmt/core.h>

#include <algorithm>
#include <vector>

namespace {

constexpr std::size_t context = 3;

using Lines = std::vector<std::string_view>;

// With their newlines.
Lines lines_of(std::string_view text) {
  Lines result;
  while (!text.empty()) {
    const std::size_t length = std::min(text.find('\n'), text.size() - 1) + 1;
    result.push_back(text.substr(0, length));
    text.remove_prefix(length);
  }
  return result;
}

struct Step {
  char sign;  // ' ', '-' or '+'
  std::string_view line;
};

class Comparison {
 public:
  Comparison(const Lines& before, const Lines& after)
      : a_(before), b_(after), middle_(static_cast<int>(a_.size() + b_.size()) + 1) {}

  std::vector<Step> steps() {
    std::vector<int> reach(static_cast<std::size_t>(2 * middle_ + 1), 0);
    for (int edits = 0;; ++edits) {
      trace_.push_back(reach);
      for (int diagonal = -edits; diagonal <= edits; diagonal += 2) {
        const int x = follow(start(reach, diagonal, edits), diagonal);
        at(reach, diagonal) = x;
        if (x >= size(a_) && x - diagonal >= size(b_)) return walk_back(edits);
      }
    }
  }

 private:
  static int size(const Lines& lines) { return static_cast<int>(lines.size()); }
  int& at(std::vector<int>& reach, int diagonal) const { return reach[static_cast<std::size_t>(middle_ + diagonal)]; }

  bool comes_by_insertion(std::vector<int>& reach, int diagonal, int edits) const {
    return diagonal == -edits || (diagonal != edits && at(reach, diagonal - 1) < at(reach, diagonal + 1));
  }
  int start(std::vector<int>& reach, int diagonal, int edits) const {
    if (edits == 0) return 0;
    return comes_by_insertion(reach, diagonal, edits) ? at(reach, diagonal + 1) : at(reach, diagonal - 1) + 1;
  }
  int follow(int x, int diagonal) const {
    while (x < size(a_) && x - diagonal < size(b_) &&
           a_[static_cast<std::size_t>(x)] == b_[static_cast<std::size_t>(x - diagonal)])
      ++x;
    return x;
  }

  std::vector<Step> walk_back(int edits) {
    std::vector<Step> result;
    int x = size(a_);
    int diagonal = x - size(b_);
    for (; edits >= 0; --edits) {
      std::vector<int>& reach = trace_[static_cast<std::size_t>(edits)];
      const int begin = start(reach, diagonal, edits);
      while (x > begin) result.push_back({' ', a_[static_cast<std::size_t>(--x)]});
      if (edits == 0) break;
      const bool inserted = comes_by_insertion(reach, diagonal, edits);
      if (inserted)
        result.push_back({'+', b_[static_cast<std::size_t>(x - diagonal - 1)]});
      else
        result.push_back({'-', a_[static_cast<std::size_t>(--x)]});
      diagonal += inserted ? 1 : -1;
    }
    std::ranges::reverse(result);
    return result;
  }

  const Lines& a_;
  const Lines& b_;
  int middle_;
  std::vector<std::vector<int>> trace_;
};

// "3,4", or as diff says it: "3" for one line, and the line before for none.
std::string range(std::size_t first, std::size_t count) {
  if (count == 1) return fmt::format("{}", first);
  return fmt::format("{},{}", count == 0 ? first - 1 : first, count);
}

std::string hunk(const std::vector<Step>& steps, std::size_t begin, std::size_t end) {
  const auto count = [&](std::size_t from, std::size_t to, char other) {
    return static_cast<std::size_t>(std::count_if(steps.begin() + static_cast<std::ptrdiff_t>(from),
                                                  steps.begin() + static_cast<std::ptrdiff_t>(to),
                                                  [&](const Step& step) { return step.sign != other; }));
  };
  std::string result = fmt::format("@@ -{} +{} @@\n", range(count(0, begin, '+') + 1, count(begin, end, '+')),
                                   range(count(0, begin, '-') + 1, count(begin, end, '-')));
  for (std::size_t i = begin; i < end; ++i) {
    result += fmt::format("{}{}", steps[i].sign, steps[i].line);
    if (!steps[i].line.ends_with('\n')) result += "\n\\ No newline at end of file\n";
  }
  return result;
}

}  // namespace

std::string unified_diff(std::string_view before_name, std::string_view before, std::string_view after_name,
                         std::string_view after) {
  if (before == after) return "";
  const Lines a = lines_of(before);
  const Lines b = lines_of(after);
  const std::vector<Step> steps = Comparison(a, b).steps();
  const auto changed = [&](std::size_t i) { return steps[i].sign != ' '; };
  std::string result = fmt::format("--- {}\n+++ {}\n", before_name, after_name);
  for (std::size_t i = 0; i < steps.size();) {
    if (!changed(i)) {
      ++i;
      continue;
    }
    std::size_t end = i;  // after the last change that is near the one before
    for (std::size_t j = i; j < steps.size() && j <= end + 2 * context; ++j)
      if (changed(j)) end = j + 1;
    result += hunk(steps, i - std::min(i, context), std::min(end + context, steps.size()));
    i = end;
  }
  return result;
}
