// Edits of a text at places.
//
// Invariant of a list of edits: sorted by begin, none overlapping.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

/// Put replacement where [begin, end) was; begin == end inserts.
struct Edit {
  std::size_t begin;
  std::size_t end;
  std::string replacement;
};

/// The pieces of the edited text, in order: views into text and into edits, no copy.
std::vector<std::string_view> pieces(std::string_view text, const std::vector<Edit>& edits);

/// The edited text.
std::string apply(std::string_view text, const std::vector<Edit>& edits);
