// A JSON text as a tree that can be changed, and the text that a tree is.
//
// Scalars keep the spelling that they had. Two trees are the same when a program that reads JSON as most do, with numbers
// as doubles and members in any order, cannot tell them apart (RFC 8259, sections 4 and 6): such a program, jq for one,
// spells what it passes on in its own way.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "core/text/json_text.h"

struct JsonNode {
  JsonKind kind = JsonKind::null;
  std::string_view spelling = "null";   // of a scalar
  std::string name = {};                // of a member
  std::vector<JsonNode> children = {};  // members, or elements
  // In the text that it was read from. A member begins with its name.
  std::size_t begin = 0;
  std::size_t value_begin = 0;
  std::size_t end = 0;

  bool is_container() const { return kind == JsonKind::object || kind == JsonKind::array; }
  /// The member of that name; nullptr: there is none.
  const JsonNode* member(std::string_view member_name) const;
  JsonNode* member(std::string_view member_name);
};

/// Views into the text, which must outlive it. Error, with its place, for a name that stands twice in an object.
JsonNode json_tree(const JsonText& text);

/// In one line, without blanks.
std::string to_json(const JsonNode& node);

bool is_same(const JsonNode& a, const JsonNode& b);

/// A text that is equal for trees that are the same, and for no others.
std::string key_of(const JsonNode& node);
