// SPDX-License-Identifier: Apache-2.0
#include "core/engine/toml_document.h"

#include <algorithm>

#include "core/text/toml_edit.h"

Document::Kind TomlDocument::kind(const Key& key) const {
  const auto value = text_.value(key);
  return !value                                   ? Kind::missing
         : value->kind == TomlValue::Kind::string ? Kind::string
         : value->kind == TomlValue::Kind::table  ? Kind::table
         : value->all_strings                     ? Kind::strings
                                                  : Kind::other;
}

std::optional<std::string> TomlDocument::string(const Key& key) const {
  const auto value = require(key, TomlValue::Kind::string, "a string");
  return value ? std::optional(value->string) : std::nullopt;
}

std::optional<std::int64_t> TomlDocument::integer(const Key& key) const {
  const auto value = require(key, TomlValue::Kind::integer, "an integer");
  return value ? std::optional(value->integer) : std::nullopt;
}

std::vector<std::string> TomlDocument::strings(const Key& key) const {
  const auto value = require(key, TomlValue::Kind::array, "an array of strings");
  return value ? value->strings : std::vector<std::string>();
}

std::vector<std::string> TomlDocument::names(const Key& table) const {
  require(table, TomlValue::Kind::table, "a table");
  return text_.names(table);
}

Error TomlDocument::error_at(const Key& key, std::string_view message) const {
  const auto value = text_.value(key);
  return value ? text_.error_at(value->offset, message) : error("{}: {}", text_.name(), message);
}

std::string TomlDocument::quoted(std::string_view text) const { return toml_quoted(text, content()); }

bool TomlDocument::is_empty_but_for(const std::vector<std::string>& names) const {
  const auto expected = [&](const std::string& name) { return std::ranges::count(names, name) > 0; };
  return content().find('#') == content().npos && std::ranges::all_of(text_.names({}), expected);
}

std::optional<TomlValue> TomlDocument::require(const Key& key, TomlValue::Kind kind, std::string_view kind_name) const {
  auto value = text_.value(key);
  if (value && value->kind != kind)
    throw text_.error_at(value->offset, fmt::format("{}: {} is expected here", spelled(key), kind_name));
  return value;
}

std::unique_ptr<Document> toml_document(const std::string& name, const std::string& content) {
  return std::make_unique<TomlDocument>(name, content);
}
