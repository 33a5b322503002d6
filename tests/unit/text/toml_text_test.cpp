// SPDX-License-Identifier: Apache-2.0
#include "core/text/toml_text.h"

#include "catch.h"

namespace {

std::string refusal(std::string content) {
  try {
    TomlText("f.toml", std::move(content));
    return "accepted";
  } catch (const Error& error) {
    return error.text;
  }
}

std::string repeated(std::string_view text, int times) {
  std::string result;
  for (int i = 0; i < times; ++i) result += text;
  return result;
}

}  // namespace

TEST_CASE("every kind of value is read as what it is") {
  const TomlText text("f.toml",
                      "s = \"a\\n\"\nl = 'C:\\x'\ni2 = -16\nf = 1e3\nb = true\nd = 1979-05-27\na = ['x', \"y\"]\n"
                      "m = [1, 'x']\nn = []\n[t]\n");
  CHECK(text.value({"s"})->string == "a\n");
  CHECK(text.value({"l"})->string == "C:\\x");
  CHECK(text.value({"i2"})->integer == -16);
  CHECK(text.value({"f"})->kind == TomlValue::Kind::floating);
  CHECK(text.value({"b"})->boolean);
  CHECK(text.value({"d"})->kind == TomlValue::Kind::date_time);
  CHECK(text.value({"a"})->strings == std::vector<std::string>{"x", "y"});
  CHECK(text.value({"a"})->all_strings);
  CHECK_FALSE(text.value({"m"})->all_strings);
  CHECK(text.value({"n"})->all_strings);
  CHECK(text.value({"t"})->kind == TomlValue::Kind::table);
  CHECK(text.value({})->kind == TomlValue::Kind::table);
}

TEST_CASE("a key is found through headers, dots, quotes and inline tables alike") {
  const TomlText text("f.toml", "a.b.\"c d\" = 1\n[x.'y.z']\nw = { v = { u = 2 } }\n");
  CHECK(text.value({"a", "b", "c d"})->integer == 1);
  CHECK(text.value({"x", "y.z", "w", "v", "u"})->integer == 2);
  CHECK_FALSE(text.value({"x", "y", "z"}));
  CHECK_FALSE(text.value({"a", "b", "c d", "deeper"}));
}

TEST_CASE("names come in the order of the text") {
  const TomlText text("f.toml", "zebra = 1\nant = 2\n[mouse.tail]\n[bear]\n[mouse]\n");
  CHECK(text.names({}) == std::vector<std::string>{"zebra", "ant", "mouse", "bear"});
  CHECK(text.names({"mouse"}) == std::vector<std::string>{"tail"});
  CHECK(text.names({"zebra"}).empty());
  CHECK(text.names({"none"}).empty());
}

TEST_CASE("offsets count bytes, whatever stands before") {
  const std::string content = "\xEF\xBB\xBF# ünï\r\n\"ключ\" = \"é\"; ";
  const std::string good = content.substr(0, content.find(';')) + "\r\n[t]\r\nü = { \"é\" = 'x' }\r\n";
  CHECK(refusal(good).find("f.toml:4:1:") == 0);  // ü is no bare key
  const std::string quoted = content.substr(0, content.find(';')) + "\r\n[t]\r\n\"ü\" = { \"é\" = 'x' }\r\n";
  const TomlText text("f.toml", quoted);
  CHECK(text.value({"ключ"})->offset == quoted.find("\"é\""));
  CHECK(text.value({"t", "ü", "é"})->offset == quoted.find("'x'"));
}

TEST_CASE("an error names file, line and column, counted in bytes") {
  CHECK(refusal("a = 1\nb = \"é\" x\n").find("f.toml:2:10: parse ") == 0);
  CHECK(refusal("a = 1\na = 2\n").find("f.toml:2:") == 0);
  CHECK(refusal("[a\n").find("f.toml:1:") == 0);
  CHECK(refusal("a = ").find("f.toml:1:") == 0);
  CHECK(refusal("a = '\xff'").find("f.toml:1:") == 0);
  CHECK(refusal(std::string("a = 1\n\0", 7)).find("f.toml:2:1") == 0);
  CHECK(TomlText("f.toml", "a = 1\nb = 2\n").error_at(6, "no").text == "f.toml:2:1: no");
}

TEST_CASE("what toml++ takes for granted is refused with its place, when it is not so") {
  CHECK(refusal("a = 1\n[!]\n") == "f.toml:2:2: parse: this is not TOML");
  CHECK(refusal("a = 1\nb = [ }\n") == "f.toml:2:7: parse: this is not TOML");
  CHECK(refusal(std::string("[\0x]\na = 1\n", 11)) == "f.toml:1:2: parse: this is not TOML");
  for (const std::string text : {"[ =a]", "[[.a]]", "[]", "[[ ]]", "[", "[#", "a = [=]", "a = { b = ] }"})
    CHECK(refusal(text + "\n").starts_with("f.toml:1:"));
  CHECK(refusal("a = [#\n}]\n").starts_with("f.toml:2:"));
  CHECK(refusal("[ \"a\" . b]\n[[ 'c' ]]\n[-_]\n") == "accepted");
}

TEST_CASE("what is not ASCII stands in strings and comments only, whatever toml++ has in its tables") {
  const auto utf8 = [](unsigned c) {
    const auto last = [&](unsigned shift) { return static_cast<char>(0x80 | ((c >> shift) & 0x3F)); };
    if (c < 0x800) return std::string{static_cast<char>(0xC0 | c >> 6), last(0)};
    if (c < 0x10000) return std::string{static_cast<char>(0xE0 | c >> 12), last(6), last(0)};
    return std::string{static_cast<char>(0xF0 | c >> 18), last(12), last(6), last(0)};
  };
  std::string accepted;
  for (unsigned c = 0x80; c < 0x10000; c += c < 0x3100 || c >= 0xFE00 ? 1 : 0x101) {
    if (c >= 0xD800 && c < 0xE000) continue;
    const std::string it = utf8(c);
    for (const std::string& text : {"a = 1" + it, "a = 0'''" + it, "a = [1," + it + "]", it + " = 1", "[a" + it + "]"})
      if (refusal(text + "\n") == "accepted") accepted += fmt::format("U+{:04X} in {}; ", c, text);
  }
  CHECK(accepted == "");
  for (const std::string text : {"é = 1", "a = é", "a = 1 é", "[t]é", "[é]", "a = [1,é]", "a = {é}", "\xFF",
                                 "a = '' \"\" é", "a = 1 \U0001F600"})
    CHECK(refusal("b = '''\né'''\n" + text + "\n").substr(0, 9) == "f.toml:3:");
  CHECK(refusal("# é\n\"é\" = \"\"\"é\\\"\"\"\"\nb = 'é' # '\n[a.'é']\n") == "accepted");
}

TEST_CASE("empty texts are documents") {
  CHECK(refusal("") == "accepted");
  CHECK(refusal("\n\r\n# only a comment") == "accepted");
  CHECK(refusal("\xEF\xBB\xBF") == "accepted");
}

TEST_CASE("absurd nesting is refused, not a crash") {
  CHECK(refusal("a = " + repeated("[", 1'000'000)) != "accepted");
  CHECK(refusal("a = " + repeated("[", 1'000'000) + repeated("]", 1'000'000)) != "accepted");
  CHECK(refusal("a = " + repeated("{a=", 1'000'000) + "1" + repeated("}", 1'000'000)) != "accepted");
  CHECK(refusal("a = " + repeated("[{a=", 1'000'000)) != "accepted");
  CHECK(refusal(repeated("a.", 1'000'000) + "a = 1") != "accepted");
  CHECK(refusal("[" + repeated("a.", 1'000'000) + "a]") != "accepted");
  CHECK(refusal("[[" + repeated("\"a\".", 1'000'000) + "a]]") != "accepted");
  CHECK(refusal("a = [{" + repeated("'a'.", 1'000'000) + "a = 1}]") != "accepted");
  CHECK(refusal("a = " + repeated("[", 60) + repeated("]", 60)) == "accepted");
  CHECK(refusal("a = [" + repeated("1.5, ", 1'000) + "'" + repeated(".", 1'000) + "']") == "accepted");
}
