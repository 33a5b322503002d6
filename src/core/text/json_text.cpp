// RapidJSON's SAX reader validates the text and tells where things stand; only
// the children of one container are ever kept, so memory does not grow with
// the text.
//
// SPDX-License-Identifier: Apache-2.0
#include "core/text/json_text.h"

#include <rapidjson/reader.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <new>

#include "core/text/letter_case.h"
#include "core/text/position.h"

namespace {

using Kind = JsonText::Kind;
using Value = JsonText::Value;
using Member = JsonText::Member;

constexpr std::uint64_t eight(unsigned char byte) { return std::uint64_t{0x0101010101010101} * byte; }

// Whether one of the eight bytes is below the limit, at most 128.
constexpr bool any_below(std::uint64_t bytes, unsigned char limit) {
  return ((bytes - eight(limit)) & ~bytes & eight(0x80)) != 0;
}
constexpr bool any_is(std::uint64_t bytes, unsigned char byte) { return any_below(bytes ^ eight(byte), 1); }

// Where a string ends that has come to `at`, or needs a closer look: at a quote, an escape, a control character or the end.
// Eight bytes at a time, since most of a spec is strings.
const char* plain_end(const char* at, const char* end) {
  for (std::uint64_t bytes = 0; end - at >= 8; at += 8) {
    std::memcpy(&bytes, at, sizeof bytes);
    if (any_below(bytes, 0x20) || any_is(bytes, '"') || any_is(bytes, '\\')) break;
  }
  const auto is_plain = [](unsigned char c) { return c >= 0x20 && c != '"' && c != '\\'; };
  while (at < end && is_plain(static_cast<unsigned char>(*at))) ++at;
  return at;
}

// A zero-terminated text. RapidJSON copies only its own streams, so Tell() is exact in every event: after
// a scalar and a name, on the bracket that opens or closes a container. What "in situ" would write into the text is
// dropped, so that such a scan copies no string. It writes each character of a string and the zero after it, and nothing
// else: after a character, the plain ones that follow are passed over at once.
struct Stream {
  using Ch = char;
  explicit Stream(const std::string& text, std::size_t from = 0)
      : begin(text.c_str()), at(begin + from), end(begin + text.size()) {}

  Ch Peek() const { return *at; }
  Ch Take() { return *at++; }
  std::size_t Tell() const { return static_cast<std::size_t>(at - begin); }
  Ch* PutBegin() { return nullptr; }
  void Put(Ch written) {
    if (written != '\0') at = plain_end(at, end);
  }
  std::size_t PutEnd(Ch*) { return 1; }  // of the zero that ends a string

  const char* begin;
  const char* at;
  const char* end;
};

constexpr bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

// The end of the comment at `at`, of the text when the comment has none; after the slash when it is no comment.
std::size_t skip_comment(std::string_view text, std::size_t at) {
  const std::string_view rest = text.substr(at);
  const bool to_line_end = rest.starts_with("//");
  if (!to_line_end && !rest.starts_with("/*")) return at + 1;
  const std::string_view last = to_line_end ? "\n" : "*/";
  const std::size_t end = rest.find(last, 2);
  return end == rest.npos ? text.size() : at + end + last.size();
}

// Where the next token begins: after blanks, comments, and the colon or comma before it.
std::size_t token_begin(std::string_view text, std::size_t at) {
  while (at < text.size()) {
    if (text[at] == '/')
      at = skip_comment(text, at);
    else if (is_blank(text[at]) || text[at] == ',' || text[at] == ':')
      ++at;
    else
      break;
  }
  return at;
}

class StringOf : public rapidjson::BaseReaderHandler<rapidjson::UTF8<>, StringOf> {
 public:
  bool String(const char* string, rapidjson::SizeType length, bool) {
    result.assign(string, length);
    return true;
  }
  std::string result;
};

constexpr unsigned flags_of(JsonText::Dialect dialect) {
  constexpr unsigned common = rapidjson::kParseIterativeFlag | rapidjson::kParseNumbersAsStringsFlag;
  constexpr unsigned comfort = rapidjson::kParseCommentsFlag | rapidjson::kParseTrailingCommasFlag;
  return dialect == JsonText::Dialect::strict ? common : common | comfort;
}

// RapidJSON uses what an allocator returns without a look at it.
struct ThrowingAllocator : rapidjson::CrtAllocator {
  void* Malloc(std::size_t size) { return checked(CrtAllocator::Malloc(size), size); }
  void* Realloc(void* old, std::size_t old_size, std::size_t size) {
    return checked(CrtAllocator::Realloc(old, old_size, size), size);
  }
  static void* checked(void* memory, std::size_t size) {
    if (memory == nullptr && size > 0) throw std::bad_alloc();
    return memory;
  }
};

using Reader = rapidjson::GenericReader<rapidjson::UTF8<>, rapidjson::UTF8<>, ThrowingAllocator>;

// One value, without copies. What comes after it is not looked at: each other set of flags is a reader of its own in the
// binary.
template <class Handler>
rapidjson::ParseResult read_value(Stream& stream, Handler& handler, JsonText::Dialect dialect) {
  using Dialect = JsonText::Dialect;
  constexpr unsigned flags = rapidjson::kParseInsituFlag | rapidjson::kParseStopWhenDoneFlag;
  Reader reader;
  if (dialect == Dialect::strict) return reader.Parse<flags_of(Dialect::strict) | flags>(stream, handler);
  return reader.Parse<flags_of(Dialect::relaxed) | flags>(stream, handler);
}

// Where the blanks, and comments in the relaxed dialect, that begin at `at` end.
std::size_t blanks_end(std::string_view text, std::size_t at, JsonText::Dialect dialect) {
  for (; at < text.size(); ++at) {
    const bool is_comment = dialect == JsonText::Dialect::relaxed && text[at] == '/';
    const std::size_t end = is_comment ? skip_comment(text, at) : at + 1;
    if (!is_blank(text[at]) && end == at + 1) break;
    if (is_comment && text.substr(at, 2) == "/*" && !text.substr(at + 2, end - at - 2).ends_with("*/")) break;
    at = std::min(text.find('\0', at), end - 1);
    if (text[at] == '\0') break;
  }
  return at;
}

// The string that begins at `quote` in a text that was found valid.
std::string string_at(const std::string& text, std::size_t quote) {
  Stream stream(text, quote);
  StringOf handler;
  Reader().Parse<flags_of(JsonText::Dialect::strict) | rapidjson::kParseStopWhenDoneFlag>(stream, handler);
  return std::move(handler.result);
}

// Tells the first value that is read and, when it is a container, its children; what is deeper is only counted.
class Shallow : public rapidjson::BaseReaderHandler<rapidjson::UTF8<>, Shallow> {
 public:
  using Visit = std::function<void(const Member&)>;

  Shallow(const std::string& text, const Stream& stream, std::size_t max_depth, const Visit& visit_child)
      : text_(text), stream_(stream), max_(max_depth), visit_child_(visit_child), last_(stream.Tell()) {}

  bool Null() { return scalar(Kind::null); }
  bool Bool(bool) { return scalar(Kind::boolean); }
  bool RawNumber(const char*, rapidjson::SizeType, bool) { return scalar(Kind::number); }
  bool String(const char*, rapidjson::SizeType, bool) { return scalar(Kind::string); }
  bool Key(const char*, rapidjson::SizeType, bool) {
    if (depth_ != 1) return true;
    child_.begin = token_begin(text_, last_);
    child_.name_end = last_ = stream_.Tell();
    child_.name.assign(text_, child_.begin + 1, last_ - child_.begin - 2);
    if (child_.name.find('\\') != child_.name.npos) child_.name = string_at(text_, child_.begin);
    return true;
  }
  bool StartObject() { return open(Kind::object); }
  bool StartArray() { return open(Kind::array); }
  bool EndObject(rapidjson::SizeType) { return close(); }
  bool EndArray(rapidjson::SizeType) { return close(); }

  Value value;
  bool too_deep = false;

 private:
  bool scalar(Kind kind) {
    if (depth_ <= 1) keep({kind, token_begin(text_, last_), stream_.Tell()});
    return true;
  }
  bool open(Kind kind) {
    if (depth_ <= 1) opened_[depth_] = {kind, stream_.Tell(), 0};
    if (depth_ == 0) last_ = stream_.Tell() + 1;
    too_deep = ++depth_ > max_;
    return !too_deep;
  }
  bool close() {
    if (--depth_ <= 1) keep({opened_[depth_].kind, opened_[depth_].begin, stream_.Tell() + 1});
    return true;
  }
  void keep(Value kept) {
    last_ = kept.end;
    if (depth_ == 0) {
      value = kept;
    } else {
      child_.value = kept;
      visit_child_(child_);
    }
  }

  const std::string& text_;
  const Stream& stream_;
  std::size_t max_;
  const Visit& visit_child_;
  std::size_t last_;  // the end of the last token that was kept
  std::size_t depth_ = 0;
  std::array<Value, 2> opened_;
  Member child_;
};

struct Wording {
  rapidjson::ParseErrorCode code;
  std::string_view text;
};

constexpr std::array wordings = {
    Wording{rapidjson::kParseErrorDocumentEmpty, "there is no JSON in it"},
    Wording{rapidjson::kParseErrorValueInvalid, "a value is expected here"},
    Wording{rapidjson::kParseErrorObjectMissName, "a name in double quotes is expected here"},
    Wording{rapidjson::kParseErrorObjectMissColon, "a colon is expected here"},
    Wording{rapidjson::kParseErrorObjectMissCommaOrCurlyBracket, "a comma or } is expected here"},
    Wording{rapidjson::kParseErrorArrayMissCommaOrSquareBracket, "a comma or ] is expected here"},
    Wording{rapidjson::kParseErrorStringUnicodeEscapeInvalidHex, "\\u needs four hexadecimal digits"},
    Wording{rapidjson::kParseErrorStringUnicodeSurrogateInvalid, "half a surrogate pair"},
    Wording{rapidjson::kParseErrorStringEscapeInvalid, "an unknown escape in a string"},
    Wording{rapidjson::kParseErrorStringMissQuotationMark, "the string has no end"},
    Wording{rapidjson::kParseErrorNumberMissFraction, "a digit is expected after the decimal point"},
    Wording{rapidjson::kParseErrorNumberMissExponent, "a digit is expected in the exponent"},
};

// RapidJSON has one error for an unknown escape and for a control character; at is where it stopped.
std::string_view wording_of(rapidjson::ParseErrorCode code, char at) {
  if (code == rapidjson::kParseErrorStringEscapeInvalid && at != '\\') return "a control character in a string";
  for (const Wording& wording : wordings)
    if (wording.code == code) return wording.text;
  return "it is not JSON";
}

constexpr bool is_number_char(char c) {
  return (c >= '0' && c <= '9') || c == '-' || c == '+' || c == '.' || c == 'e' || c == 'E';
}

// RFC 8259, section 6.
bool is_number(std::string_view text) {
  const auto digits = [&] {
    const std::size_t count = std::min(text.find_first_not_of("0123456789"), text.size());
    text.remove_prefix(count);
    return count;
  };
  const auto take = [&](std::string_view any) {
    const bool found = !text.empty() && any.find(text.front()) != any.npos;
    text.remove_prefix(found);
    return found;
  };
  take("-");
  if (!take("0") && digits() == 0) return false;
  if (take(".") && digits() == 0) return false;
  if (take("eE") && (take("+-"), digits() == 0)) return false;
  return text.empty();
}

std::size_t string_end(std::string_view text, std::size_t quote) {
  for (std::size_t at = quote + 1; at < text.size(); ++at) {
    if (text[at] == '"') return at + 1;
    if (text[at] == '\\') ++at;
  }
  return text.size();
}

std::size_t number_end(std::string_view text, std::size_t begin) {
  while (begin < text.size() && is_number_char(text[begin])) ++begin;
  return begin;
}

// RapidJSON refuses numbers beyond a double even when it is told to leave numbers alone, while every
// runtime skips them in fields that it does not know. Same length, same places, small numbers.
std::string with_small_numbers(std::string text) {
  for (std::size_t at = 0; at < text.size();) {
    if (text[at] == '"') {
      at = string_end(text, at);
    } else if (text[at] == '/') {
      at = skip_comment(text, at);
    } else if (text[at] == '-' || (text[at] >= '0' && text[at] <= '9')) {
      const std::size_t end = number_end(text, at);
      if (end - at > 2 && is_number(std::string_view(text).substr(at, end - at)))
        text.replace(at, end - at, "0." + std::string(end - at - 2, '0'));
      at = end;
    } else {
      ++at;
    }
  }
  return text;
}

}  // namespace

JsonText::JsonText(std::string name, std::string content, Dialect dialect, std::size_t max_depth)
    : name_(std::move(name)), content_(std::move(content)), dialect_(dialect), max_depth_(max_depth) {
  if (content_.starts_with("\xEF\xBB\xBF")) throw error_at(0, "a byte order mark is not JSON");
  parse();
}

void JsonText::parse() {
  const std::string& text = scanned_.empty() ? content_ : scanned_;
  Stream stream(text);
  const Shallow::Visit keep = [&](const Member& child) { root_children_.push_back(child); };
  Shallow document(text, stream, max_depth_, keep);
  const rapidjson::ParseResult result = read_value(stream, document, dialect_);
  if (result.Code() == rapidjson::kParseErrorNumberTooBig && scanned_.empty()) {
    scanned_ = with_small_numbers(content_);
    root_children_.clear();
    return parse();
  }
  if (document.too_deep) throw error_at(stream.Tell(), fmt::format("nesting deeper than {} levels", max_depth_));
  const std::size_t stopped = result.IsError() ? result.Offset() : blanks_end(text, stream.Tell(), dialect_);
  if (stopped < text.size() && text[stopped] == '\0') throw error_at(stopped, "a NUL byte is not JSON");
  if (result.IsError()) throw error_at(stopped, wording_of(result.Code(), text[stopped]));
  if (stopped < text.size()) throw error_at(stopped, "text after the end of the document");
  root_ = document.value;
}

void JsonText::visit_children(const Value& container, const std::function<void(const Member&)>& visit) const {
  if (container.begin == root_.begin) return std::ranges::for_each(root_children_, visit), void();
  const std::string& text = scanned_.empty() ? content_ : scanned_;
  Stream stream(text, container.begin);
  Shallow handler(text, stream, max_depth_, visit);
  read_value(stream, handler, dialect_);
}

std::vector<Member> JsonText::children(const Value& container) const {
  std::vector<Member> result;
  visit_children(container, [&](const Member& child) { result.push_back(child); });
  return result;
}

void JsonText::visit_members(const Value& object, const std::function<void(const Member&)>& visit) const {
  if (object.kind == Kind::object) visit_children(object, visit);
}

std::vector<Member> JsonText::members(const Value& object) const {
  return object.kind == Kind::object ? children(object) : std::vector<Member>();
}

std::vector<Value> JsonText::elements(const Value& array) const {
  std::vector<Value> result;
  if (array.kind == Kind::array)
    for (const Member& child : children(array)) result.push_back(child.value);
  return result;
}

std::optional<Member> JsonText::member(const Value& object, std::string_view name) const {
  std::optional<Member> result;
  visit_members(object, [&](const Member& member) {
    if (member.name != name) return;
    if (result) throw error_at(member.begin, fmt::format("{} is here a second time", json_quoted(name)));
    result = member;
  });
  return result;
}

std::optional<Value> JsonText::field(const Value& object, std::string_view name) const {
  std::optional<Value> result;
  visit_members(object, [&](const Member& member) {
    if (same_but_for_case(member.name, name)) result = member.value;
  });
  if (result && result->kind == Kind::null) return std::nullopt;
  return result;
}

std::string json_unquoted(std::string_view spelling) {
  if (spelling.find('\\') == spelling.npos) return std::string(spelling.substr(1, spelling.size() - 2));
  return string_at(std::string(spelling), 0);
}

std::string JsonText::string(const Value& value) const { return string_at(content_, value.begin); }

std::string_view JsonText::spelling(const Value& value) const {
  return std::string_view(content_).substr(value.begin, value.end - value.begin);
}

Position JsonText::position(std::size_t offset) const { return lines_.position(content_, offset); }

Error JsonText::error_at(std::size_t offset, std::string_view message) const {
  return ::error_at(name_, position(offset), message);
}
