// A configuration file in TOML.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/engine/document.h"
#include "core/text/toml_text.h"

class TomlDocument : public Document {
 public:
  TomlDocument(const std::string& name, const std::string& content) : text_(name, content) {}

  const std::string& content() const override { return text_.content(); }
  bool contains(const Key& key) const override { return text_.value(key).has_value(); }
  Kind kind(const Key& key) const override;
  std::optional<std::string> string(const Key& key) const override;
  std::optional<std::int64_t> integer(const Key& key) const override;
  std::vector<std::string> strings(const Key& key) const override;
  std::vector<std::string> names(const Key& table) const override;
  Error error_at(const Key& key, std::string_view message) const override;
  std::optional<std::string> spelling(const Key& key) const override { return text_.spelling(key); }
  std::string quoted(std::string_view text) const override;

  void set(const Key& key, std::string_view value) override { text_.set(key, value); }
  void remove(const Key& key) override { text_.remove(key); }
  void copy_table(const Key& table, std::string_view name) override { text_.copy_table(table, name); }
  bool is_empty_but_for(const std::vector<std::string>& names) const override;

 private:
  std::optional<TomlValue> require(const Key& key, TomlValue::Kind kind, std::string_view kind_name) const;

  TomlText text_;
};
