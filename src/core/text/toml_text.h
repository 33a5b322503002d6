// A TOML text, its values, and edits that leave every other byte alone.
//
// Invariants: a TomlText exists only for a text that parses as a whole; every
// edit is proven before it is kept: the new text is parsed again and must equal
// the old document plus exactly the intended change, else the text stays as it
// was and an Error with a place says what could not be done.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/error.h"
#include "core/text/edit.h"
#include "core/text/toml_layout.h"

struct TomlValue {
  enum class Kind : std::uint8_t { string, integer, floating, boolean, date_time, array, table };
  Kind kind;
  std::string string;                // of a string, unescaped
  std::int64_t integer = 0;          // of an integer
  bool boolean = false;              // of a boolean
  std::vector<std::string> strings;  // of an array of nothing but strings
  bool all_strings = false;          // whether the array is one
  std::size_t offset = 0;            // where it stands in the text
};

class TomlText {
 public:
  /// Throws Error "FILE:LINE:COLUMN: why" when content does not parse. name is for messages only.
  TomlText(std::string name, std::string content);

  const std::string& name() const { return name_; }
  const std::string& content() const { return content_; }

  /// Nothing when there is no such key.
  std::optional<TomlValue> value(const Key& key) const;
  /// The names in a table, in the order of the text; empty when there is no such table.
  std::vector<std::string> names(const Key& table) const;
  /// How a value that is not a table of its own is spelled; nothing when there is no such key.
  std::optional<std::string> spelling(const Key& key) const;

  /// Makes key = value, where value is spelled as TOML already. A table is never replaced.
  void set(const Key& key, std::string_view value);
  /// Takes away a value, or a table with everything below it; nothing happens when there is no such key.
  void remove(const Key& key);
  /// Makes a second table, of another name, beside an existing one, equal to it but for the comments.
  void copy_table(const Key& table, std::string_view name);

  /// "FILE:LINE:COLUMN: MESSAGE"
  Error error_at(std::size_t offset, std::string_view message) const;

 private:
  struct Document;
  void edit(const std::vector<Edit>& edits, const Key& key, Document intended, std::string_view doing);
  /// For what cannot be done with this key: at its place, or that of the last part of it that is there.
  Error refusal(const Key& key, std::string_view why) const;

  std::string name_;
  std::string content_;
  std::shared_ptr<const Document> document_;  // what content_ says; copies share it
};
