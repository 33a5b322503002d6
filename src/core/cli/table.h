// What commands print: tables for people, JSON for programs.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

struct Cell {
  Cell(std::string text_, std::string_view colour_ = "") : text(std::move(text_)), colour(colour_) {}

  std::string text;
  std::string_view colour;  // what switches it on, by ECMA-48; empty: none
};

constexpr std::size_t no_width_limit = SIZE_MAX;

/// Rows under headings, or without.
class Table {
 public:
  Table() = default;
  explicit Table(const std::vector<std::string>& headings) { add({headings.begin(), headings.end()}); }
  /// As many cells as in the other rows.
  void add(std::vector<Cell> cells) { rows_.push_back(std::move(cells)); }

  /// Columns aligned, two blanks apart. What is wider wraps within its column, the widest columns first, as far as that
  /// can be done between words.
  std::string as_text(std::size_t width = no_width_limit) const;

 private:
  std::vector<std::size_t> widths(std::size_t limit) const;

  std::vector<std::vector<Cell>> rows_;  // the headings first, if there are any
};

/// The text in lines of that many characters, broken between words; a longer word is a line of its own.
std::vector<std::string> wrapped(std::string_view text, std::size_t width);
