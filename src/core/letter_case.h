// Upper and lower case, whatever the locale says: ASCII's letters, and the two
// signs that Go's encoding/json takes for one of them in the name of a field.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

constexpr char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

/// Takes the first byte off text, in lower case; the long s and the Kelvin sign as the letters that they fold to.
constexpr char take_folded(std::string_view& text) {
  constexpr std::string_view long_s = "\xC5\xBF", kelvin = "\xE2\x84\xAA";
  const std::string_view first = text.starts_with(long_s)   ? long_s
                                 : text.starts_with(kelvin) ? kelvin
                                                            : text.substr(0, 1);
  text.remove_prefix(first.size());
  return first == long_s ? 's' : first == kelvin ? 'k' : lower(first.front());
}

constexpr bool same_but_for_case(std::string_view a, std::string_view b) {
  while (!a.empty() && !b.empty())
    if (take_folded(a) != take_folded(b)) return false;
  return a.empty() && b.empty();
}
