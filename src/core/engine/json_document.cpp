// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "core/engine/document.h"
#include "core/error.h"
#include "core/text/json_edit.h"
#include "core/text/letter_case.h"
#include "core/text/split.h"
#include "core/text/utf8.h"

namespace {

constexpr std::string_view blanks = " \t\r\n";

class JsonDocument : public Document {
 public:
  JsonDocument(const std::string& name, const std::string& content)
      : name_(name), text_(name, content.find_first_not_of(blanks) == content.npos ? "{}\n" : content) {
    require(text_.root(), JsonText::Kind::object);
    if (const std::size_t valid = valid_prefix(content); valid < content.size())
      throw text_.error_at(valid, "this is not UTF-8");
  }

  const std::string& content() const override { return text_.content(); }
  bool contains(const Key& key) const override { return find(key).has_value(); }
  Kind kind(const Key& key) const override {
    JsonText::Value value = text_.root();
    if (!key.empty() && other_case_of(key.front())) return Kind::other;
    for (const std::string& part : key) {
      if (value.kind != JsonText::Kind::object) return Kind::missing;
      const std::vector<JsonText::Member> members = text_.members(value);
      const auto found = std::ranges::find(members, part, &JsonText::Member::name);
      if (found == members.end()) return Kind::missing;
      if (std::ranges::count(members, part, &JsonText::Member::name) > 1) return Kind::other;
      value = found->value;
    }
    return value.kind == JsonText::Kind::string   ? Kind::string
           : value.kind == JsonText::Kind::object ? Kind::table
                                                  : Kind::other;
  }
  Error error_at(const Key& key, std::string_view message) const override {
    const auto value = find(key);
    return value ? text_.error_at(value->begin, message) : error("{}: {}", name_, message);
  }
  std::optional<std::string> string(const Key& key) const override {
    const auto value = find(key);
    if (!value) return std::nullopt;
    return text_.string(require(*value, JsonText::Kind::string));
  }
  std::optional<std::int64_t> integer(const Key&) const override { return std::nullopt; }
  std::vector<std::string> strings(const Key&) const override { return {}; }
  std::vector<std::string> names(const Key& table) const override {
    const auto value = find(table);
    std::vector<std::string> result;
    if (value)
      for (JsonText::Member& member : text_.members(require(*value, JsonText::Kind::object)))
        result.push_back(std::move(member.name));
    return result;
  }
  std::optional<std::string> spelling(const Key& key) const override {
    const auto value = find(key);
    if (!value) return std::nullopt;
    return std::string(text_.spelling(*value));
  }
  std::string quoted(std::string_view text) const override { return json_quoted(text); }

  void set(const Key& key, std::string_view value) override {
    JsonDocument edited = *this;
    while (!edited.find(key)) edited.text_ = edited.with_next_table(key);
    const JsonText::Value old = *edited.find(key);
    edited.text_ = edited.with({old.begin, old.end, std::string(value)});
    accept(std::move(edited), key);
  }
  void remove(const Key& key) override {
    if (!contains(key)) return;
    JsonDocument edited = *this;
    edited.text_ = with(edit_to_remove(text_, *find({key.begin(), key.end() - 1}), key.back()));
    accept(std::move(edited), key);
  }
  void copy_table(const Key& table, std::string_view name) override {
    Key copy = table;
    copy.back() = name;
    set(copy, *spelling(table));
  }
  bool is_empty_but_for(const std::vector<std::string>& names) const override {
    return std::ranges::all_of(text_.members(text_.root()), [&](const JsonText::Member& member) {
      return std::ranges::count(names, member.name) > 0 && member.value.kind == JsonText::Kind::object &&
             text_.members(member.value).empty();
    });
  }

 private:
  const JsonText::Value& require(const JsonText::Value& value, JsonText::Kind kind) const {
    if (value.kind == kind) return value;
    throw text_.error_at(value.begin,
                         fmt::format("{} is expected here, not {}", with_article(kind), with_article(value.kind)));
  }
  std::optional<JsonText::Value> find(const Key& key) const {
    JsonText::Value value = text_.root();
    if (!key.empty()) refuse_other_case(key.front());
    for (const std::string& part : key) {
      const auto member = text_.member(require(value, JsonText::Kind::object), part);
      if (!member) return std::nullopt;
      value = member->value;
    }
    return value;
  }
  // Docker, written in Go, takes names in any case for the same, but not those of the runtimes below.
  std::optional<JsonText::Member> other_case_of(std::string_view name) const {
    std::optional<JsonText::Member> result;
    text_.visit_members(text_.root(), [&](const JsonText::Member& member) {
      if (!result && member.name != name && same_but_for_case(member.name, name)) result = member;
    });
    return result;
  }
  void refuse_other_case(std::string_view name) const {
    if (const auto member = other_case_of(name))
      throw text_.error_at(member->begin, fmt::format("{} is not {}, but some would take it for that",
                                                      json_quoted(member->name), json_quoted(name)));
  }
  JsonText with(const Edit& edit) const { return {name_, ::apply(content(), {edit})}; }
  // The text with an empty table for the first part of the key that is missing.
  JsonText with_next_table(const Key& key) const {
    Key table;
    while (contains(table / key[table.size()])) table.push_back(key[table.size()]);
    return with(edit_to_insert(text_, *find(table), {key[table.size()], "{}"}));
  }
  // The proof: on the way to the key, what stands beside it is what stood there.
  void accept(JsonDocument edited, const Key& key) {
    for (Key table = key; !table.empty();) {
      const std::string name = std::move(table.back());
      table.pop_back();
      if (neighbours(table, name) != edited.neighbours(table, name))
        throw error("{}: set or remove {}: this cannot be done without changing something else", name_, join(key, "."));
    }
    text_ = std::move(edited.text_);
  }
  std::vector<std::pair<std::string, std::string>> neighbours(const Key& table, std::string_view name) const {
    std::vector<std::pair<std::string, std::string>> result;
    if (const auto value = find(table))
      for (JsonText::Member& member : text_.members(*value))
        if (member.name != name) result.emplace_back(std::move(member.name), text_.spelling(member.value));
    return result;
  }

  std::string name_;
  JsonText text_;
};

}  // namespace

std::unique_ptr<Document> json_document(const std::string& name, const std::string& content) {
  return std::make_unique<JsonDocument>(name, content);
}
