// SPDX-License-Identifier: Apache-2.0
#include "core/text/json_edit.h"

#include <algorithm>

#include "core/text/split.h"

namespace {

using Value = JsonText::Value;
using Member = JsonText::Member;

// How the members of an object are set apart.
struct Blanks {
  std::string before;      // a member
  std::string after;       // the last member
  std::string_view colon;  // with what is around it
};

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

// What stands before the last of these members, and around its colon.
Blanks blanks_of(const JsonText& json, const Value& object, const std::vector<Member>& members) {
  const std::string_view text = json.content();
  const Member& model = members.back();
  const std::size_t gap_begin = members.size() == 1 ? object.begin + 1 : text.rfind(',', model.begin) + 1;
  const std::string_view gap = text.substr(gap_begin, model.begin - gap_begin);
  const std::string_view colon = text.substr(model.name_end, model.value.begin - model.name_end);
  const bool one_line = gap.find('\n') == gap.npos;
  if (one_line || !std::ranges::all_of(gap, is_blank)) return {colon.ends_with(' ') ? " " : "", "", colon};
  return {std::string(gap.substr(gap.starts_with('\r') ? gap.rfind('\r') : gap.rfind('\n'))), "", colon};
}

// An empty object takes after the root, one step further in than the line it begins on.
Blanks blanks_in(const JsonText& json, const Value& object) {
  const std::vector<Member> own = json.members(object);
  if (!own.empty()) return blanks_of(json, object, own);
  const std::vector<Member> outer = json.members(json.root());
  if (outer.empty()) return {"\n    ", "\n", ": "};
  const Blanks root = blanks_of(json, json.root(), outer);
  const std::size_t step = root.before.rfind('\n') + 1;
  if (step == 0) return {"", "", root.colon};
  const std::size_t line = json.content().rfind('\n', object.begin) + 1;
  const std::size_t first = std::min(json.content().find_first_not_of(" \t", line), object.begin);
  const std::string line_break = root.before.substr(0, step) + json.content().substr(line, first - line);
  return {line_break + root.before.substr(step), line_break, root.colon};
}

Edit add(const Value& container, const Value* last, std::string_view items) {
  const std::size_t at = last ? last->end : container.begin + 1;
  return {at, at, fmt::format("{}{}", last ? "," : "", items)};
}

}  // namespace

Edit edit_to_add_members(const JsonText& text, const Value& object, const std::vector<JsonPair>& members) {
  const std::vector<Member> present = text.members(object);
  return add(object, present.empty() ? nullptr : &present.back().value, json_members(members));
}

Edit edit_to_add_elements(const JsonText& text, const Value& array, const std::vector<std::string>& values) {
  const std::vector<Value> present = text.elements(array);
  return add(array, present.empty() ? nullptr : &present.back(), join(values, ","));
}

Edit edit_to_insert(const JsonText& text, const Value& object, const JsonPair& member) {
  const std::vector<Member> present = text.members(object);
  const Blanks blanks = blanks_in(text, object);
  const std::string item = fmt::format("{}{}{}{}", blanks.before, json_quoted(member.name), blanks.colon, member.value);
  if (present.empty()) return {object.begin + 1, object.end - 1, item + blanks.after};
  const std::size_t end = present.back().value.end;
  return {end, end, ',' + item};
}

Edit edit_to_remove(const JsonText& text, const Value& object, std::string_view name) {
  const std::vector<Member> present = text.members(object);
  const auto member = std::ranges::find(present, name, &Member::name);
  if (member == present.end()) return {object.end, object.end, ""};
  if (present.size() == 1) return {object.begin + 1, object.end - 1, ""};
  if (member + 1 == present.end()) return {(member - 1)->value.end, member->value.end, ""};
  return {member->begin, (member + 1)->begin, ""};
}
