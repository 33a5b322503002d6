// A second reader of JSON, for oracles: small, recursive, and with nothing of the code under test in it.
//
// RFC 8259, or the same with comments and trailing commas. Keeps the order of
// members, duplicates, and the spelling of numbers. Bytes above 0x7F pass as they are.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

struct Json {
  enum class Kind : std::uint8_t { literal, number, string, array, object };

  Kind kind = Kind::literal;
  std::string text;         // of a string: unescaped; of a literal and a number: as it is spelled
  std::string name;         // of a member of an object
  std::vector<Json> items;  // of an array or an object

  bool is_null() const { return kind == Kind::literal && text == "null"; }
  bool operator==(const Json&) const = default;
};

enum class Grammar : std::uint8_t { strict, relaxed };

struct JsonAnswer {
  enum class Verdict : std::uint8_t {
    valid,
    invalid,
    unclear
  };  // unclear: half a surrogate pair, or too deep for this reader
  Verdict verdict;
  Json root;
};

JsonAnswer read_json(std::string_view text, Grammar grammar);
