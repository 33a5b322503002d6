// What commands print: tables for people, JSON for programs.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

/// Rows under headings, each cell a text.
class Table {
 public:
  explicit Table(std::vector<std::string> headings) : rows_{std::move(headings)} {}
  /// As many cells as there are headings.
  void add(std::vector<std::string> cells) { rows_.push_back(std::move(cells)); }

  /// Columns aligned, two blanks apart.
  std::string as_text() const;
  /// An array of objects, whose names are the headings in lower case.
  std::string as_json() const;

 private:
  std::vector<std::vector<std::string>> rows_;  // the headings first
};
