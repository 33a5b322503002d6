// Text in lower case, as Go's strings.ToLower has it: character by character, whatever the language.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

/// text with U+FFFD for each byte that belongs to no character.
std::string in_lower_case(std::string_view text);
