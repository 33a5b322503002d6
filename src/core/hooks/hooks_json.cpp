// SPDX-License-Identifier: Apache-2.0
#include "core/hooks/hooks_json.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "core/hooks/hook_format.h"
#include "core/hooks/hook_lint.h"
#include "core/text/suggestion.h"

namespace {

using Kind = JsonText::Kind;
using Value = JsonText::Value;

// podman passes on what its 64 bits hold; the record adds two seconds.
constexpr std::int64_t most_seconds = INT64_MAX - 2;

// Why a string cannot stand where it stands; empty when it can.
using Objection = std::string_view (*)(std::string_view string);

std::string_view no_string(std::string_view string) {
  return string.find('\0') == string.npos ? "" : "has a NUL character, which no program can be given";
}
std::string_view no_path(std::string_view string) {
  return string.starts_with('/') ? no_string(string) : "is not an absolute path";
}
std::string_view no_variable(std::string_view string) {
  return string.find('=', 1) != string.npos ? no_string(string) : "is not NAME=value";
}

class HookReader {
 public:
  HookReader(const JsonText& text, Names names) : text_(text), names_(names) {}

  std::optional<Hook> hook(const Value& value, std::string_view where);
  HooksByStage document();

  Findings findings;

 private:
  struct Field {
    FormatKey key;
    void (HookReader::*read)(const Value& value, std::string_view where, Hook& hook);

    std::string_view name() const { return key.name; }
  };
  static const std::array<Field, hook_keys.size()> fields;

  void fields_exactly(const Value& value, std::string_view where, Hook& hook);
  void fields_as_go(const Value& value, std::string_view where, Hook& hook);
  void field(const Field& field, const Value& value, std::string_view where, Hook& hook);
  void unknown_key(const JsonText::Member& member, std::string_view where);
  HooksByStage stages(const Value& object);
  void stage(const JsonText::Member& member, HooksByStage& result);
  void path(const Value& value, std::string_view where, Hook& hook);
  void args(const Value& value, std::string_view where, Hook& hook) { hook.args = strings(value, where, no_string); }
  void env(const Value& value, std::string_view where, Hook& hook) { hook.env = strings(value, where, no_variable); }
  void timeout(const Value& value, std::string_view where, Hook& hook);
  std::vector<std::string> strings(const Value& array, std::string_view where, Objection objection);
  std::string string(const Value& value, std::string_view where, Objection objection);
  bool is(Kind kind, const Value& value, std::string_view where);
  bool is_first(const JsonText::Member& member, std::vector<std::string>& seen, std::string_view where);
  void problem(std::size_t offset, std::string_view where, std::string_view message) {
    problem(offset, fmt::format("{}: {}", where, message));
  }
  void problem(std::size_t offset, std::string_view message) {
    findings.push_back(finding_of(Severity::error, text_.error_at(offset, message), text_.name()));
  }

  const JsonText& text_;
  Names names_;
};

constexpr std::array<HookReader::Field, hook_keys.size()> HookReader::fields = {{
    {hook_keys[0], &HookReader::path},
    {hook_keys[1], &HookReader::args},
    {hook_keys[2], &HookReader::env},
    {hook_keys[3], &HookReader::timeout},
}};

bool HookReader::is(Kind kind, const Value& value, std::string_view where) {
  if (value.kind == kind) return true;
  problem(value.begin, where, fmt::format("{} is expected, not {}", with_article(kind), with_article(value.kind)));
  return false;
}

bool HookReader::is_first(const JsonText::Member& member, std::vector<std::string>& seen, std::string_view where) {
  if (std::ranges::find(seen, member.name) != seen.end()) {
    problem(member.begin, where, fmt::format("{} is here a second time", json_quoted(member.name)));
    return false;
  }
  seen.push_back(member.name);
  return true;
}

std::string HookReader::string(const Value& value, std::string_view where, Objection objection) {
  std::string result = text_.string(value);
  const std::string_view why = objection(result);
  if (!why.empty()) problem(value.begin, where, fmt::format("{} {}", json_quoted(result), why));
  return result;
}

std::vector<std::string> HookReader::strings(const Value& array, std::string_view where, Objection objection) {
  std::vector<std::string> result;
  for (const Value& element : text_.elements(array)) {
    const std::string place = fmt::format("{}[{}]", where, result.size());
    result.push_back(is(Kind::string, element, place) ? string(element, place, objection) : "");
  }
  return result;
}

void HookReader::path(const Value& value, std::string_view where, Hook& hook) {
  hook.path = string(value, where, no_path);
  hook.position = text_.position(value.begin);
}

void HookReader::timeout(const Value& value, std::string_view where, Hook& hook) {
  const std::string_view text = text_.spelling(value);
  std::int64_t seconds = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  const std::int64_t most = names_ == Names::as_go ? most_seconds : INT32_MAX;  // crun reads an int
  if (failure != std::errc() || end != text.data() + text.size() || seconds < 1 || seconds > most)
    problem(value.begin, where, fmt::format("{} is not a whole number of seconds above 0", text));
  hook.timeout = seconds;
}

void HookReader::unknown_key(const JsonText::Member& member, std::string_view where) {
  const std::string meant = did_you_mean(member.name, names_of(hook_keys));
  problem(member.begin, where, fmt::format("unknown key {}{}", json_quoted(member.name), meant));
}

void HookReader::field(const Field& field, const Value& value, std::string_view where, Hook& hook) {
  const std::string place = fmt::format("{}.{}", where, field.name());
  const bool is_unset = value.kind == Kind::null && !field.key.is_required;
  if (!is_unset && is(field.key.kind, value, place)) (this->*field.read)(value, place, hook);
}

void HookReader::fields_exactly(const Value& value, std::string_view where, Hook& hook) {
  std::vector<std::string> seen;
  for (const JsonText::Member& member : text_.members(value)) {
    const auto* known = std::ranges::find(fields, member.name, &Field::name);
    if (!is_first(member, seen, where)) continue;
    if (known == fields.end())
      unknown_key(member, where);
    else
      field(*known, member.value, where, hook);
  }
  if (std::ranges::find(seen, "path") == seen.end()) problem(value.begin, where, "\"path\" is missing");
}

void HookReader::fields_as_go(const Value& value, std::string_view where, Hook& hook) {
  for (const Field& known : fields) {
    const std::optional<Value> found = text_.field(value, known.name());
    if (found) field(known, *found, where, hook);
    if (!found && known.key.is_required) problem(value.begin, where, "\"path\" is missing");
  }
}

std::optional<Hook> HookReader::hook(const Value& value, std::string_view where) {
  const std::size_t before = findings.size();
  if (!is(Kind::object, value, where)) return std::nullopt;
  Hook result;
  if (names_ == Names::exact)
    fields_exactly(value, where, result);
  else
    fields_as_go(value, where, result);
  if (const std::string_view why = refusal_of(result); !why.empty()) problem(value.begin, where, why);
  if (findings.size() > before) return std::nullopt;
  return result;
}

void HookReader::stage(const JsonText::Member& member, HooksByStage& result) {
  const std::optional<Stage> stage = stage_named(member.name);
  if (stage == Stage::precreate) return problem(member.begin, "precreate is a stage of hooks.d alone");
  if (!stage) {
    const std::string meant = did_you_mean(member.name, spec_stage_names);
    return problem(member.begin, fmt::format("unknown stage {}{}", json_quoted(member.name), meant));
  }
  if (member.value.kind == Kind::null || !is(Kind::array, member.value, member.name)) return;
  std::size_t index = 0;
  for (const Value& element : text_.elements(member.value))
    if (auto read = hook(element, fmt::format("{}[{}]", member.name, index++)))
      result[*stage].push_back(std::move(*read));
}

HooksByStage HookReader::stages(const Value& object) {
  HooksByStage result;
  std::vector<std::string> seen;
  if (!is(Kind::object, object, "hooks")) return result;
  for (const JsonText::Member& member : text_.members(object))
    if (is_first(member, seen, "hooks")) stage(member, result);
  return result;
}

// The hooks object itself, or {"hooks": {…}} and nothing beside it.
HooksByStage HookReader::document() {
  const std::optional<JsonText::Member> wrapper = text_.member(text_.root(), "hooks");
  if (!wrapper) return stages(text_.root());
  for (const JsonText::Member& member : text_.members(text_.root()))
    if (member.name != wrapper->name)
      problem(member.begin, "hooks", fmt::format("{} cannot stand beside it", json_quoted(member.name)));
  return stages(wrapper->value);
}

}  // namespace

Parsed<std::optional<Hook>> read_hook(const JsonText& text, const Value& value, std::string_view where, Names names) {
  HookReader reader(text, names);
  std::optional<Hook> hook = reader.hook(value, where);
  return {std::move(hook), std::move(reader.findings)};
}

Parsed<HooksByStage> parse_hooks_json(std::string path, std::string content) {
  const JsonText text(std::move(path), std::move(content), JsonText::Dialect::relaxed, max_hooks_file_depth);
  HookReader reader(text, Names::exact);
  HooksByStage hooks = reader.document();
  return {std::move(hooks), std::move(reader.findings)};
}
