// The greedy algorithm of Myers, "An O(ND) Difference Algorithm and Its
// Variations" (1986): fast where little has changed, as after our own edits.
//
// SPDX-License-Identifier: Apache-2.0
#include "core/text/diff.h"

#include <fmt/core.h>

#include <algorithm>
#include <iterator>
#include <span>
#include <vector>

namespace {

constexpr std::size_t context = 3;

using Lines = std::vector<std::string_view>;
using LinesView = std::span<const std::string_view>;

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
  Comparison(LinesView before, LinesView after)
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
  static int size(LinesView lines) { return static_cast<int>(lines.size()); }
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

  LinesView a_;
  LinesView b_;
  int middle_;
  std::vector<std::vector<int>> trace_;
};

std::size_t common_head(LinesView a, LinesView b) {
  return static_cast<std::size_t>(std::mismatch(a.begin(), a.end(), b.begin(), b.end()).first - a.begin());
}

// What is equal at the beginning is not compared. What is equal at the end is: without it an added table that ends as the one
// before it does would begin in the middle of that.
std::vector<Step> steps_between(LinesView a, LinesView b) {
  const std::size_t head = common_head(a, b);
  std::vector<Step> result;
  for (const std::string_view line : a.first(head)) result.push_back({' ', line});
  std::ranges::copy(Comparison(a.subspan(head), b.subspan(head)).steps(), std::back_inserter(result));
  return result;
}

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

struct Range {
  std::size_t begin;
  std::size_t end;
};

// The changes, in one range where their contexts would touch.
std::vector<Range> changed_ranges(const std::vector<Step>& steps) {
  std::vector<Range> result;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    if (steps[i].sign == ' ') continue;
    if (result.empty() || i > result.back().end + 2 * context) result.push_back({i, i});
    result.back().end = i + 1;
  }
  return result;
}

}  // namespace

std::string unified_diff(std::string_view before_name, std::string_view before, std::string_view after_name,
                         std::string_view after) {
  if (before == after) return "";
  const Lines a = lines_of(before);
  const Lines b = lines_of(after);
  const std::vector<Step> steps = steps_between(a, b);
  std::string result = fmt::format("--- {}\n+++ {}\n", before_name, after_name);
  for (const Range& range : changed_ranges(steps))
    result += hunk(steps, range.begin - std::min(range.begin, context), std::min(range.end + context, steps.size()));
  return result;
}
