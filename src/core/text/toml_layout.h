// The statements of a TOML text and their places: what an edit of the text needs and no document model keeps.
//
// The scan takes the text to be valid TOML and proves nothing: TomlText parses
// the text with toml++ before the scan is trusted, and each edited text again.
// Of invalid text it makes what it can; it never fails, and it recurses no
// deeper than max_toml_depth.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/text/key.h"

/// Nobody nests deeper on purpose, and toml++ recurses to build, compare and destroy.
constexpr std::size_t max_toml_depth = 64;

/// A table header, or a pair of key and value: of a line of its own, or in an inline table.
struct TomlStatement {
  enum class Kind : unsigned char { header, array_header, pair, inline_pair };
  Kind kind;
  bool in_array;          // below a [[header]]: its key alone does not say which element it belongs to
  Key key;                // from the root
  std::size_t own;        // how many parts of the key are spelled here; the others come from what it stands in
  std::size_t line;       // where its first line begins; of an inline pair: where it begins itself
  std::size_t begin;      // of its key, or of its [
  std::size_t value;      // of its value; of a header: after its last ]
  std::size_t value_end;  // after its value
  std::size_t end;        // after the newline of its last line; of an inline pair: after its value
};

struct TomlLayout {
  std::vector<TomlStatement> statements;  // in the order of the text, inline pairs after the pair they stand in
  std::optional<std::size_t> too_deep;    // where a key or a value exceeds max_toml_depth; the scan ended there
};
TomlLayout toml_layout(std::string_view text);

/// How many bytes of byte order mark the text begins with.
std::size_t byte_order_mark(std::string_view text);
