// Fuzz target: a file of hooks.d, and its decision about three containers.
//
// Oracle: the same file, its names in another case and unknown ones between
// them, says the same, since podman and CRI-O read it with Go's encoding/json; what is
// accepted is a hook that a spec can have; and a decision is that of a second
// reading of oci-hooks(5).
//
// SPDX-License-Identifier: Apache-2.0
#include "core/hooks/hook_file.h"

#include <algorithm>

#include "core/hooks/variables.h"
#include "core/oci/spec.h"
#include "core/text/split.h"
#include "json_reader.h"
#include "oracle.h"

namespace {

using Needs = Condition::Needs;

constexpr std::string_view file = "h.json";

const Spec bare("config.json", R"({"process":{"args":["/bin/sh"]}})");
const Spec annotated("config.json", R"({"process":{"args":["sh","-c"]},"annotations":{"gpu":"true","a/b":""},"mounts":[
                                       {"destination":"/proc","type":"proc","source":"proc"},
                                       {"destination":"/etc/hosts","type":"bind","source":"/h"}]})");
const Spec mounted("config.json", R"({"process":{"args":["/usr/bin/app"]},"annotations":{"gpu":"false"},"mounts":[
                                     {"destination":"/data","type":"bind","source":"/d"}]})");

std::vector<bool> conditions_of(const Condition& when, const Spec& spec) {
  std::vector<bool> result;
  if (when.always) result.push_back(*when.always);
  if (when.has_bind_mounts) result.push_back(*when.has_bind_mounts && &spec == &mounted);
  for (const PairPattern& pattern : when.annotations)
    result.push_back(std::ranges::any_of(spec.annotations(), [&](const Spec::Annotation& annotation) {
      return pattern.key.matches(annotation.key) && pattern.value.matches(annotation.value);
    }));
  if (!when.commands.empty())
    result.push_back(std::ranges::any_of(when.commands,
                                         [&](const Pattern& each) { return each.matches(*spec.process()->command); }));
  // No engine made these containers.
  result.insert(result.end(), !when.images.empty() + when.labels.size() + !when.namespaces.empty(), false);
  return result;
}

void check_decision(const Condition& when, const Spec& spec) {
  const std::vector<bool> parts = conditions_of(when, spec);
  const bool all = !parts.empty() && std::ranges::count(parts, false) == 0;
  const bool expected = when.needs == Needs::all ? all : std::ranges::count(parts, true) > 0;
  const Decision decision = decide(when, spec, Variables(spec, CommandLine(), ""));
  if (decision.applies != expected) broken("a decision is that of its conditions: {}", decision.why);
  if (decision.why.empty()) broken("a decision says why");
}

void check_hook(const HookFile& read) {
  if (!read.hook.path.starts_with('/')) broken("a hook has an absolute path: {}", read.hook.path);
  if (read.hook.timeout.value_or(1) < 1) broken("a timeout is above 0");
  const JsonAnswer spelled = read_json(to_json(read.hook), Grammar::strict);
  if (spelled.verdict != JsonAnswer::Verdict::valid) broken("a hook is JSON: {}", to_json(read.hook));
  if (to_json(read.hook).find("\\u0000") != std::string::npos) broken("a hook has no NUL");
}

std::string description(const std::optional<HookFile>& read) {
  if (!read) return "refused";
  std::string result = to_json(read->hook) + description_of(read->when);
  for (const Stage stage : read->stages) result += fmt::format(" {}", stage_name(stage));
  return result;
}

Parsed<std::optional<HookFile>> parsed(const std::string& text) { return parse_hook_file(std::string(file), text); }

std::string spelled(const Json& value) {
  const bool object = value.kind == Json::Kind::object;
  if (!object && value.kind != Json::Kind::array)
    return value.kind == Json::Kind::string ? json_quoted(value.text) : value.text;
  std::vector<std::string> items;
  for (const Json& item : value.items) items.push_back((object ? json_quoted(item.name) + " : " : "") + spelled(item));
  return fmt::format("{}{}{}", object ? "{ " : "[ ", join(items, ", "), object ? " }" : " ]");
}

// The file with names in capitals, and one more that nobody knows; names of annotations are patterns, and stay.
Json shouted(Json value) {
  for (Json& item : value.items) {
    for (char& c : item.name) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
    const bool patterns = item.name.starts_with("ANNOTATION") && item.kind == Json::Kind::object;
    if (!patterns) item = shouted(std::move(item));
    if (item.name == "WHEN" && item.kind == Json::Kind::object)
      item.items.pop_back();  // an unknown condition is an error
  }
  if (value.kind == Json::Kind::object) value.items.push_back({Json::Kind::literal, "null", "x-unknown", {}});
  return value;
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text = text_of(data, size);
  try {
    const auto [read, findings] = parsed(text);
    for (const Finding& finding : findings) expect_place(Error(finding.text), file);
    if (read.has_value() == has_errors(findings)) broken("a file is a hook or has errors");
    const JsonAnswer answer = read_json(text, Grammar::strict);
    if (answer.verdict == JsonAnswer::Verdict::invalid) broken("what is no JSON is refused");
    if (!read) return 0;
    check_hook(*read);
    for (const Spec* spec : {&bare, &annotated, &mounted}) check_decision(read->when, *spec);
    if (answer.verdict != JsonAnswer::Verdict::valid) return 0;
    const std::string loud = spelled(shouted(answer.root));
    if (description(parsed(loud).value) != description(read)) broken("names have no case: {}", loud);
  } catch (const Error& error) {
    expect_place(error, file);
  }
  return 0;
}
