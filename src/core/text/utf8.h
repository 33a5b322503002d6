// Text that is UTF-8, whatever bytes somebody put into it.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

/// text with U+FFFD for each byte that belongs to no character, as Go's encoding/json reads it.
std::string valid_utf8(std::string_view text);

/// Takes the first character off text, which is UTF-8.
char32_t take_character(std::string_view& text);

/// Adds the character to text.
void append_utf8(char32_t character, std::string& text);

/// How many bytes text begins with that are UTF-8: its size when all are.
std::size_t valid_prefix(std::string_view text);
