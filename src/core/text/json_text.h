// A JSON text and its places.
//
// Invariants: a JsonText exists only for a text that parses as a whole; a Value
// of it is a place in it, never a copy; nothing is ever re-marshalled.
// Refused, with file, line and column: what RFC 8259 refuses, a byte order mark,
// NUL bytes, text after the document, nesting beyond max_depth.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/error.h"
#include "core/text/json.h"
#include "core/text/position.h"

/// What a valid string, with its quotes, says.
std::string json_unquoted(std::string_view spelling);

class JsonText {
 public:
  using Kind = JsonKind;
  enum class Dialect : std::uint8_t { strict, relaxed };  // relaxed: comments and trailing commas, too

  /// A value: [begin, end) is exactly its spelling.
  struct Value {
    Kind kind = Kind::null;
    std::size_t begin = 0;
    std::size_t end = 0;
  };
  struct Member {
    std::string name;          // unescaped
    std::size_t begin = 0;     // of the name's opening quote
    std::size_t name_end = 0;  // after its closing one
    Value value;
  };

  /// The depth that Go's encoding/json, and so runc, accepts.
  static constexpr std::size_t go_max_depth = 10'000;

  /// Throws Error "FILE:LINE:COLUMN: why" when content is not one JSON document. name is for messages only.
  JsonText(std::string name, std::string content, Dialect dialect = Dialect::strict,
           std::size_t max_depth = go_max_depth);

  const std::string& name() const { return name_; }
  const std::string& content() const { return content_; }
  const Value& root() const { return root_; }

  /// Visits the members in the order of the text, duplicates included, and keeps none.
  void visit_members(const Value& object, const std::function<void(const Member&)>& visit) const;

  /// In the order of the text, duplicates included. Empty for a value of another kind.
  std::vector<Member> members(const Value& object) const;
  std::vector<Value> elements(const Value& array) const;

  /// The one member of that name, or nothing; a second one is an Error.
  std::optional<Member> member(const Value& object, std::string_view name) const;

  /// What Go's encoding/json puts into a struct's field: a name in any case, the last of several. Nothing for null.
  std::optional<Value> field(const Value& object, std::string_view name) const;

  /// A string value, unescaped.
  std::string string(const Value& value) const;
  std::string_view spelling(const Value& value) const;

  /// Line and column of a place in it. Places that are asked for in the order of the text cost one pass in all.
  Position position(std::size_t offset) const;

  /// "FILE:LINE:COLUMN: MESSAGE"
  Error error_at(std::size_t offset, std::string_view message) const;

 private:
  void visit_children(const Value& container, const std::function<void(const Member&)>& visit) const;
  std::vector<Member> children(const Value& container) const;
  void parse();

  std::string name_;
  std::string content_;
  std::string scanned_;  // the text in the spelling that RapidJSON takes, when content_ has numbers beyond a double
  Value root_;
  std::vector<Member> root_children_;
  mutable LineCounter lines_;
  Dialect dialect_;
  std::size_t max_depth_;
};
