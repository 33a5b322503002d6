// SPDX-License-Identifier: Apache-2.0
#include "core/text/toml_layout.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

namespace {

using Kind = TomlStatement::Kind;

constexpr std::string_view blanks = " \t";
constexpr std::string_view blanks_and_newlines = " \t\r\n";
constexpr std::string_view utf8_byte_order_mark = "\xEF\xBB\xBF";

std::string utf8(unsigned code) {
  const auto byte = [](unsigned bits) { return static_cast<char>(bits); };
  if (code < 0x80) return {byte(code)};
  if (code < 0x800) return {byte(0xC0 | code >> 6), byte(0x80 | (code & 0x3F))};
  if (code < 0x10000) return {byte(0xE0 | code >> 12), byte(0x80 | (code >> 6 & 0x3F)), byte(0x80 | (code & 0x3F))};
  return {byte(0xF0 | (code >> 18 & 7)), byte(0x80 | (code >> 12 & 0x3F)), byte(0x80 | (code >> 6 & 0x3F)),
          byte(0x80 | (code & 0x3F))};
}

struct Escape {
  char letter;
  char meaning;
};
constexpr std::array escapes = {Escape{'b', '\b'}, Escape{'t', '\t'}, Escape{'n', '\n'},
                                Escape{'f', '\f'}, Escape{'r', '\r'}, Escape{'e', '\x1B'}};

// What the escape at the beginning of text means; text loses it.
std::string take_escape(std::string_view& text) {
  const char letter = text.size() > 1 ? text[1] : '\\';
  const std::size_t digits = letter == 'u' ? 4 : letter == 'U' ? 8 : 0;
  const std::string_view code = text.substr(std::min<std::size_t>(text.size(), 2), digits);
  text.remove_prefix(std::min(text.size(), 2 + digits));
  if (digits > 0) {
    unsigned number = 0;
    std::from_chars(code.data(), code.data() + code.size(), number, 16);
    return utf8(number);
  }
  const auto* escape = std::ranges::find(escapes, letter, &Escape::letter);
  return {escape == escapes.end() ? letter : escape->meaning};
}

std::string unescaped(std::string_view text) {
  std::string result;
  while (!text.empty()) {
    if (text.front() == '\\') {
      result += take_escape(text);
    } else {
      result += text.front();
      text.remove_prefix(1);
    }
  }
  return result;
}

constexpr bool is_quote(char c) { return c == '"' || c == '\''; }

class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text), at_(byte_order_mark(text)) {}

  TomlLayout scan() {
    while (at_ < text_.size() && !layout_.too_deep) scan_line();
    return std::move(layout_);
  }

 private:
  char peek(std::size_t ahead = 0) const { return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0'; }
  void skip(std::string_view any_of) { at_ = std::min(text_.find_first_not_of(any_of, at_), text_.size()); }
  void skip_to(std::string_view any_of) { at_ = std::min(text_.find_first_of(any_of, at_), text_.size()); }
  void skip_line() {
    skip_to("\n");
    at_ = std::min(at_ + 1, text_.size());
  }
  void skip_blanks_and_comments() {
    for (skip(blanks_and_newlines); peek() == '#'; skip(blanks_and_newlines)) skip_line();
  }

  void scan_line() {
    const std::size_t line = at_;
    skip(blanks);
    if (peek() == '[') {
      scan_header(line);
    } else if (peek() != '#' && peek() != '\r' && peek() != '\n') {
      const std::size_t index = layout_.statements.size();
      scan_pair(Kind::pair, line, header_);
      skip_line();
      if (index < layout_.statements.size()) layout_.statements[index].end = at_;
      return;
    }
    skip_line();
  }

  void scan_header(std::size_t line) {
    const std::size_t begin = at_;
    const bool is_array = peek(1) == '[';
    at_ += is_array ? 2 : 1;
    header_ = scan_key({});
    at_ = std::min(at_ + (is_array ? 2 : 1), text_.size());
    const std::size_t after = at_;
    in_array_ = std::ranges::any_of(arrays_, [&](const Key& array) { return is_within(header_, array); });
    if (is_array && !in_array_) arrays_.push_back(header_);
    in_array_ |= is_array;
    skip_to("\n");
    layout_.statements.push_back({is_array ? Kind::array_header : Kind::header, in_array_, header_, header_.size(),
                                  line, begin, after, after, std::min(at_ + 1, text_.size())});
  }

  // Leaves at_ after the value; the end of a pair on a line of its own is set by scan_line.
  void scan_pair(Kind kind, std::size_t line, const Key& parent) {
    const std::size_t begin = at_;
    Key key = scan_key(parent);
    if (peek() != '=') return;
    ++at_;
    skip(blanks);
    const std::size_t index = layout_.statements.size();
    const std::size_t own = key.size() - parent.size();
    layout_.statements.push_back({kind, in_array_, key, own, line, begin, at_, at_, at_});
    scan_value(key);
    layout_.statements[index].value_end = layout_.statements[index].end = at_;
  }

  Key scan_key(Key key) {
    for (;; ++at_) {
      skip(blanks);
      key.push_back(scan_key_part());
      skip(blanks);
      if (key.size() > max_toml_depth) layout_.too_deep = at_;
      if (peek() != '.' || layout_.too_deep) return key;
    }
  }

  std::string scan_key_part() {
    const std::size_t begin = at_;
    const char quote = peek();
    if (is_quote(quote)) {
      skip_string();
      const std::size_t length = at_ - begin < 2 ? 0 : at_ - begin - 2;
      const std::string_view inside = text_.substr(begin + 1, length);
      return quote == '"' ? unescaped(inside) : std::string(inside);
    }
    skip_to(".=[]{},#\"' \t\r\n");
    return std::string(text_.substr(begin, at_ - begin));
  }

  void scan_value(const Key& key) {
    if (peek() == '{') return scan_inline_table(key);
    if (peek() == '[') return skip_array();
    if (is_quote(peek())) return skip_string();
    const std::size_t begin = at_;
    skip_to(",]}#\r\n");
    while (at_ > begin && blanks.find(text_[at_ - 1]) != blanks.npos) --at_;
  }

  void scan_inline_table(const Key& key) {
    ++at_;
    for (skip_blanks_and_comments(); at_ < text_.size() && peek() != '}' && !layout_.too_deep;) {
      const std::size_t begin = at_;
      scan_pair(Kind::inline_pair, begin, key);
      skip_blanks_and_comments();
      if (peek() == ',') ++at_;
      skip_blanks_and_comments();
      if (at_ == begin) return;
    }
    if (peek() == '}') ++at_;
  }

  // Tables in an array have no key of their own; only their depth, and that of the keys in them, matters.
  void skip_array() {
    std::size_t depth = 0;
    std::size_t dots = 0;
    do {
      skip_to("[]{},=.#\"'");
      const char c = peek();
      if (!is_quote(c)) dots = c == '.' ? dots + 1 : 0;
      if (std::max(depth, dots) > max_toml_depth) layout_.too_deep = at_;
      if (c == '[' || c == '{') ++depth;
      if (c == ']' || c == '}') --depth;
      skip_token();
    } while (depth > 0 && at_ < text_.size() && !layout_.too_deep);
  }

  // A string, a comment, or one character.
  void skip_token() {
    if (is_quote(peek())) return skip_string();
    if (peek() == '#') return skip_line();
    at_ = std::min(at_ + 1, text_.size());
  }

  void skip_string() {
    const char quote = peek();
    const bool is_long = peek(1) == quote && peek(2) == quote;
    at_ += is_long ? 3 : 1;
    while (at_ < text_.size() && !closes(quote, is_long)) at_ += text_[at_] == '\\' && quote == '"' ? 2 : 1;
    at_ += is_long ? 3 : 1;
    for (int more = 0; is_long && more < 2 && peek() == quote; ++more) ++at_;  // """a quote at the end""""
    at_ = std::min(at_, text_.size());
  }

  bool closes(char quote, bool is_long) const {
    if (is_long) return peek() == quote && peek(1) == quote && peek(2) == quote;
    return peek() == quote || peek() == '\n';
  }

  std::string_view text_;
  std::size_t at_;
  Key header_;
  bool in_array_ = false;
  std::vector<Key> arrays_;
  TomlLayout layout_;
};

}  // namespace

TomlLayout toml_layout(std::string_view text) { return Scanner(text).scan(); }

std::size_t byte_order_mark(std::string_view text) {
  return text.starts_with(utf8_byte_order_mark) ? utf8_byte_order_mark.size() : 0;
}
