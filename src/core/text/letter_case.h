// Upper and lower case, whatever the locale says: ASCII's letters, and the two
// signs that Go's encoding/json takes for one of them in the name of a field.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

constexpr char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

/// Takes the first character off text, in lower case; the long s and the Kelvin sign as the letters that they fold to.
constexpr char take_folded(std::string_view& text) {
  constexpr std::string_view long_s = "\xC5\xBF", kelvin = "\xE2\x84\xAA";
  const char first = text.front();
  const bool is_long_s = first == long_s.front() && text.starts_with(long_s);
  const bool is_kelvin = first == kelvin.front() && text.starts_with(kelvin);
  text.remove_prefix(is_long_s ? long_s.size() : is_kelvin ? kelvin.size() : 1);
  return is_long_s ? 's' : is_kelvin ? 'k' : lower(first);
}

constexpr bool same_but_for_case(std::string_view a, std::string_view b) {
  while (!a.empty() && !b.empty())
    if (take_folded(a) != take_folded(b)) return false;
  return a.empty() && b.empty();
}
