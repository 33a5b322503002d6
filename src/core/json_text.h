// A JSON text, its places, and edits that leave every other byte alone.
//
// Invariants: a JsonText exists only for a text that parses as a whole; a Value
// of it is a place in it, never a copy; nothing is ever re-marshalled.
// Refused, with file, line and column: what RFC 8259 refuses, a byte order mark,
// NUL bytes, text behind the document, nesting beyond max_depth.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "error.h"
#include "text_edit.h"

struct JsonText {
  enum class Kind : std::uint8_t { null, boolean, number, string, array, object };
  enum class Dialect : std::uint8_t { strict, relaxed };  // relaxed: comments and trailing commas, too

  /// A value: [begin, end) is exactly its spelling.
  struct Value {
    Kind kind;
    std::size_t begin;
    std::size_t end;
  };
  struct Member {
    std::string name;       // unescaped
    std::size_t begin;      // of the name's opening quote
    Value value;
  };

  /// The depth that Go's encoding/json, and so runc, accepts.
  static constexpr std::size_t go_max_depth = 10'000;

  /// Throws Error "FILE:LINE:COLUMN: why" when content is not one JSON document. name is for messages only.
  JsonText(std::string name, std::string content, Dialect dialect = Dialect::strict,
           std::size_t max_depth = go_max_depth);

  /// In the order of the text, duplicates included. The value must be an object, or an array.
  std::vector<Member> members(const Value& object) const;
  std::vector<Value> elements(const Value& array) const;

  /// The one member of that name, or nothing; two are an Error.
  std::optional<Member> member(const Value& object, std::string_view name) const;

  /// A string value, unescaped; a lone surrogate escape is refused by the parser.
  std::string string(const Value& value) const;
  std::string_view spelling(const Value& value) const;

  /// "FILE:LINE:COLUMN: MESSAGE"
  Error error_at(std::size_t offset, std::string_view message) const;

  /// The edit that adds a member behind the last one, or elements behind the last one, in the style of the text around
  /// it; the values are spelled as JSON already.
  Edit add_member(const Value& object, std::string_view name, std::string_view value) const;
  Edit add_elements(const Value& array, const std::vector<std::string>& values) const;

  std::string name;
  std::string content;
  Value root{};

 private:
  Dialect dialect_;
};

/// "an object", "a string" …: for messages.
std::string_view with_article(JsonText::Kind kind);

/// text as a JSON string, quotes included. Bytes that are not UTF-8 pass as they are.
std::string json_quoted(std::string_view text);
