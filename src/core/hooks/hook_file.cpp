// SPDX-License-Identifier: Apache-2.0
#include "core/hooks/hook_file.h"

#include <algorithm>
#include <array>
#include <span>

#include "core/hooks/hook_format.h"
#include "core/hooks/hook_lint.h"
#include "core/text/letter_case.h"
#include "core/text/split.h"
#include "core/text/suggestion.h"

namespace {

using Kind = JsonText::Kind;
using Value = JsonText::Value;

class HookFileReader {
 public:
  explicit HookFileReader(const JsonText& text) : text_(text) {}

  HookFile read();

  Findings findings;

 private:
  struct Version {
    std::string_view name;
    void (HookFileReader::*read)();
  };
  static const std::array<Version, 3> versions;

  void version_1_0_0();
  void version_0_1_0();
  Condition condition(const Value& object, const std::string& name);
  std::vector<PairPattern> pairs(const Value& object, const std::string& where);
  void annotation_values(const Value& array);
  void path(const Value& value);
  void arguments(const Value& array);
  void stages(const std::optional<Value>& array);
  void unknown_keys(const Value& object, std::span<const FormatKey> known);
  void unknown_conditions(const Value& object, const std::string& where);

  std::vector<JsonText::Member> members_but(const Value& object, std::span<const FormatKey> known) const;
  std::optional<Value> field(const Value& object, std::string_view name, Kind kind, std::string_view where);
  std::optional<Value> field(std::string_view name, Kind kind) { return field(text_.root(), name, kind, name); }
  std::optional<Value> required(std::string_view name, Kind kind);
  std::optional<Value> one_of(std::string_view plural, std::string_view singular);
  std::optional<bool> boolean(const Value& object, std::string_view name, std::string_view where);
  std::optional<std::string> argument(const Value& value, std::string_view where);
  std::optional<Pattern> pattern(std::string text, const Value& place, std::string_view where);
  std::vector<Pattern> patterns(const Value& array, std::string_view where);
  bool is(Kind kind, const Value& value, std::string_view where);
  void problem(const Value& value, std::string_view where, std::string_view message) {
    add(Severity::error, value.begin, fmt::format("{}: {}", where, message));
  }
  void add(Severity severity, std::size_t offset, std::string_view message) {
    findings.push_back(finding_of(severity, text_.error_at(offset, message), text_.name()));
  }

  const JsonText& text_;
  HookFile result_;
};

constexpr std::array<HookFileReader::Version, 3> HookFileReader::versions = {{
    {"1.0.0", &HookFileReader::version_1_0_0},
    {"0.1.0", &HookFileReader::version_0_1_0},
    {"", &HookFileReader::version_0_1_0},
}};

HookFile HookFileReader::read() {
  const Value& root = text_.root();
  if (root.kind != Kind::null && !is(Kind::object, root, "the file")) return {};
  const std::optional<Value> version = field("version", Kind::string);
  const std::string name = version ? text_.string(*version) : "";
  const auto* known = std::ranges::find(versions, name, &Version::name);
  if (known == versions.end())
    problem(*version, "version", fmt::format("{} is neither 1.0.0 nor 0.1.0", json_quoted(name)));
  else
    (this->*known->read)();
  return std::move(result_);
}

void HookFileReader::version_1_0_0() {
  unknown_keys(text_.root(), file_keys);
  const std::optional<Value> hook = required("hook", Kind::object);
  if (const auto when = field("when", Kind::object)) result_.when = condition(*when, "when");
  if (const auto unless = field("unless", Kind::object)) result_.unless = condition(*unless, "unless");
  stages(required("stages", Kind::array));
  if (!hook) return;
  unknown_keys(*hook, hook_keys);
  auto [read, found] = read_hook(text_, *hook, "hook", Names::as_go);
  append(findings, std::move(found));
  if (read) result_.hook = std::move(*read);
}

// podman and CRI-O ignore them all.
void HookFileReader::unknown_keys(const Value& object, std::span<const FormatKey> known) {
  for (const JsonText::Member& member : members_but(object, known))
    add(Severity::warning, member.begin,
        fmt::format("unknown key {} is ignored{}", json_quoted(member.name),
                    did_you_mean(member.name, names_of(known))));
}

// A condition that is not known may be the one that matters.
void HookFileReader::unknown_conditions(const Value& object, const std::string& where) {
  for (const JsonText::Member& member : members_but(object, condition_keys))
    add(Severity::error, member.begin,
        fmt::format("{}: unknown key {}{}", where, json_quoted(member.name),
                    did_you_mean(member.name, names_of(condition_keys))));
}

std::vector<JsonText::Member> HookFileReader::members_but(const Value& object, std::span<const FormatKey> known) const {
  std::vector<JsonText::Member> result;
  text_.visit_members(object, [&](const JsonText::Member& member) {
    if (std::ranges::none_of(known, [&](const FormatKey& key) { return same_but_for_case(key.name, member.name); }))
      result.push_back(member);
  });
  return result;
}

Condition HookFileReader::condition(const Value& object, const std::string& name) {
  unknown_conditions(object, name);
  Condition result;
  result.always = boolean(object, "always", name + ".always");
  result.has_bind_mounts = boolean(object, "hasBindMounts", name + ".hasBindMounts");
  const auto pairs_of = [&](const std::string& key) {
    const auto found = field(object, key, Kind::object, name + '.' + key);
    return found ? pairs(*found, name + '.' + key) : std::vector<PairPattern>();
  };
  const auto patterns_of = [&](const std::string& key) {
    const auto found = field(object, key, Kind::array, name + '.' + key);
    return found ? patterns(*found, name + '.' + key) : std::vector<Pattern>();
  };
  result.annotations = pairs_of("annotations");
  result.commands = patterns_of("commands");
  result.images = patterns_of("images");
  result.labels = pairs_of("labels");
  result.namespaces = patterns_of("namespaces");
  return result;
}

std::vector<PairPattern> HookFileReader::pairs(const Value& object, const std::string& where) {
  std::vector<PairPattern> result;
  for (const JsonText::Member& pair : text_.members(object)) {
    auto key = pattern(pair.name, {Kind::string, pair.begin, pair.value.begin}, where);
    if (!is(Kind::string, pair.value, where)) continue;
    auto value = pattern(text_.string(pair.value), pair.value, where);
    if (key && value) result.push_back({std::move(*key), std::move(*value)});
  }
  return result;
}

void HookFileReader::version_0_1_0() {
  unknown_keys(text_.root(), old_file_keys);
  stages(text_.field(text_.root(), "stage") ? one_of("stages", "stage") : required("stages", Kind::array));
  const std::optional<Value> hook = text_.field(text_.root(), "hook");
  if (hook && hook->kind == Kind::object)
    problem(*hook, "hook", "a string is expected, not an object, since without \"version\" this is a file of 0.1.0");
  else if (required("hook", Kind::string))
    path(*hook);
  if (const auto words = field("arguments", Kind::array)) arguments(*words);
  if (const std::string_view why = refusal_of(result_.hook); !why.empty()) problem(text_.root(), "arguments", why);
  Condition& condition = result_.when;
  condition.needs = Condition::Needs::any;
  condition.has_bind_mounts = boolean(text_.root(), "hasbindmounts", "hasbindmounts");
  if (const auto commands = one_of("cmds", "cmd")) condition.commands = patterns(*commands, "cmds");
  if (const auto values = one_of("annotations", "annotation")) annotation_values(*values);
}

void HookFileReader::path(const Value& value) {
  const std::optional<std::string> text = argument(value, "hook");
  if (!text) return;
  result_.hook.path = *text;
  result_.hook.position = text_.position(value.begin);
  if (!text->starts_with('/')) problem(value, "hook", fmt::format("{} is not an absolute path", json_quoted(*text)));
}

void HookFileReader::arguments(const Value& array) {
  std::vector<std::string>& args = result_.hook.args.emplace({result_.hook.path});
  for (const Value& element : text_.elements(array)) args.push_back(argument(element, "arguments").value_or(""));
}

// One pattern of all of them, for the value under any key.
void HookFileReader::annotation_values(const Value& array) {
  std::vector<std::string> values;
  for (const Pattern& each : patterns(array, "annotations")) values.push_back(each.text());
  result_.when.annotations.push_back({Pattern(".*"), Pattern(join(values, "|"))});
}

void HookFileReader::stages(const std::optional<Value>& array) {
  for (const Value& element : array ? text_.elements(*array) : std::vector<Value>()) {
    if (!is(Kind::string, element, "stages")) continue;
    const std::string name = text_.string(element);
    if (const auto stage = stage_named(name))
      result_.stages.push_back(*stage);
    else
      problem(element, "stages", fmt::format("unknown stage {}{}", json_quoted(name), did_you_mean(name, stage_names)));
  }
}

std::optional<Value> HookFileReader::field(const Value& object, std::string_view name, Kind kind,
                                           std::string_view where) {
  const std::optional<Value> found = text_.field(object, name);
  return found && is(kind, *found, where) ? found : std::nullopt;
}

std::optional<Value> HookFileReader::required(std::string_view name, Kind kind) {
  if (text_.field(text_.root(), name)) return field(name, kind);
  problem(text_.root(), name, "it is missing");
  return std::nullopt;
}

// 0.1.0 spells some names in two ways.
std::optional<Value> HookFileReader::one_of(std::string_view plural, std::string_view singular) {
  const std::optional<Value> many = field(plural, Kind::array);
  const std::optional<Value> one = field(singular, Kind::array);
  if (many && one) problem(*one, singular, fmt::format("{} is set, too", json_quoted(plural)));
  return many ? many : one;
}

std::optional<bool> HookFileReader::boolean(const Value& object, std::string_view name, std::string_view where) {
  const std::optional<Value> found = field(object, name, Kind::boolean, where);
  if (!found) return std::nullopt;
  return text_.spelling(*found) == "true";
}

std::optional<std::string> HookFileReader::argument(const Value& value, std::string_view where) {
  if (!is(Kind::string, value, where)) return std::nullopt;
  std::string result = text_.string(value);
  if (result.find('\0') == result.npos) return result;
  problem(value, where, "a NUL character cannot be passed to a program");
  return std::nullopt;
}

std::optional<Pattern> HookFileReader::pattern(std::string text, const Value& place, std::string_view where) {
  try {
    return Pattern(std::move(text));
  } catch (const Error& error) {
    problem(place, where, error.text);
    return std::nullopt;
  }
}

std::vector<Pattern> HookFileReader::patterns(const Value& array, std::string_view where) {
  std::vector<Pattern> result;
  for (const Value& element : text_.elements(array)) {
    if (!is(Kind::string, element, where)) continue;
    if (auto read = pattern(text_.string(element), element, where)) result.push_back(std::move(*read));
  }
  return result;
}

bool HookFileReader::is(Kind kind, const Value& value, std::string_view where) {
  if (value.kind == kind) return true;
  problem(value, where, fmt::format("{} is expected, not {}", with_article(kind), with_article(value.kind)));
  return false;
}

}  // namespace

Parsed<std::optional<HookFile>> parse_hook_file(std::string path, std::string content) {
  const JsonText text(std::move(path), std::move(content), JsonText::Dialect::strict, max_hooks_file_depth);
  HookFileReader reader(text);
  HookFile file = reader.read();
  if (has_errors(reader.findings)) return {std::nullopt, std::move(reader.findings)};
  return {std::move(file), std::move(reader.findings)};
}

bool looks_like_hook_file(const JsonText& text) {
  return text.field(text.root(), "hook") || text.field(text.root(), "version") || text.field(text.root(), "when");
}
