// Fuzz target: the splice into a spec.
//
// Oracle: a second JSON reader sees, after the splice, the document it saw
// before plus the hooks, each after those that were there; nothing but `null`
// is ever taken away; and a spec is refused for the reasons that spec.h gives, and
// for no other.
//
// SPDX-License-Identifier: Apache-2.0
#include "core/oci/spec.h"

#include <algorithm>
#include <array>

#include "json_reader.h"
#include "oracle.h"

namespace {

using Kind = Json::Kind;
using Verdict = JsonAnswer::Verdict;

constexpr std::string_view file = "config.json";

// As Go's encoding/json folds: ASCII letters, the long s and the Kelvin sign.
std::string folded(std::string_view name) {
  std::string result;
  for (std::size_t i = 0; i < name.size(); ++i) {
    if (name.substr(i).starts_with("\u017F"))
      result += 's', i += 1;
    else if (name.substr(i).starts_with("\u212A"))
      result += 'k', i += 2;
    else
      result += name[i] >= 'A' && name[i] <= 'Z' ? static_cast<char>(name[i] + 32) : name[i];
  }
  return result;
}

// Whether object has at most one member of that name, and none that differs only in case.
bool is_unambiguous(const Json& object, std::string_view name) {
  const auto same = [&](const Json& member) { return folded(member.name) == folded(name); };
  const auto found = std::ranges::find_if(object.items, same);
  return found == object.items.end() || (found->name == name && std::none_of(found + 1, object.items.end(), same));
}

Json* member(Json& object, std::string_view name) {
  const auto found = std::ranges::find(object.items, name, &Json::name);
  return found == object.items.end() ? nullptr : &*found;
}

bool is_spec(Json root) {
  if (root.kind != Kind::object || !is_unambiguous(root, "hooks")) return false;
  Json* hooks = member(root, "hooks");
  if (!hooks || hooks->is_null()) return true;
  return hooks->kind == Kind::object && std::ranges::all_of(spec_stage_names, [&](std::string_view name) {
           const Json* stage = member(*hooks, name);
           return is_unambiguous(*hooks, name) && (!stage || stage->is_null() || stage->kind == Kind::array);
         });
}

Json array_of(const std::vector<std::string>& strings, std::string_view name) {
  Json result{Kind::array, {}, std::string(name), {}};
  for (const std::string& string : strings) result.items.push_back({Kind::string, string, {}, {}});
  return result;
}

Json json_of(const Hook& hook) {
  Json result{Kind::object, {}, {}, {{Kind::string, hook.path, "path", {}}}};
  if (hook.args) result.items.push_back(array_of(*hook.args, "args"));
  if (hook.env) result.items.push_back(array_of(*hook.env, "env"));
  if (hook.timeout) result.items.push_back({Kind::number, std::to_string(*hook.timeout), "timeout", {}});
  return result;
}

// The member of that name, made at the end where it is missing, and of that kind where it is null.
Json& made(Json& object, std::string_view name, Kind kind) {
  if (!member(object, name)) object.items.push_back({kind, {}, std::string(name), {}});
  Json& result = *member(object, name);
  if (result.is_null()) result = {kind, {}, std::string(name), {}};
  return result;
}

Json with_hooks(Json root, const HooksByStage& added) {
  for (std::size_t i = 0; i < spec_stage_names.size(); ++i)
    for (const Hook& hook : added[spec_stages[i]])
      made(made(root, "hooks", Kind::object), spec_stage_names[i], Kind::array).items.push_back(json_of(hook));
  return root;
}

HooksByStage marker_only() {
  HooksByStage hooks;
  hooks[Stage::prestart].push_back({"/usr/bin/container-hooks", {}, {}, {}});
  return hooks;
}

HooksByStage everywhere() {
  HooksByStage hooks = marker_only();
  for (std::size_t i = 0; i < spec_stage_names.size(); ++i)
    hooks[spec_stages[i]].push_back({"/a \"b\\\n\xC3\xBC", {{"", "}]"}}, {{"A=\t"}}, 7});
  hooks[Stage::poststop].push_back({"/second", {}, {{}}, {}});
  return hooks;
}

void expect_only_insertions(std::string_view text, const std::vector<Edit>& edits) {
  std::size_t at = 0;
  for (const Edit& edit : edits) {
    if (edit.begin < at || edit.end < edit.begin || edit.end > text.size())
      broken("edits are sorted and inside the text");
    const std::string_view taken = text.substr(edit.begin, edit.end - edit.begin);
    if (!taken.empty() && taken != "null") broken("nothing but null is taken away: {}", taken);
    at = edit.end;
  }
}

void splice(const Spec& spec, const Json& before, const HooksByStage& hooks) {
  const std::vector<Edit> edits = spec.edits_adding(hooks);
  if (hooks.count() == 0 && !edits.empty()) broken("no hooks, no edits");
  expect_only_insertions(spec.content(), edits);
  const std::string after = ::apply(spec.content(), edits);
  const JsonAnswer answer = read_json(after, Grammar::strict);
  if (answer.verdict != Verdict::valid) broken("a spliced spec is JSON: {}", after);
  if (answer.root != with_hooks(before, hooks)) broken("a spliced spec is the old one and the hooks: {}", after);
  if (hooks.count() > 0 && !Spec(std::string(file), after).has_marker()) broken("the marker is seen again: {}", after);
}

std::string_view base_name(std::string_view path) { return path.substr(path.rfind('/') + 1); }

bool all_strings(const Json* array) {
  return array && array->kind == Kind::array &&
         std::ranges::all_of(array->items, [](const Json& item) { return item.kind == Kind::string; });
}

// Only of an entry that is a hook; what counts in another one is nobody's business.
std::optional<bool> is_marker(Json entry) {
  const Json* path = member(entry, "path");
  const Json* args = member(entry, "args");
  const auto count = [&](std::string_view name) { return std::ranges::count(entry.items, name, &Json::name); };
  if (!path || path->kind != Kind::string || count("path") > 1 || count("args") > 1) return std::nullopt;
  if (args && !all_strings(args)) return std::nullopt;
  return base_name(path->text) == "container-hooks";
}

// Of all stages; by its args alone an entry is one only where this very program is its path.
void compare_marker(const Spec& spec, Json root) {
  Json* hooks = member(root, "hooks");
  bool expected = false;
  for (const std::string_view name : spec_stage_names) {
    const Json* stage = hooks ? member(*hooks, name) : nullptr;
    for (const Json& entry : stage ? stage->items : std::vector<Json>()) {
      const auto answer = is_marker(entry);
      if (!answer) return;
      expected = expected || *answer;
    }
  }
  if (spec.has_marker() != expected) broken("a marker is seen where there is one: {}", spec.content());
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text = text_of(data, size);
  const JsonAnswer before = read_json(text, Grammar::strict);
  const bool expected = before.verdict == Verdict::valid && is_spec(before.root);
  try {
    const Spec spec(std::string(file), text);
    if (!expected && before.verdict != Verdict::unclear) broken("what is no spec is refused: {}", text);
    if (before.verdict != Verdict::valid) return 0;
    for (const HooksByStage& hooks : {HooksByStage(), marker_only(), everywhere()}) splice(spec, before.root, hooks);
    compare_marker(spec, before.root);
  } catch (const Error& error) {
    expect_place(error, file);
    if (expected) broken("a spec is accepted: {}", error.text);
  }
  return 0;
}
