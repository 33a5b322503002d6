// SPDX-License-Identifier: Apache-2.0
#include "core/cli/table.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/text/json.h"

namespace {

// Characters of UTF-8, which is what a terminal lines up.
std::size_t width_of(const std::string& text) {
  return static_cast<std::size_t>(std::ranges::count_if(text, [](char c) { return (c & 0xC0) != 0x80; }));
}

std::string lower_case(std::string text) {
  for (char& c : text)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return text;
}

}  // namespace

std::string Table::as_text() const {
  std::vector<std::size_t> widths(rows_.front().size());
  for (const auto& row : rows_)
    for (std::size_t column = 0; column < row.size(); ++column)
      widths[column] = std::max(widths[column], width_of(row[column]));
  std::string result;
  for (const auto& row : rows_) {
    for (std::size_t column = 0; column < row.size(); ++column)
      result += row[column] + std::string(widths[column] + 2 - width_of(row[column]), ' ');
    result.erase(result.find_last_not_of(' ') + 1);
    result += '\n';
  }
  return result;
}

std::string Table::as_json() const {
  std::vector<std::string> objects;
  for (auto row = rows_.begin() + 1; row != rows_.end(); ++row) {
    std::vector<JsonPair> members;
    for (std::size_t column = 0; column < row->size(); ++column)
      members.push_back({lower_case(rows_.front()[column]), json_quoted((*row)[column])});
    objects.push_back(json_object(members));
  }
  return fmt::format("[{}]\n", fmt::join(objects, ",\n "));
}
