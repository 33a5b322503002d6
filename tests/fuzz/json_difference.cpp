// Fuzz target: the edits that make a JSON text, the first line, say what another one says, or what a JSON Patch makes of it.
//
// Oracle: a second JSON reader, and an implementation of RFC 6902 on its trees, see in the edited text what was wanted; what
// is outside of the edits is what it was; edits are in order; and where nothing differs there is none.
//
// SPDX-License-Identifier: Apache-2.0
#include "core/text/json_difference.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include "core/text/json_patch.h"
#include "json_reader.h"
#include "oracle.h"

namespace {

using Kind = Json::Kind;

bool is_same_number(const std::string& a, const std::string& b) {
  const double x = std::strtod(a.c_str(), nullptr), y = std::strtod(b.c_str(), nullptr);
  return a == b || (x == y && !std::isinf(x));
}

bool same(const Json& a, const Json& b) {
  if (a.kind != b.kind || a.items.size() != b.items.size()) return false;
  if (a.kind == Kind::number) return is_same_number(a.text, b.text);
  if (a.kind == Kind::array) return std::equal(a.items.begin(), a.items.end(), b.items.begin(), same);
  if (a.kind != Kind::object) return a.text == b.text;
  return std::ranges::all_of(a.items, [&](const Json& item) {
    return std::ranges::any_of(b.items,
                               [&](const Json& other) { return item.name == other.name && same(item, other); });
  });
}

bool has_own_names(const Json& json) {
  for (std::size_t i = 0; i < json.items.size(); ++i) {
    if (!has_own_names(json.items[i])) return false;
    if (json.kind == Kind::object)
      for (std::size_t k = 0; k < i; ++k)
        if (json.items[k].name == json.items[i].name) return false;
  }
  return true;
}

// RFC 6901; nothing for what is no pointer.
std::optional<std::vector<std::string>> tokens_of(std::string_view pointer) {
  std::vector<std::string> result;
  if (!pointer.empty() && pointer.front() != '/') return std::nullopt;
  for (std::size_t i = 0; i < pointer.size(); ++i) {
    if (pointer[i] == '/') {
      result.emplace_back();
    } else if (pointer[i] != '~') {
      result.back() += pointer[i];
    } else {
      ++i;
      if (i >= pointer.size() || (pointer[i] != '0' && pointer[i] != '1')) return std::nullopt;
      result.back() += pointer[i] == '0' ? '~' : '/';
    }
  }
  return result;
}

// The place of a child; items.size() where there is none.
std::size_t place_of(const Json& parent, const std::string& token) {
  const std::size_t none = parent.items.size();
  if (parent.kind == Kind::object)
    return static_cast<std::size_t>(std::ranges::find(parent.items, token, &Json::name) - parent.items.begin());
  if (parent.kind != Kind::array || token.empty() || token.size() > 9 || (token.size() > 1 && token[0] == '0'))
    return none;
  if (token.find_first_not_of("0123456789") != token.npos) return none;
  return std::min(static_cast<std::size_t>(std::stoul(token)), none);
}

Json* find(Json& json, const std::vector<std::string>& tokens, std::size_t depth) {
  Json* at = &json;
  for (std::size_t i = 0; i < depth; ++i) {
    const std::size_t place = place_of(*at, tokens[i]);
    if (place == at->items.size()) return nullptr;
    at = &at->items[place];
  }
  return at;
}

bool put(Json& json, const std::vector<std::string>& tokens, Json value) {
  if (tokens.empty()) return json = value, true;
  Json* parent = find(json, tokens, tokens.size() - 1);
  if (!parent || (parent->kind != Kind::object && parent->kind != Kind::array)) return false;
  const std::string& last = tokens.back();
  const std::size_t place = place_of(*parent, last);
  value.name = parent->kind == Kind::object ? last : "";
  if (parent->kind == Kind::object && place < parent->items.size()) return parent->items[place] = value, true;
  const bool is_end = parent->kind == Kind::object || last == "-" || last == std::to_string(parent->items.size());
  if (!is_end && place == parent->items.size()) return false;
  parent->items.insert(parent->items.begin() + static_cast<std::ptrdiff_t>(place), value);
  return true;
}

bool drop(Json& json, const std::vector<std::string>& tokens) {
  Json* parent = tokens.empty() ? nullptr : find(json, tokens, tokens.size() - 1);
  if (!parent) return false;
  const std::size_t place = place_of(*parent, tokens.back());
  if (place == parent->items.size()) return false;
  parent->items.erase(parent->items.begin() + static_cast<std::ptrdiff_t>(place));
  return true;
}

const Json* member(const Json& object, std::string_view name) {
  const auto found = std::ranges::find(object.items, name, &Json::name);
  return object.kind != Kind::object || found == object.items.end() ? nullptr : &*found;
}

// The string of that member.
std::optional<std::string> word(const Json& object, std::string_view name) {
  const Json* found = member(object, name);
  return found && found->kind == Kind::string ? std::optional(found->text) : std::nullopt;
}

bool is_above(const std::vector<std::string>& a, const std::vector<std::string>& b) {
  return a.size() < b.size() && std::equal(a.begin(), a.end(), b.begin());
}

bool carry_out(Json& json, const Json& operation) {
  const auto op = word(operation, "op"), pointer = word(operation, "path"), origin = word(operation, "from");
  const auto path = pointer ? tokens_of(*pointer) : std::nullopt, from = origin ? tokens_of(*origin) : std::nullopt;
  const Json* value = member(operation, "value");
  if (!op || !path) return false;
  Json* there = find(json, *path, path->size());
  if (*op == "add") return value && put(json, *path, *value);
  if (*op == "remove") return drop(json, *path);
  if (*op == "test") return value && there && same(*there, *value);
  if (*op == "replace") {
    if (!value || !there) return false;
    const std::string name = there->name;
    *there = *value;
    there->name = name;
    return true;
  }
  Json* source = from && (*op == "copy" || *op == "move") ? find(json, *from, from->size()) : nullptr;
  if (!source || (*op == "move" && is_above(*from, *path))) return false;
  if (*op == "move" && *from == *path) return true;
  const Json moved = *source;
  if (*op == "move" && !drop(json, *from)) return false;
  return put(json, *path, moved);
}

// What a program that applies the patch sees; nothing where it fails.
std::optional<Json> patched_again(Json json, const Json& patch) {
  for (const Json& operation : patch.items)
    if (!carry_out(json, operation)) return std::nullopt;
  return json;
}

void check_edits(const JsonText& text, const JsonNode& wanted, const Json& expected) {
  const std::vector<Edit> edits = json_difference(text, wanted);
  std::size_t end = 0;
  for (const Edit& edit : edits) {
    if (edit.begin < end || edit.end < edit.begin) broken("edits are in order");
    end = edit.end;
  }
  if (end > text.content().size()) broken("edits are in the text");
  const std::string after = ::apply(text.content(), edits);
  const JsonAnswer answer = read_json(after, Grammar::strict);
  if (answer.verdict == JsonAnswer::Verdict::unclear) return;
  if (answer.verdict == JsonAnswer::Verdict::invalid) broken("the edited text is JSON: {}", after);
  if (!same(answer.root, expected)) broken("the edited text says what was wanted: {}", after);
  if (!json_difference(JsonText("after", after), wanted).empty()) broken("then nothing differs: {}", after);
}

void check_patch(const JsonText& text, const JsonText& patch, const Json& before, const Json& operations) {
  const std::optional<Json> expected = patched_again(before, operations);
  try {
    const JsonNode result = patched(json_tree(text), patch);
    if (!expected) broken("a patch that cannot be applied fails: {}", to_json(result));
    check_edits(text, result, *expected);
  } catch (const Error& error) {
    if (expected) broken("a patch that can be applied is: {}", error.text);
    expect_place(error, "patch");
  }
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string input = text_of(data, size);
  const std::size_t line = std::min(input.find('\n'), input.size());
  const std::string first = input.substr(0, line), rest = input.substr(std::min(line + 1, input.size()));
  const JsonAnswer before = read_json(first, Grammar::strict), wanted = read_json(rest, Grammar::strict);
  if (before.verdict != JsonAnswer::Verdict::valid || wanted.verdict != JsonAnswer::Verdict::valid) return 0;
  if (!has_own_names(before.root) || !has_own_names(wanted.root)) return 0;
  const JsonText text("before", first), other("wanted", rest), patch("patch", rest);
  check_edits(text, json_tree(other), wanted.root);
  if (wanted.root.kind == Kind::array) check_patch(text, patch, before.root, wanted.root);
  return 0;
}
