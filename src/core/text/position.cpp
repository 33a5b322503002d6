// SPDX-License-Identifier: Apache-2.0
#include "core/text/position.h"

#include <algorithm>

Position position_of(std::string_view text, std::size_t offset) { return LineCounter().position(text, offset); }

Position LineCounter::position(std::string_view text, std::size_t offset) {
  offset = std::min(offset, text.size());
  if (offset < counted_) *this = {};
  for (std::size_t at = text.find('\n', counted_); at < offset; at = text.find('\n', at + 1)) {
    ++line_;
    line_begin_ = at + 1;
  }
  counted_ = offset;
  return {line_, offset - line_begin_ + 1};
}

Error error_at(std::string_view file, Position position, std::string_view message) {
  Error result = error("{}:{}:{}: {}", file, position.line, position.column, message);
  result.line = position.line;
  result.column = position.column;
  return result;
}

Error error_at(std::string_view file, std::string_view text, std::size_t offset, std::string_view message) {
  return error_at(file, position_of(text, offset), message);
}
