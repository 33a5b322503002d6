// SPDX-License-Identifier: Apache-2.0
#include "core/text/printable.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>

#include "core/text/utf8.h"

namespace {

constexpr std::size_t max_line = 4000;  // conmon reads 8191 bytes

struct Range {
  char32_t first, last;
};

// C0, DEL and C1; Unicode's line ends; the controls of the bidirectional algorithm (UAX #9, 2).
constexpr std::array escaped = {
    Range{0x00, 0x1F},     Range{0x7F, 0x9F},     Range{0x061C, 0x061C},
    Range{0x200E, 0x200F}, Range{0x2028, 0x202E}, Range{0x2066, 0x2069},
};

struct Character {
  char32_t code;
  std::size_t length;  // in bytes
};

// The one that text begins with; text is UTF-8.
Character first_character(std::string_view text) {
  const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(text[at]); };
  if (byte(0) < 0x80) return {byte(0), 1};
  const std::size_t length = byte(0) < 0xE0 ? 2 : byte(0) < 0xF0 ? 3 : 4;
  char32_t code = byte(0) & (0x7Fu >> length);
  for (std::size_t at = 1; at < length; ++at) code = code << 6 | (byte(at) & 0x3Fu);
  return {code, length};
}

bool is_escaped(char32_t code) {
  return std::ranges::any_of(escaped, [&](const Range& range) { return code >= range.first && code <= range.last; });
}

// "\r\n" is a line break, '\r' alone goes back to the begin of the line.
bool lays_out(std::string_view text) { return text[0] == '\n' || text[0] == '\t' || text.starts_with("\r\n"); }

std::string with_escapes(std::string_view bytes, bool (*stays)(std::string_view rest)) {
  const std::string text = valid_utf8(bytes);
  std::string result;
  for (std::string_view rest = text; !rest.empty();) {
    const Character character = first_character(rest);
    if (is_escaped(character.code) && !stays(rest))
      result += fmt::format("\\u{:04x}", static_cast<unsigned>(character.code));
    else
      result += rest.substr(0, character.length);
    rest.remove_prefix(character.length);
  }
  return result;
}

}  // namespace

std::string printable(std::string_view text) { return with_escapes(text, lays_out); }

std::string printable_line(std::string_view text) {
  return with_escapes(text, [](std::string_view) { return false; });
}

std::string one_line(std::string_view message) {
  std::string result = printable_line(message.substr(0, max_line));
  if (message.size() <= max_line && result.size() <= max_line) return result;
  const std::string_view cut = std::string_view(result).substr(0, max_line);
  return std::string(cut.substr(0, valid_prefix(cut))) + " ...";
}
