// SPDX-License-Identifier: Apache-2.0
#include "core/text/json_text.h"

#include "scratch.h"

namespace {

using Kind = JsonText::Kind;
using Dialect = JsonText::Dialect;
using Value = JsonText::Value;

JsonText strict(std::string content) { return JsonText("f", std::move(content)); }
JsonText relaxed(std::string content) { return JsonText("f", std::move(content), Dialect::relaxed); }

std::string refusal(std::string content, Dialect dialect = Dialect::strict) {
  return message_of([&] { JsonText("f", std::move(content), dialect); });
}

std::string repeated(std::string_view text, std::size_t times) {
  std::string result;
  result.reserve(text.size() * times);
  for (std::size_t i = 0; i < times; ++i) result += text;
  return result;
}

// How every value inside stands in the text, one after the other.
std::string spelled(const JsonText& text, const Value& value) {
  std::string result;
  for (const JsonText::Member& member : text.members(value)) {
    CHECK(text.content()[member.begin] == '"');
    result += fmt::format("{}={} ", member.name, text.spelling(member.value));
  }
  for (const Value& element : text.elements(value)) result += fmt::format("{} ", text.spelling(element));
  return result;
}

constexpr std::string_view value_kinds[][2] = {
    {"null", "null"},           {"true", "a boolean"}, {"false", "a boolean"},         {"0", "a number"},
    {"-1.5e+3", "a number"},    {"\"\"", "a string"},  {"\"a b\"", "a string"},        {"[]", "an array"},
    {"[ 1, [2] ]", "an array"}, {"{}", "an object"},   {"{ \"a\" : {} }", "an object"}};

constexpr std::string_view blanks[] = {"", " ", "\t", "\n", "\r\n", " \r\n\t "};

}  // namespace

TEST_CASE("a value is exactly its spelling, of every kind, at every depth, among any blanks") {
  for (const auto& [json, kind] : value_kinds)
    for (const std::string_view blank : blanks) {
      INFO(json << " with [" << blank << "]");
      const JsonText root = strict(fmt::format("{0}{1}{0}", blank, json));
      CHECK(root.spelling(root.root()) == json);
      CHECK(with_article(root.root().kind) == kind);

      const JsonText in_object =
          strict(fmt::format("{0}{{{0}\"k\"{0}:{0}{1}{0},{0}\"l\"{0}:{0}{1}{0}}}{0}", blank, json));
      const std::vector<JsonText::Member> members = in_object.members(in_object.root());
      REQUIRE(members.size() == 2);
      for (const JsonText::Member& member : members) {
        CHECK(in_object.spelling(member.value) == json);
        CHECK(with_article(member.value.kind) == kind);
        CHECK(in_object.content().substr(member.begin, 3) == fmt::format("\"{}\"", member.name));
      }

      const JsonText nested = strict(fmt::format("{{\"a\":{0}[{0}[{0}{1}{0},{0}{1}{0}]{0}]{0}}}", blank, json));
      const Value outer = nested.member(nested.root(), "a")->value;
      REQUIRE(nested.elements(outer).size() == 1);
      const std::vector<Value> inner = nested.elements(nested.elements(outer)[0]);
      REQUIRE(inner.size() == 2);
      CHECK(nested.spelling(inner[0]) == json);
      CHECK(nested.spelling(inner[1]) == json);
      CHECK(inner[1].begin > inner[0].begin);
    }
}

TEST_CASE("comments and trailing commas are blanks in the relaxed dialect") {
  for (const std::string_view blank :
       {"/**/", "/*x*/", "// it's\n", "/* \" */", "//\"\n", "/***/", "/*/*/", " /* , : ] } */ ", "//\r\n"})
    for (const auto& [json, kind] : value_kinds) {
      INFO(json << " with [" << blank << "]");
      const JsonText root = relaxed(fmt::format("{0}{1}{0}", blank, json));
      CHECK(root.spelling(root.root()) == json);
      const JsonText object =
          relaxed(fmt::format("{{{0}\"k\"{0}:{0}{1}{0},{0}\"l\"{0}:{0}{1}{0},{0}}}{0}", blank, json));
      CHECK(spelled(object, object.root()) == fmt::format("k={0} l={0} ", json));
      const JsonText array = relaxed(fmt::format("{0}[{0}{1}{0},{0}{1}{0},{0}]", blank, json));
      CHECK(spelled(array, array.root()) == fmt::format("{0} {0} ", json));
    }
  CHECK(refusal("[1 // no\n]").find("f:1:4:") == 0);
  CHECK(refusal("[1,]").find("f:1:4:") == 0);
  CHECK(refusal("{\"a\":1,}").find("f:1:8:") == 0);
  CHECK(refusal("[,]", Dialect::relaxed).find("f:1:2:") == 0);
  CHECK(refusal("[1,,]", Dialect::relaxed).find("f:1:4:") == 0);
  CHECK(refusal("[1 /* no end", Dialect::relaxed).find("f:1:") == 0);
  CHECK(refusal("[1 / 2]", Dialect::relaxed).find("f:1:") == 0);
  CHECK(relaxed("[1] // no line end").root().end == 3);
}

TEST_CASE("names and strings are unescaped, their places are not") {
  const JsonText text = strict(R"({"\u0061\"\\\/\b\f\n\r\t": "\u00e9\ud83d\ude00\u0000x", "é": ""})");
  const std::vector<JsonText::Member> members = text.members(text.root());
  REQUIRE(members.size() == 2);
  CHECK(members[0].name == "a\"\\/\b\f\n\r\t");
  CHECK(text.string(members[0].value) == std::string("é😀\0x", 8));
  CHECK(text.spelling(members[0].value) == R"("\u00e9\ud83d\ude00\u0000x")");
  CHECK(members[1].name == "é");
  CHECK(text.string(members[1].value).empty());
}

TEST_CASE("a name that stands twice is found twice, and refused where one is wanted") {
  const JsonText text = strict("{\"a\":1,\n \"\\u0061\":2,\"b\":3}");
  CHECK(spelled(text, text.root()) == "a=1 a=2 b=3 ");
  CHECK(text.member(text.root(), "b")->value.kind == Kind::number);
  CHECK_FALSE(text.member(text.root(), "c"));
  CHECK(message_of([&] { text.member(text.root(), "a"); }) == "f:2:2: \"a\" is here a second time");
}

TEST_CASE("what has no children has none") {
  const JsonText text = strict("[1,\"{}\",null,{},[]]");
  for (const Value& element : text.elements(text.root())) {
    CHECK(text.members(element).empty());
    CHECK(text.elements(element).empty());
  }
  CHECK(text.members(text.root()).empty());
  CHECK_FALSE(text.member(text.root(), "a"));
  CHECK(strict("{\"a\":1}").elements(strict("{\"a\":1}").root()).empty());
}

TEST_CASE("what is not JSON is refused where it goes wrong") {
  struct Row {
    std::string_view text;
    std::string_view place;
    std::string_view why;
  };
  constexpr Row rows[] = {
      {"", "1:1", "there is no JSON in it"},
      {" \n ", "2:2", "there is no JSON in it"},
      {"\xEF\xBB\xBF{}", "1:1", "a byte order mark is not JSON"},
      {"{} x", "1:4", "text after the end of the document"},
      {"{}\n{}", "2:1", "text after the end of the document"},
      {"{}}", "1:3", "text after the end of the document"},
      {"1 2", "1:3", "text after the end of the document"},
      {"nul", "1:4", "a value is expected here"},
      {"x", "1:1", "a value is expected here"},
      {"[1,", "1:4", "a value is expected here"},
      {"[1,]", "1:4", "a value is expected here"},
      {"[", "1:2", "a value is expected here"},
      {"{\"a\":}", "1:6", "a value is expected here"},
      {"{a:1}", "1:2", "a name in double quotes is expected here"},
      {"{'a':1}", "1:2", "a name in double quotes is expected here"},
      {"{1:1}", "1:2", "a name in double quotes is expected here"},
      {"{", "1:2", "a name in double quotes is expected here"},
      {"{\"a\":1,}", "1:8", "a name in double quotes is expected here"},
      {"{\"a\" 1}", "1:6", "a colon is expected here"},
      {"{\"a\"}", "1:5", "a colon is expected here"},
      {"{\"a\":1 \"b\":2}", "1:8", "a comma or } is expected here"},
      {"{\"a\":1", "1:7", "a comma or } is expected here"},
      {"{\"a\":1]", "1:7", "a comma or } is expected here"},
      {"[1 2]", "1:4", "a comma or ] is expected here"},
      {"[1", "1:3", "a comma or ] is expected here"},
      {"[1}", "1:3", "a comma or ] is expected here"},
      {"[01]", "1:3", "a comma or ] is expected here"},
      {"[0x1]", "1:3", "a comma or ] is expected here"},
      {"[1.]", "1:4", "a digit is expected after the decimal point"},
      {"[1e]", "1:4", "a digit is expected in the exponent"},
      {"[1e+]", "1:5", "a digit is expected in the exponent"},
      {"[-]", "1:3", "a value is expected here"},
      {"[+1]", "1:2", "a value is expected here"},
      {"[.5]", "1:2", "a value is expected here"},
      {"[NaN]", "1:2", "a value is expected here"},
      {"[Infinity]", "1:2", "a value is expected here"},
  };
  for (const Row& row : rows) {
    INFO(row.text);
    CHECK(refusal(std::string(row.text)) == fmt::format("f:{}: {}", row.place, row.why));
  }
}

TEST_CASE("a string that is none is refused in its line") {
  CHECK(refusal("[\n\"a\nb\"]") == "f:2:3: a control character in a string");
  CHECK(refusal("[\n\"a\\x\"]") == "f:2:3: an unknown escape in a string");
  struct Row {
    std::string_view text;
    std::string_view why;
  };
  constexpr Row rows[] = {
      {"[\n\"a", "the string has no end"},
      {"[\n\"a\\\"]", "the string has no end"},
      {"[\n\"a\nb\"]", "a control character in a string"},
      {"[\n\"a\tb\"]", "a control character in a string"},
      {"[\n\"\\x\"]", "an unknown escape in a string"},
      {"[\n\"\\u12g4\"]", "\\u needs four hexadecimal digits"},
      {"[\n\"\\ud83d\"]", "half a surrogate pair"},
      {"[\n\"\\ud83dx\"]", "half a surrogate pair"},
      {"[\n\"\\ud83d\\u0041\"]", "half a surrogate pair"},
      {"{\n\"\\ud83d\":1}", "half a surrogate pair"},
  };
  for (const Row& row : rows) {
    INFO(row.text);
    const std::string message = refusal(std::string(row.text));
    CHECK(message.find("f:2:") == 0);
    CHECK(message.find(row.why) != message.npos);
  }
}

TEST_CASE("a NUL byte is refused wherever it stands") {
  const std::string_view nul("\0", 1);
  for (const std::string_view text : {"%", "%{}", "{%}", "{\"a%\":1}", "{\"a\"%:1}", "{\"a\":%1}", "{\"a\":1%}", "{}%",
                                      "{}%x", "{} % ", "[\"%\"]", "[1%2]", "[nul%]", "[1.%]", "[1e%]"}) {
    INFO(text);
    const std::size_t at = text.find('%');
    std::string content(text);
    content.replace(at, 1, nul);
    CHECK(refusal(content) == fmt::format("f:1:{}: a NUL byte is not JSON", at + 1));
    CHECK(refusal(content, Dialect::relaxed) == fmt::format("f:1:{}: a NUL byte is not JSON", at + 1));
  }
  CHECK(refusal(std::string("[\"\\\0\"]", 6)).find("f:1:3: ") == 0);
  CHECK(refusal(std::string("[\"\\u00\0\"]", 9)).find("f:1:3: ") == 0);
  CHECK(refusal(std::string("[1] // \0", 8), Dialect::relaxed) == "f:1:8: a NUL byte is not JSON");
  CHECK(refusal(std::string("[1] /* \0 */", 11), Dialect::relaxed) == "f:1:8: a NUL byte is not JSON");
}

TEST_CASE("bytes that are not UTF-8 pass as they are") {
  const JsonText text = strict("{\"\xff\":\"\xc3\x28\"}");
  CHECK(spelled(text, text.root()) == "\xff=\"\xc3\x28\" ");
}

TEST_CASE("JSON nested a million deep is refused, not a crash") {
  for (const Dialect dialect : {Dialect::strict, Dialect::relaxed}) {
    CHECK(refusal(repeated("[", 1'000'000), dialect) == "f:1:10001: nesting deeper than 10000 levels");
    CHECK(refusal(repeated("[", 1'000'000) + repeated("]", 1'000'000), dialect) ==
          "f:1:10001: nesting deeper than 10000 levels");
    CHECK(refusal(repeated("{\"a\":", 1'000'000), dialect).find("nesting deeper than") != std::string::npos);
    CHECK(refusal(repeated("[\n", 10'000) + "{", dialect) == "f:10001:1: nesting deeper than 10000 levels");
  }
  CHECK(refusal(repeated("[", 10'000) + repeated("]", 10'000)) == "no error");
  CHECK(message_of([] { JsonText("f", "[[[1]]]", Dialect::strict, 2); }) == "f:1:3: nesting deeper than 2 levels");
  CHECK(message_of([] { JsonText("f", "[[1]]", Dialect::strict, 2); }) == "no error");
}

TEST_CASE("numbers beyond a double are numbers, and nothing around them moves") {
  const std::string digits(400, '7');
  for (const std::string& number :
       {std::string("1e400"), std::string("-1E+400"), digits, "-" + digits, digits + ".5e-3", std::string("0.5e999"),
        "1e" + digits, "1e-" + digits, std::string("18446744073709551615"), std::string("1.0e2")}) {
    INFO(number);
    const JsonText text = strict(fmt::format("{{\"1e400\":[{0}, {0}],\"b\":\"{0}\",\"c\":{0}}}", number));
    CHECK(spelled(text, text.root()) == fmt::format("1e400=[{0}, {0}] b=\"{0}\" c={0} ", number));
    CHECK(spelled(text, text.members(text.root())[0].value) == fmt::format("{0} {0} ", number));
    CHECK(text.string(text.members(text.root())[1].value) == number);
    const JsonText root = strict(number);
    CHECK(root.spelling(root.root()) == number);
  }
}

TEST_CASE("a number beyond a double makes no other mistake acceptable") {
  CHECK(refusal("[1e400, 01]") == "f:1:10: a comma or ] is expected here");
  CHECK(refusal("[1e400, 1.]") == "f:1:11: a digit is expected after the decimal point");
  CHECK(refusal("[1e400, 1e+]") == "f:1:12: a digit is expected in the exponent");
  CHECK(refusal("[1e400, -]") == "f:1:10: a value is expected here");
  CHECK(refusal("[1e400, +1]") == "f:1:9: a value is expected here");
  CHECK(refusal("[1e400 \"a]").find("f:1:8:") == 0);
  CHECK(refusal("[1e400] x") == "f:1:9: text after the end of the document");
  CHECK(refusal("[1e400-1]").find("f:1:") == 0);
  CHECK(refusal("[1e400.5]").find("f:1:") == 0);
}

TEST_CASE("a comment is no string when numbers beyond a double are about") {
  const JsonText text = relaxed(
      "{ // 6\" long\n \"a 12345\": \"b 12345\", /* it's \" 12345 */ \"c\": 1e400 // \"\n, \"d 12345\": 12345}");
  CHECK(spelled(text, text.root()) == "a 12345=\"b 12345\" c=1e400 d 12345=12345 ");
}

TEST_CASE("an error names the place in the text") {
  const JsonText text = strict("{\"a\":\r\n1}");
  CHECK(text.error_at(text.member(text.root(), "a")->value.begin, "why").text == "f:2:1: why");
}

TEST_CASE("a string ends at its quote, wherever an escape or a control character stands in it") {
  for (std::size_t length = 0; length < 20; ++length) {
    for (std::size_t at = 0; at <= length; ++at) {
      const auto with = [&](std::string_view inserted) {
        return std::string(at, '~') + std::string(inserted) + std::string(length - at, '~');
      };
      for (const std::string_view plain :
           {"", "\\\"", "\\\\", "\\u0000", "\\ud83d\\ude00", "\x7F", "\xC3\xA9", "!", "#"}) {
        const std::string quoted = '"' + with(plain) + '"';
        const JsonText text = strict("[" + quoted + ",\"" + std::string(16, 'x') + "\"]");
        const std::vector<JsonText::Value> elements = text.elements(text.root());
        REQUIRE(elements.size() == 2);
        CHECK(text.spelling(elements.front()) == quoted);
      }
      const std::string place = fmt::format("f:1:{}: ", at + 3);
      CHECK(refusal("[\"" + with("\x1F") + "\"]") == place + "a control character in a string");
      CHECK(refusal("[\"" + with("\\x") + "\"]") == place + "an unknown escape in a string");
    }
    CHECK(refusal("[\"" + std::string(length, '~')).ends_with("the string has no end"));
  }
}
