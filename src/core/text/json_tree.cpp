// SPDX-License-Identifier: Apache-2.0
#include "core/text/json_tree.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <set>

#include "core/text/json.h"

namespace {

// Reads a text that was found valid; what is open is a stack, since nesting can be deeper than ours.
class TreeReader {
 public:
  explicit TreeReader(const JsonText& text) : text_(text), content_(text.content()) {}

  JsonNode read() {
    at_ = text_.root().begin;
    do {
      skip_to_token();
      content_[at_] == '}' || content_[at_] == ']' ? close() : open_or_add();
    } while (!open_.empty());
    return std::move(root_);
  }

 private:
  void skip_to_token() { at_ = content_.find_first_not_of(" \t\r\n,:", at_); }

  std::size_t string_end() const {
    std::size_t at = at_ + 1;
    while (content_[at] != '"') at += content_[at] == '\\' ? 2 : 1;
    return at + 1;
  }

  std::string_view take_scalar() {
    const std::size_t begin = at_;
    at_ = content_[at_] == '"' ? string_end() : std::min(content_.find_first_of(" \t\r\n,]}", at_), content_.size());
    return content_.substr(begin, at_ - begin);
  }

  JsonNode value() {
    JsonNode node;
    node.begin = node.value_begin = at_;
    const char first = content_[at_];
    if (first == '{' || first == '[') {
      node.kind = first == '{' ? JsonKind::object : JsonKind::array;
      ++at_;
      return node;
    }
    node.kind = first == '"'                   ? JsonKind::string
                : first == 'n'                 ? JsonKind::null
                : first == 't' || first == 'f' ? JsonKind::boolean
                                               : JsonKind::number;
    node.spelling = take_scalar();
    node.end = at_;
    return node;
  }

  void open_or_add() {
    JsonNode node;
    if (!open_.empty() && open_.back()->kind == JsonKind::object) {
      const std::size_t begin = at_;
      const std::string name = json_unquoted(take_scalar());
      skip_to_token();
      node = value();
      node.name = name;
      node.begin = begin;
    } else {
      node = value();
    }
    JsonNode& added = open_.empty() ? root_ : open_.back()->children.emplace_back();
    added = std::move(node);
    if (added.is_container()) open_.push_back(&added);
  }

  // No child is added to a node below the one that is open, so that what is on the stack stays where it is.
  void close() {
    JsonNode& closed = *open_.back();
    closed.end = ++at_;
    open_.pop_back();
    if (closed.kind == JsonKind::object) require_own_names(closed);
  }

  void require_own_names(const JsonNode& object) const {
    std::set<std::string_view> names;
    for (const JsonNode& member : object.children)
      if (!names.insert(member.name).second)
        throw text_.error_at(member.begin, fmt::format("{} is here a second time", json_quoted(member.name)));
  }

  const JsonText& text_;
  std::string_view content_;
  std::size_t at_ = 0;
  JsonNode root_;
  std::vector<JsonNode*> open_;
};

// Nothing for what is beyond a double. Without a call of setlocale(3), strtod(3) reads JSON's numbers.
std::optional<double> double_of(std::string_view spelling) {
  const double value = strtod(std::string(spelling).c_str(), nullptr);
  return std::isfinite(value) ? std::optional(value) : std::nullopt;
}

// What is beyond a double is the same when it is spelled alike.
bool is_same_number(std::string_view a, std::string_view b) {
  if (a == b) return true;
  const auto x = double_of(a), y = double_of(b);
  return x && y && *x == *y;
}

bool is_same_string(std::string_view a, std::string_view b) {
  return a == b || ((a.find('\\') != a.npos || b.find('\\') != b.npos) && json_unquoted(a) == json_unquoted(b));
}

bool has_same_members(const JsonNode& a, const JsonNode& b) {
  std::vector<const JsonNode*> others;
  for (const JsonNode& member : b.children) others.push_back(&member);
  std::ranges::sort(others, {}, &JsonNode::name);
  return std::ranges::all_of(a.children, [&](const JsonNode& member) {
    const auto found = std::ranges::lower_bound(others, member.name, {}, &JsonNode::name);
    return found != others.end() && (*found)->name == member.name && is_same(member, **found);
  });
}

std::string joined(const JsonNode& node, const std::vector<std::string>& children) {
  const bool is_object = node.kind == JsonKind::object;
  std::string result(is_object ? "{" : "[");
  for (const std::string& child : children) result += (result.size() > 1 ? "," : "") + child;
  return result + (is_object ? '}' : ']');
}

// A number by its bits, the two zeros alike.
std::string scalar_key(const JsonNode& node) {
  if (node.kind == JsonKind::string) return json_quoted(json_unquoted(node.spelling));
  const std::optional<double> number = node.kind == JsonKind::number ? double_of(node.spelling) : std::nullopt;
  return number ? fmt::format("{:x}", std::bit_cast<std::uint64_t>(*number + 0.0)) : std::string(node.spelling);
}

}  // namespace

const JsonNode* JsonNode::member(std::string_view member_name) const {
  const auto found = std::ranges::find(children, member_name, &JsonNode::name);
  return kind != JsonKind::object || found == children.end() ? nullptr : &*found;
}

JsonNode* JsonNode::member(std::string_view member_name) {
  return const_cast<JsonNode*>(static_cast<const JsonNode*>(this)->member(member_name));
}

JsonNode json_tree(const JsonText& text) { return TreeReader(text).read(); }

std::string to_json(const JsonNode& node) {
  if (!node.is_container()) return std::string(node.spelling);
  std::vector<std::string> children;
  for (const JsonNode& child : node.children)
    children.push_back(node.kind == JsonKind::object ? json_quoted(child.name) + ':' + to_json(child) : to_json(child));
  return joined(node, children);
}

bool is_same(const JsonNode& a, const JsonNode& b) {
  if (a.kind != b.kind || a.children.size() != b.children.size()) return false;
  switch (a.kind) {
    case JsonKind::number: return is_same_number(a.spelling, b.spelling);
    case JsonKind::string: return is_same_string(a.spelling, b.spelling);
    case JsonKind::array: return std::ranges::equal(a.children, b.children, is_same);
    case JsonKind::object: return has_same_members(a, b);
    default: return a.spelling == b.spelling;
  }
}

std::string key_of(const JsonNode& node) {
  if (!node.is_container()) return scalar_key(node);
  std::vector<std::string> children;
  for (const JsonNode& child : node.children)
    children.push_back(node.kind == JsonKind::object ? json_quoted(child.name) + ':' + key_of(child) : key_of(child));
  if (node.kind == JsonKind::object) std::ranges::sort(children);
  return joined(node, children);
}
