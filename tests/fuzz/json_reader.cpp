// SPDX-License-Identifier: Apache-2.0
#include "json_reader.h"

#include <optional>

namespace {

constexpr std::size_t max_depth = 500;

struct Invalid {};
struct Unclear {};

class Reader {
 public:
  Reader(std::string_view text, Grammar grammar) : rest_(text), relaxed_(grammar == Grammar::relaxed) {}

  Json document() {
    Json root = value(0);
    skip_blanks();
    if (!rest_.empty()) throw Invalid();
    return root;
  }

 private:
  bool take(std::string_view token) {
    const bool found = rest_.starts_with(token);
    if (found) rest_.remove_prefix(token.size());
    return found;
  }
  void expect(std::string_view token) {
    if (!take(token)) throw Invalid();
  }
  char take_any() {
    if (rest_.empty()) throw Invalid();
    const char c = rest_.front();
    rest_.remove_prefix(1);
    return c;
  }

  void skip_blanks() {
    do rest_.remove_prefix(std::min(rest_.find_first_not_of(" \t\r\n"), rest_.size()));
    while (relaxed_ && skip_comment());
  }
  bool skip_comment() {
    if (take("//")) return rest_.remove_prefix(std::min(rest_.find('\n'), rest_.size())), true;
    if (!take("/*")) return false;
    const std::size_t end = rest_.find("*/");
    if (end == rest_.npos) throw Invalid();
    return rest_.remove_prefix(end + 2), true;
  }

  Json value(std::size_t depth) {
    if (depth > max_depth) throw Unclear();
    skip_blanks();
    if (rest_.starts_with('{')) return items(Json::Kind::object, "{", "}", depth);
    if (rest_.starts_with('[')) return items(Json::Kind::array, "[", "]", depth);
    if (rest_.starts_with('"')) return {Json::Kind::string, string(), {}, {}};
    for (const std::string_view word : {"true", "false", "null"})
      if (take(word)) return {Json::Kind::literal, std::string(word), {}, {}};
    return {Json::Kind::number, number(), {}, {}};
  }

  Json items(Json::Kind kind, std::string_view open, std::string_view close, std::size_t depth) {
    Json result{kind, {}, {}, {}};
    expect(open);
    for (skip_blanks(); !take(close); skip_blanks()) {
      if (!result.items.empty()) expect(",");
      skip_blanks();
      if (relaxed_ && !result.items.empty() && take(close)) break;
      const std::string name = kind == Json::Kind::object ? member_name() : "";
      result.items.push_back(value(depth + 1));
      result.items.back().name = name;
    }
    return result;
  }

  std::string member_name() {
    std::string name = string();
    skip_blanks();
    expect(":");
    return name;
  }

  std::string number() {
    const std::string_view all = rest_;
    take("-");
    if (!take("0")) digits();
    if (take(".")) digits();
    if (take("e") || take("E")) {
      if (!take("+")) take("-");
      digits();
    }
    return std::string(all.substr(0, all.size() - rest_.size()));
  }
  void digits() {
    const std::size_t count = std::min(rest_.find_first_not_of("0123456789"), rest_.size());
    if (count == 0) throw Invalid();
    rest_.remove_prefix(count);
  }

  std::string string() {
    std::string result;
    expect("\"");
    while (!take("\"")) {
      const char c = take_any();
      if (static_cast<unsigned char>(c) < 0x20) throw Invalid();
      if (c == '\\')
        escape(result);
      else
        result += c;
    }
    return result;
  }

  void escape(std::string& result) {
    constexpr std::string_view letters = "\"\\/bfnrt", meanings = "\"\\/\b\f\n\r\t";
    const char letter = take_any();
    if (letter == 'u') return unicode(hex4(), result);
    const std::size_t index = letters.find(letter);
    if (index == letters.npos) throw Invalid();
    result += meanings[index];
  }

  unsigned hex4() {
    constexpr std::string_view digits = "0123456789abcdef";
    unsigned code = 0;
    for (int i = 0; i < 4; ++i) {
      const char c = take_any();
      const std::size_t digit = digits.find(c >= 'A' && c <= 'F' ? static_cast<char>(c + 32) : c);
      if (digit == digits.npos) throw Invalid();
      code = code * 16 + static_cast<unsigned>(digit);
    }
    return code;
  }

  void unicode(unsigned code, std::string& result) {
    if (code >= 0xDC00 && code <= 0xDFFF) throw Unclear();
    if (code >= 0xD800 && code < 0xDC00) {
      if (!take("\\u")) throw Unclear();
      const unsigned low = hex4();
      if (low < 0xDC00 || low > 0xDFFF) throw Unclear();
      code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
    }
    encode(code, result);
  }

  static void encode(unsigned code, std::string& result) {
    const auto tail = [&](unsigned shift) { result += static_cast<char>(0x80 | ((code >> shift) & 0x3F)); };
    if (code < 0x80) {
      result += static_cast<char>(code);
    } else if (code < 0x800) {
      result += static_cast<char>(0xC0 | code >> 6);
      tail(0);
    } else if (code < 0x10000) {
      result += static_cast<char>(0xE0 | code >> 12);
      tail(6), tail(0);
    } else {
      result += static_cast<char>(0xF0 | code >> 18);
      tail(12), tail(6), tail(0);
    }
  }

  std::string_view rest_;
  bool relaxed_;
};

}  // namespace

JsonAnswer read_json(std::string_view text, Grammar grammar) {
  using enum JsonAnswer::Verdict;
  if (text.find('\0') != text.npos) return {invalid, {}};
  try {
    return {valid, Reader(text, grammar).document()};
  } catch (const Invalid&) {
    return {invalid, {}};
  } catch (const Unclear&) {
    return {unclear, {}};
  }
}
