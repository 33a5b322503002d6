// SPDX-License-Identifier: Apache-2.0
#include "core/text/utf8.h"

#include <algorithm>
#include <array>

namespace {

constexpr std::string_view replacement = "\xEF\xBF\xBD";

// The Unicode standard, table 3-7: well-formed byte sequences by their first byte, and the range of the second one.
struct Sequence {
  unsigned char first_low, first_high;
  unsigned char second_low, second_high;
  std::size_t length;
};

constexpr std::array sequences = {
    Sequence{0xC2, 0xDF, 0x80, 0xBF, 2}, Sequence{0xE0, 0xE0, 0xA0, 0xBF, 3}, Sequence{0xE1, 0xEC, 0x80, 0xBF, 3},
    Sequence{0xED, 0xED, 0x80, 0x9F, 3}, Sequence{0xEE, 0xEF, 0x80, 0xBF, 3}, Sequence{0xF0, 0xF0, 0x90, 0xBF, 4},
    Sequence{0xF1, 0xF3, 0x80, 0xBF, 4}, Sequence{0xF4, 0xF4, 0x80, 0x8F, 4},
};

bool is_ascii(char c) { return static_cast<unsigned char>(c) < 0x80; }

bool starts(const Sequence& sequence, std::string_view text) {
  const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(text[at]); };
  if (text.size() < sequence.length || byte(0) < sequence.first_low || byte(0) > sequence.first_high) return false;
  if (byte(1) < sequence.second_low || byte(1) > sequence.second_high) return false;
  return std::ranges::all_of(text.substr(2, sequence.length - 2),
                             [](char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; });
}

// The length of the character that text begins with; 0 when it begins with none.
std::size_t character_length(std::string_view text) {
  if (is_ascii(text.front())) return 1;
  const auto* found = std::ranges::find_if(sequences, [&](const Sequence& each) { return starts(each, text); });
  return found == sequences.end() ? 0 : found->length;
}

}  // namespace

std::string valid_utf8(std::string_view text) {
  if (std::ranges::all_of(text, is_ascii)) return std::string(text);
  std::string result;
  while (!text.empty()) {
    const std::size_t length = character_length(text);
    result += length == 0 ? replacement : text.substr(0, length);
    text.remove_prefix(std::max<std::size_t>(length, 1));
  }
  return result;
}

char32_t take_character(std::string_view& text) {
  const std::size_t length = std::max<std::size_t>(character_length(text), 1);
  const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(text[at]); };
  char32_t result = length == 1 ? byte(0) : byte(0) & (0x7Fu >> length);
  for (std::size_t at = 1; at < length; ++at) result = result << 6 | (byte(at) & 0x3Fu);
  text.remove_prefix(length);
  return result;
}

void append_utf8(char32_t character, std::string& text) {
  const auto add = [&](char32_t byte) { text += static_cast<char>(byte); };
  if (character < 0x80) return add(character);
  const unsigned more = character < 0x800 ? 1 : character < 0x10000 ? 2 : 3;
  add((0xFF00u >> (more + 1) & 0xFFu) | character >> 6 * more);
  for (unsigned left = more; left-- > 0;) add(0x80u | (character >> 6 * left & 0x3Fu));
}

std::size_t valid_prefix(std::string_view text) {
  std::string_view rest = text;
  while (!rest.empty()) {
    const std::size_t length = character_length(rest);
    if (length == 0) break;
    rest.remove_prefix(length);
  }
  return text.size() - rest.size();
}
