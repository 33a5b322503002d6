// SPDX-License-Identifier: Apache-2.0
#include "core/text/json_patch.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <span>

namespace {

// RFC 6901: the names on the way, unescaped.
using Pointer = std::vector<std::string>;

std::string unescaped(std::string_view token) {
  std::string result;
  for (std::size_t at = 0; at < token.size(); ++at) {
    const std::string_view escape = token.substr(at, 2);
    if (token[at] == '~' && escape != "~0" && escape != "~1")
      throw error("{} has a ~ that is neither ~0 nor ~1", json_quoted(token));
    result += token[at] != '~' ? token[at] : escape == "~0" ? '~' : '/';
    if (token[at] == '~') ++at;
  }
  return result;
}

Pointer pointer(std::string_view text) {
  if (!text.empty() && !text.starts_with('/')) throw error("{} does not begin with /", json_quoted(text));
  Pointer result;
  while (!text.empty()) {
    text.remove_prefix(1);
    const std::string_view token = text.substr(0, text.find('/'));
    result.push_back(unescaped(token));
    text.remove_prefix(token.size());
  }
  return result;
}

// Of an element: digits without a zero before them.
std::optional<std::size_t> index(std::string_view token) {
  std::size_t result = 0;
  const auto [end, failure] = std::from_chars(token.data(), token.data() + token.size(), result);
  const bool is_index = failure == std::errc() && end == token.data() + token.size();
  return is_index && (token.size() == 1 || token.front() != '0') ? std::optional(result) : std::nullopt;
}

JsonNode* child(JsonNode& parent, std::string_view token) {
  if (parent.kind == JsonKind::object) return parent.member(token);
  const std::optional<std::size_t> at = parent.kind == JsonKind::array ? index(token) : std::nullopt;
  return at && *at < parent.children.size() ? &parent.children[*at] : nullptr;
}

JsonNode& existing(JsonNode& document, std::span<const std::string> path) {
  JsonNode* node = &document;
  for (const std::string& token : path)
    if (node = child(*node, token); node == nullptr) throw Error("there is no such place");
  return *node;
}

void set_value(JsonNode& place, JsonNode value) {
  value.name = std::move(place.name);
  place = std::move(value);
}

void add_element(JsonNode& array, const std::string& token, JsonNode value) {
  const std::optional<std::size_t> at = token == "-" ? array.children.size() : index(token);
  if (!at || *at > array.children.size()) throw Error("there is no such place");
  value.name.clear();
  array.children.insert(array.children.begin() + static_cast<std::ptrdiff_t>(*at), std::move(value));
}

void add(JsonNode& document, const Pointer& path, JsonNode value) {
  if (path.empty()) return set_value(document, std::move(value));
  JsonNode& parent = existing(document, std::span(path).first(path.size() - 1));
  if (!parent.is_container()) throw Error("there is no such place");
  if (parent.kind == JsonKind::array) return add_element(parent, path.back(), std::move(value));
  if (JsonNode* present = parent.member(path.back())) return set_value(*present, std::move(value));
  value.name = path.back();
  parent.children.push_back(std::move(value));
}

JsonNode take(JsonNode& document, const Pointer& path) {
  if (path.empty()) throw Error("the whole document cannot be taken out");
  JsonNode& taken = existing(document, path);
  JsonNode& parent = existing(document, std::span(path).first(path.size() - 1));
  const auto place = parent.children.begin() + (&taken - parent.children.data());
  JsonNode result = std::move(*place);
  parent.children.erase(place);
  return result;
}

// One operation, with its members read.
struct Operation {
  Pointer path, from;
  std::optional<JsonNode> value;
};

void apply_add(JsonNode& document, Operation& operation) { add(document, operation.path, std::move(*operation.value)); }

void apply_remove(JsonNode& document, Operation& operation) { take(document, operation.path); }

void apply_replace(JsonNode& document, Operation& operation) {
  set_value(existing(document, operation.path), std::move(*operation.value));
}

void apply_move(JsonNode& document, Operation& operation) {
  const auto& [path, from, value] = operation;
  if (path == from) return existing(document, from), void();
  if (from.size() < path.size() && std::equal(from.begin(), from.end(), path.begin()))
    throw Error("what is moved cannot go into itself");
  add(document, path, take(document, from));
}

void apply_copy(JsonNode& document, Operation& operation) {
  add(document, operation.path, JsonNode(existing(document, operation.from)));
}

void apply_test(JsonNode& document, Operation& operation) {
  if (!is_same(existing(document, operation.path), *operation.value)) throw Error("another value is there");
}

struct Row {
  std::string_view name;
  bool has_value, has_from;
  void (*apply)(JsonNode& document, Operation& operation);
};

constexpr std::array rows = {
    Row{"add", true, false, apply_add},         Row{"remove", false, false, apply_remove},
    Row{"replace", true, false, apply_replace}, Row{"move", false, true, apply_move},
    Row{"copy", false, true, apply_copy},       Row{"test", true, false, apply_test},
};

std::string text_of(const JsonNode& operation, std::string_view name) {
  const JsonNode* member = operation.member(name);
  if (member == nullptr || member->kind != JsonKind::string) throw error("a string {} is expected", json_quoted(name));
  return json_unquoted(member->spelling);
}

const Row& row_of(std::string_view name) {
  const auto* row = std::ranges::find(rows, name, &Row::name);
  if (row == rows.end()) throw error("there is no operation {}", json_quoted(name));
  return *row;
}

Operation read(const JsonNode& object, const Row& row) {
  Operation result;
  result.path = pointer(text_of(object, "path"));
  if (row.has_from) result.from = pointer(text_of(object, "from"));
  const JsonNode* value = row.has_value ? object.member("value") : nullptr;
  if (row.has_value && value == nullptr) throw Error("a \"value\" is expected");
  if (value != nullptr) result.value = *value;
  return result;
}

void carry_out(JsonNode& document, const JsonNode& object) {
  if (object.kind != JsonKind::object) throw Error("an operation is expected, an object");
  const Row& row = row_of(text_of(object, "op"));
  in_context(fmt::format("{} {}", row.name, text_of(object, "path")), [&] {
    Operation operation = read(object, row);
    row.apply(document, operation);
  });
}

}  // namespace

JsonNode patched(JsonNode document, const JsonText& patch) {
  const JsonNode operations = json_tree(patch);
  for (const JsonNode& operation : operations.children) try {
      carry_out(document, operation);
    } catch (const Error& failure) {
      throw patch.error_at(operation.begin, failure.text);
    }
  return document;
}
