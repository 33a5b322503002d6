// Fuzz target: hooks.json.
//
// Oracle: a second JSON reader and a second reading of the runtime
// specification agree on whether there is a problem, and on every hook.
//
// SPDX-License-Identifier: Apache-2.0
#include "core/hooks/hooks_json.h"

#include <algorithm>
#include <set>

#include "json_reader.h"
#include "oracle.h"

namespace {

using Kind = Json::Kind;
using Verdict = JsonAnswer::Verdict;

constexpr std::string_view file = "hooks.json";
constexpr std::size_t npos = std::string::npos;

bool has_duplicates(const Json& object) {
  std::set<std::string_view> names;
  return !std::ranges::all_of(object.items, [&](const Json& member) { return names.insert(member.name).second; });
}

std::size_t depth_of(const Json& value) {
  std::size_t deepest = 0;
  for (const Json& item : value.items) deepest = std::max(deepest, depth_of(item));
  return deepest + (value.kind == Kind::array || value.kind == Kind::object);
}

bool is_seconds(const std::string& text) {
  const bool digits = text.find_first_not_of("0123456789") == npos && text.front() != '0';
  return digits && (text.size() < 10 || (text.size() == 10 && text <= "2147483647"));
}

bool is_field(const Json& member) {
  const auto each = [&](auto fits) {
    return member.is_null() || (member.kind == Kind::array && std::ranges::all_of(member.items, [&](const Json& item) {
                                  return item.kind == Kind::string && item.text.find('\0') == npos && fits(item.text);
                                }));
  };
  if (member.name == "path")
    return member.kind == Kind::string && member.text.starts_with('/') && member.text.find('\0') == npos;
  if (member.name == "args") return each([](const std::string&) { return true; });
  if (member.name == "env") return each([](const std::string& text) { return text.find('=', 1) != npos; });
  return member.name == "timeout" && (member.is_null() || (member.kind == Kind::number && is_seconds(member.text)));
}

bool is_hook(const Json& hook) {
  return hook.kind == Kind::object && !has_duplicates(hook) && std::ranges::all_of(hook.items, is_field) &&
         std::ranges::count(hook.items, "path", &Json::name) == 1;
}

bool is_stage(const Json& stage) {
  const bool known = std::ranges::count(spec_stage_names, std::string_view(stage.name)) == 1;
  return known && (stage.is_null() || (stage.kind == Kind::array && std::ranges::all_of(stage.items, is_hook)));
}

const Json& without_wrapper(const Json& root) {
  const bool wrapped = root.kind == Kind::object && root.items.size() == 1 && root.items.front().name == "hooks";
  return wrapped ? root.items.front() : root;
}

bool is_hooks(const Json& hooks) {
  return hooks.kind == Kind::object && !has_duplicates(hooks) && std::ranges::all_of(hooks.items, is_stage);
}

std::optional<std::vector<std::string>> strings_of(const Json& member) {
  if (member.is_null()) return std::nullopt;
  std::vector<std::string> result;
  for (const Json& item : member.items) result.push_back(item.text);
  return result;
}

void compare(const Json& expected, const Hook& hook) {
  Hook same;
  for (const Json& member : expected.items) {
    if (member.name == "path") same.path = member.text;
    if (member.name == "args") same.args = strings_of(member);
    if (member.name == "env") same.env = strings_of(member);
    if (member.name == "timeout" && !member.is_null()) same.timeout = std::stoll(member.text);
  }
  if (hook.path != same.path || hook.args != same.args || hook.env != same.env || hook.timeout != same.timeout)
    broken("a hook is what it says: {}", to_json(hook));
}

void compare(const Json& hooks, const HooksByStage& read) {
  std::size_t count = 0;
  for (const Json& stage : hooks.items) {
    const std::vector<Hook>& stage_hooks = read[stage_named(stage.name).value()];
    if (stage_hooks.size() != stage.items.size()) broken("a stage has its hooks: {}", stage.name);
    for (std::size_t i = 0; i < stage.items.size(); ++i) compare(stage.items[i], stage_hooks[i]);
    count += stage.items.size();
  }
  if (read.count() != count) broken("no hook comes from nowhere");
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text = text_of(data, size);
  const JsonAnswer answer = read_json(text, Grammar::relaxed);
  const Json& hooks = without_wrapper(answer.root);
  const bool is_json = answer.verdict == Verdict::valid && depth_of(answer.root) <= max_hooks_file_depth;
  const bool expected = is_json && is_hooks(hooks);
  try {
    const auto [read, findings] = parse_hooks_json(std::string(file), text);
    if (answer.verdict == Verdict::unclear) return 0;
    for (const Finding& finding : findings) expect_place(Error(finding.text), file);
    if (findings.empty() != expected) broken("{} findings, valid {}", findings.size(), expected);
    if (expected) compare(hooks, read);
  } catch (const Error& error) {
    expect_place(error, file);
    if (expected) broken("hooks are read: {}", error.text);
  }
  return 0;
}
