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
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/error.h"
#include "core/text/edit.h"

class JsonText {
 public:
  enum class Kind : std::uint8_t { null, boolean, number, string, array, object };
  enum class Dialect : std::uint8_t { strict, relaxed };  // relaxed: comments and trailing commas, too

  /// A value: [begin, end) is exactly its spelling.
  struct Value {
    Kind kind = Kind::null;
    std::size_t begin = 0;
    std::size_t end = 0;
  };
  struct Member {
    std::string name;       // unescaped
    std::size_t begin = 0;  // of the name's opening quote
    Value value;
  };

  struct SpelledMember {
    std::string name;
    std::string value;  // as JSON
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

  /// In the order of the text, duplicates included. Empty for a value that is no object, or no array.
  std::vector<Member> members(const Value& object) const;
  std::vector<Value> elements(const Value& array) const;

  /// The one member of that name, or nothing; a second one is an Error.
  std::optional<Member> member(const Value& object, std::string_view name) const;

  /// What Go's encoding/json puts into a struct's field: a name in any case, the last of several. Nothing for null.
  std::optional<Value> field(const Value& object, std::string_view name) const;

  /// A string value, unescaped.
  std::string string(const Value& value) const;
  std::string_view spelling(const Value& value) const;

  /// "FILE:LINE:COLUMN: MESSAGE"
  Error error_at(std::size_t offset, std::string_view message) const;

  /// The edit that adds members, or elements, at least one, behind the last one.
  Edit add_members(const Value& object, const std::vector<SpelledMember>& members) const;
  Edit add_elements(const Value& array, const std::vector<std::string>& values) const;

  /// The edit that adds one member behind the last one, with the line breaks, indentation and blanks of the text around.
  Edit insert_member(const Value& object, const SpelledMember& member) const;
  /// The edit that takes a member of this object away, with the comma on one side.
  Edit remove_member(const Value& object, std::string_view name) const;

 private:
  void visit_children(const Value& container, const std::function<void(const Member&)>& visit) const;
  struct Blanks {
    std::string before;      // a member
    std::string behind;      // the last member
    std::string_view colon;  // with what is around it
  };
  Blanks blanks_of(const Value& object, const std::vector<Member>& members) const;
  Blanks blanks_in(const Value& object) const;
  std::vector<Member> children(const Value& container) const;
  void parse();
  Edit add(const Value& container, std::string_view items) const;

  std::string name_;
  std::string content_;
  std::string scanned_;  // the text in the spelling that RapidJSON takes, when content_ has numbers beyond a double
  Value root_;
  std::vector<Member> root_children_;
  Dialect dialect_;
  std::size_t max_depth_;
};

/// Members as a JSON object, in one line.
std::string json_object(const std::vector<JsonText::SpelledMember>& members);

/// "an object", "a string" …: for messages.
std::string_view with_article(JsonText::Kind kind);

/// text as a JSON string, quotes included. Bytes that are not UTF-8 pass as they are.
std::string json_quoted(std::string_view text);
