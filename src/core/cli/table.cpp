// SPDX-License-Identifier: Apache-2.0
#include "core/cli/table.h"

#include <fmt/core.h>

#include <algorithm>
#include <numeric>

#include "core/text/printable.h"
#include "core/text/split.h"

namespace {

constexpr std::size_t gap = 2;         // blanks between two columns
constexpr std::size_t narrowest = 16;  // a column that wraps
constexpr std::string_view plain = "\033[0m";

// Characters of UTF-8, which is what a terminal lines up.
std::size_t width_of(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(text, [](char c) { return (c & 0xC0) != 0x80; }));
}

// One row, of as many lines as its longest cell has.
std::string as_lines(const std::vector<Cell>& row, const std::vector<std::size_t>& widths) {
  std::vector<std::vector<std::string>> cells;
  for (std::size_t column = 0; column < row.size(); ++column)
    cells.push_back(wrapped(row[column].text, widths[column]));
  const std::size_t height = std::ranges::max(cells, {}, &std::vector<std::string>::size).size();
  std::string result;
  for (std::size_t line = 0; line < height; ++line) {
    for (std::size_t column = 0; column < row.size(); ++column) {
      const std::string text = line < cells[column].size() ? cells[column][line] : "";
      const std::size_t width = std::max(widths[column] + gap, width_of(text) + gap);
      const bool is_coloured = !row[column].colour.empty() && !text.empty();
      result += is_coloured ? fmt::format("{}{}{}", row[column].colour, text, plain) : text;
      result.append(width - width_of(text), ' ');
    }
    result.erase(result.find_last_not_of(' ') + 1);
    result += '\n';
  }
  return result;
}

}  // namespace

std::vector<std::string> wrapped(std::string_view text, std::size_t width) {
  if (width_of(text) <= width) return {std::string(text)};
  std::vector<std::string> lines;
  for (const std::string_view word : words(text)) {
    if (lines.empty() || width_of(lines.back()) + 1 + width_of(word) > width)
      lines.emplace_back(word);
    else
      lines.back().append(" ").append(word);
  }
  return lines;
}

std::vector<std::size_t> Table::widths(std::size_t limit) const {
  std::vector<std::size_t> result(rows_.front().size());
  for (const auto& row : rows_)
    for (std::size_t column = 0; column < row.size(); ++column)
      result[column] = std::max(result[column], width_of(row[column].text));
  const std::size_t gaps = gap * (result.size() - 1);
  while (std::accumulate(result.begin(), result.end(), gaps) > limit) {
    std::size_t& widest = *std::ranges::max_element(result);
    if (widest <= narrowest) break;
    --widest;
  }
  return result;
}

std::string Table::as_text(std::size_t width) const {
  std::string result;
  if (rows_.empty()) return result;
  Table shown = *this;
  for (auto& row : shown.rows_)
    for (Cell& cell : row) cell.text = printable_line(cell.text);
  const std::vector<std::size_t> columns = shown.widths(width);
  for (const auto& row : shown.rows_) result += as_lines(row, columns);
  return result;
}
