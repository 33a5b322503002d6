// SPDX-License-Identifier: Apache-2.0
#include "core/text/toml_text.h"

#include <algorithm>
#include <utility>

#include "core/text/position.h"
#include "core/text/toml_edit.h"
#include "core/text/toml_plus_plus.h"
#include "core/text/utf8.h"

static_assert(max_toml_depth == TOML_MAX_NESTED_VALUES);

struct TomlText::Document {
  toml::table root;
};

namespace {

std::size_t next_character(std::string_view text, std::size_t at) {
  const auto is_continuation = [](char c) { return (c & 0xC0) == 0x80; };
  ++at;
  while (at < text.size() && is_continuation(text[at])) ++at;
  return at;
}

// toml++ counts columns in code points and does not count a byte order mark.
std::size_t offset_of(std::string_view text, const toml::source_position& position) {
  std::size_t at = byte_order_mark(text);
  for (std::size_t line = 1; line < position.line && at < text.size(); ++line)
    at = std::min(text.find('\n', at), text.size() - 1) + 1;
  for (std::size_t column = 1; column < position.column && at < text.size(); ++column) at = next_character(text, at);
  return at;
}

bool fails_an_assertion(std::string_view text) {
  try {
    static_cast<void>(toml::parse(text));
    return false;
  } catch (const toml::parse_error&) {
    return false;
  } catch (const TomlAssertion&) {
    return true;
  }
}

// Where toml++ meets what it took for granted: the end of the shortest text in which it does.
std::size_t assertion_offset(std::string_view text) {
  std::size_t good = 0, bad = text.size();
  while (good + 1 < bad) {
    const std::size_t middle = (good + bad) / 2;
    if (fails_an_assertion(text.substr(0, middle)))
      bad = middle;
    else
      good = middle;
  }
  return good;
}

// "Error while parsing key: expected '=', saw 'x'" as we say it.
std::string reworded(std::string_view description) {
  constexpr std::string_view preamble = "Error while parsing ";
  if (description.starts_with(preamble)) description.remove_prefix(preamble.size());
  return fmt::format("parse {}", description);
}

const toml::node* find(const toml::table& root, const Key& key) {
  const toml::node* node = &root;
  for (const std::string& part : key) {
    const toml::table* table = node->as_table();
    node = table ? table->get(part) : nullptr;
    if (!node) return nullptr;
  }
  return node;
}

TomlValue::Kind kind_of(const toml::node& node) {
  using Kind = TomlValue::Kind;
  switch (node.type()) {
    case toml::node_type::table: return Kind::table;
    case toml::node_type::array: return Kind::array;
    case toml::node_type::string: return Kind::string;
    case toml::node_type::integer: return Kind::integer;
    case toml::node_type::floating_point: return Kind::floating;
    case toml::node_type::boolean: return Kind::boolean;
    default: return Kind::date_time;
  }
}

std::vector<std::string> strings_of(const toml::array& array) {
  std::vector<std::string> result;
  for (const toml::node& element : array)
    if (const auto* string = element.as_string()) result.push_back(string->get());
  return result;
}

// The part of key that is there: all of it, or as far as the last table above it or what is in the way.
Key found_part(const toml::table& root, const Key& key) {
  Key result;
  while (result.size() < key.size() && find(root, result / key[result.size()])) result.push_back(key[result.size()]);
  return result;
}

// The table that holds the last part of key, made where it is missing; nothing when something else is in the way.
toml::table* table_above(toml::table& root, const Key& key) {
  toml::table* table = &root;
  for (std::size_t i = 0; table && i + 1 < key.size(); ++i) {
    if (!table->contains(key[i])) table->insert(key[i], toml::table());
    table = table->get(key[i])->as_table();
  }
  return table;
}

// Tables on the way to key that were only there for what was removed, and are gone with it.
void erase_vanished(toml::table& intended, const toml::table& edited, Key key) {
  for (key.pop_back(); !key.empty(); key.pop_back()) {
    const toml::node* node = find(intended, key);
    if (!node || !node->is_table() || !node->as_table()->empty() || find(edited, key)) return;
    table_above(intended, key)->erase(key.back());
  }
}

}  // namespace

TomlText::TomlText(std::string name, std::string content) : name_(std::move(name)), content_(std::move(content)) {
  if (const std::size_t valid = valid_prefix(content_); valid < content_.size())
    throw error_at(valid, "parse: this is not UTF-8");
  const TomlLayout layout = toml_layout(content_);
  if (layout.too_deep)
    throw error_at(*layout.too_deep, fmt::format("parse value: nested deeper than {} levels", max_toml_depth));
  try {
    document_ = std::make_shared<const Document>(Document{toml::parse(std::string_view(content_))});
  } catch (const toml::parse_error& error) {
    throw error_at(offset_of(content_, error.source().begin), reworded(error.description()));
  } catch (const TomlAssertion&) {
    throw error_at(assertion_offset(content_), "parse: this is not TOML");
  }
}

std::optional<TomlValue> TomlText::value(const Key& key) const {
  const toml::node* node = find(document_->root, key);
  if (!node) return std::nullopt;
  TomlValue result{};
  result.kind = kind_of(*node);
  result.offset = offset_of(content_, node->source().begin);
  if (const auto* string = node->as_string()) result.string = string->get();
  if (const auto* integer = node->as_integer()) result.integer = integer->get();
  if (const auto* boolean = node->as_boolean()) result.boolean = boolean->get();
  if (const auto* array = node->as_array()) {
    result.strings = strings_of(*array);
    result.all_strings = result.strings.size() == array->size();
  }
  return result;
}

std::vector<std::string> TomlText::names(const Key& table) const {
  const toml::node* node = find(document_->root, table);
  if (!node || !node->is_table()) return {};
  std::vector<std::pair<std::size_t, std::string>> places;
  for (const auto& [key, value] : *node->as_table())
    places.emplace_back(offset_of(content_, key.source().begin), std::string(key.str()));
  std::ranges::sort(places);
  std::vector<std::string> result;
  for (auto& place : places) result.push_back(std::move(place.second));
  return result;
}

std::optional<std::string> TomlText::spelling(const Key& key) const {
  for (const TomlStatement& statement : toml_layout(content_).statements)
    if (statement.value_end > statement.value && !statement.in_array && statement.key == key)
      return content_.substr(statement.value, statement.value_end - statement.value);
  return std::nullopt;
}

void TomlText::set(const Key& key, std::string_view value) {
  const toml::node* present = find(document_->root, key);
  if (present && present->is_table()) throw refusal(key, "a table is in its place");
  Document intended = *document_;
  toml::table* table = table_above(intended.root, key);
  if (!table) throw refusal(found_part(document_->root, key), "a table is expected here");
  const TomlText assignment("value", fmt::format("value = {}", value));
  assignment.document_->root.get("value")->visit([&](const auto& node) { table->insert_or_assign(key.back(), node); });
  edit(edits_to_set(content_, key, value), key, std::move(intended), fmt::format("set to {}", value));
}

void TomlText::remove(const Key& key) {
  if (!find(document_->root, key)) return;
  Document intended = *document_;
  table_above(intended.root, key)->erase(key.back());
  edit(edits_to_remove(content_, key), key, std::move(intended), "remove");
}

void TomlText::copy_table(const Key& table, std::string_view name) {
  Document intended = *document_;
  const toml::node* source = find(intended.root, table);
  if (!source || !source->is_table()) throw refusal(table, "a table is expected here");
  table_above(intended.root, table)->insert_or_assign(name, toml::table(*source->as_table()));
  edit(edits_to_copy(content_, table, name), table, std::move(intended), fmt::format("copy to {}", name));
}

// The proof: the edited text says what was intended, and nothing else.
void TomlText::edit(const std::vector<Edit>& edits, const Key& key, Document intended, std::string_view doing) {
  const Error impossible = refusal(key, fmt::format("{}: this cannot be done without changing something else", doing));
  std::optional<TomlText> edited;
  try {
    edited.emplace(name_, ::apply(content_, edits));  // not std::apply
  } catch (const Error&) {
    throw impossible;
  }
  erase_vanished(intended.root, edited->document_->root, key);
  if (!(edited->document_->root == intended.root)) throw impossible;
  *this = std::move(*edited);
}

Error TomlText::refusal(const Key& key, std::string_view why) const {
  const std::size_t offset =
      offset_of(content_, find(document_->root, found_part(document_->root, key))->source().begin);
  return error_at(offset, fmt::format("{}: {}", spelled(key), why));
}

Error TomlText::error_at(std::size_t offset, std::string_view message) const {
  return ::error_at(name_, content_, offset, message);
}
