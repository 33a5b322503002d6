// Places in a text as people count them.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string_view>

#include "core/error.h"

/// Line and column of a byte, both from 1; columns count bytes, as compilers do.
struct Position {
  std::size_t line;
  std::size_t column;
};
Position position_of(std::string_view text, std::size_t offset);

/// The same for many places of one text: what has been counted is not counted again, as long as they come in order.
class LineCounter {
 public:
  Position position(std::string_view text, std::size_t offset);

 private:
  std::size_t counted_ = 0;  // up to here
  std::size_t line_ = 1;     // that counted_ is in
  std::size_t line_begin_ = 0;
};

/// An Error "FILE:LINE:COLUMN: MESSAGE" for a place in a file.
[[nodiscard]] Error error_at(std::string_view file, Position position, std::string_view message);

/// The same for a byte of the file's text.
[[nodiscard]] Error error_at(std::string_view file, std::string_view text, std::size_t offset,
                             std::string_view message);
