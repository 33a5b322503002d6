// SPDX-License-Identifier: Apache-2.0
#include "core/text/edit.h"

#include <algorithm>

Position position_of(std::string_view text, std::size_t offset) {
  const std::string_view before = text.substr(0, std::min(offset, text.size()));
  const auto line = static_cast<std::size_t>(std::count(before.begin(), before.end(), '\n'));
  const std::size_t newline = before.rfind('\n');
  return {line + 1, before.size() - (newline == before.npos ? 0 : newline + 1) + 1};
}

std::vector<std::string_view> pieces(std::string_view text, const std::vector<Edit>& edits) {
  std::vector<std::string_view> result;
  std::size_t copied = 0;
  for (const Edit& edit : edits) {
    result.push_back(text.substr(copied, edit.begin - copied));
    result.push_back(edit.replacement);
    copied = edit.end;
  }
  result.push_back(text.substr(copied));
  return result;
}

std::string apply(std::string_view text, const std::vector<Edit>& edits) {
  std::string result;
  for (std::string_view piece : pieces(text, edits)) result += piece;
  return result;
}
