// SPDX-License-Identifier: Apache-2.0
#include "core/text/position.h"

#include <algorithm>

Position position_of(std::string_view text, std::size_t offset) {
  const std::string_view before = text.substr(0, std::min(offset, text.size()));
  const auto line = static_cast<std::size_t>(std::count(before.begin(), before.end(), '\n'));
  const std::size_t newline = before.rfind('\n');
  return {line + 1, before.size() - (newline == before.npos ? 0 : newline + 1) + 1};
}

Error error_at(std::string_view file, std::string_view text, std::size_t offset, std::string_view message) {
  const Position position = position_of(text, offset);
  return error("{}:{}:{}: {}", file, position.line, position.column, message);
}
