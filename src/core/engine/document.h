// An engine's configuration file as one kind of document, JSON or TOML.
//
// Invariant: every edit keeps all other bytes, and is proven by reading the
// result again: it says what was intended and nothing else, or the edit throws
// and the document stays as it was.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/error.h"
#include "core/text/key.h"

class Document {
 public:
  enum class Kind : std::uint8_t { missing, string, strings, table, other };  // other: also a key that is there twice

  virtual ~Document() = default;

  virtual const std::string& content() const = 0;
  virtual bool contains(const Key& key) const = 0;
  /// What is there, for who must not mind what it is: no Error, whatever stands at the key or on the way to it.
  virtual Kind kind(const Key& key) const = 0;
  /// A string; nothing when there is no such key, an Error when it is something else.
  virtual std::optional<std::string> string(const Key& key) const = 0;
  /// An integer, in TOML alone; nothing when there is no such key.
  virtual std::optional<std::int64_t> integer(const Key& key) const = 0;
  /// An array of strings; empty when there is no such key, and in JSON, where no engine has one that is read here.
  virtual std::vector<std::string> strings(const Key& key) const = 0;
  /// What is in a table, in order; empty when there is no such table, an Error when it is something else.
  virtual std::vector<std::string> names(const Key& table) const = 0;
  /// string(), strings() and names() where such a thing is; nothing, none, where something else is.
  std::optional<std::string> string_if_any(const Key& key) const {
    return kind(key) == Kind::string ? string(key) : std::nullopt;
  }
  std::vector<std::string> strings_if_any(const Key& key) const {
    return kind(key) == Kind::strings ? strings(key) : std::vector<std::string>();
  }
  std::vector<std::string> names_if_any(const Key& table) const {
    return kind(table) == Kind::table ? names(table) : std::vector<std::string>();
  }
  /// "FILE:LINE:COLUMN: MESSAGE", the place of the key; "FILE: MESSAGE" when there is no such key.
  virtual Error error_at(const Key& key, std::string_view message) const = 0;
  /// How a value is written; nothing when there is no such key, or it has no place of its own.
  virtual std::optional<std::string> spelling(const Key& key) const = 0;
  /// The text as a string in the language of the document, in the style that it has already.
  virtual std::string quoted(std::string_view text) const = 0;

  /// Makes key = value, which is spelled in the document's language already, and the tables on the way to it.
  virtual void set(const Key& key, std::string_view value) = 0;
  /// Takes a value or a table away; nothing happens when there is none.
  virtual void remove(const Key& key) = 0;
  /// Makes a second table, of another name, beside an existing one.
  virtual void copy_table(const Key& table, std::string_view name) = 0;
  /// What is in it becomes an engine's configuration elsewhere, together with what is not in it.
  virtual bool is_template() const { return false; }
  /// Nobody would miss the file: no comment and no setting but those named.
  virtual bool is_empty_but_for(const std::vector<std::string>& names) const = 0;
};

/// Errors name the file. A JSON text of nothing but blanks is an empty object, as an empty TOML text is an empty table.
std::unique_ptr<Document> json_document(const std::string& name, const std::string& content);
std::unique_ptr<Document> toml_document(const std::string& name, const std::string& content);
