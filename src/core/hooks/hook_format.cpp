// SPDX-License-Identifier: Apache-2.0
#include "core/hooks/hook_format.h"

#include <fmt/core.h>

#include "core/oci/hook.h"
#include "core/text/split.h"

namespace {

constexpr std::array<std::string_view, 6> type_names = {"null", "boolean", "number", "string", "array", "object"};

// null is as good as no such key where none is needed.
std::string schema_of(const FormatKey& key) {
  const std::string type = json_quoted(type_names[static_cast<std::size_t>(key.kind)]);
  const std::string rest = key.rest.empty() ? "" : fmt::format(",{}", key.rest);
  if (key.is_required) return fmt::format(R"({{"type":{}{}}})", type, rest);
  if (key.rest.starts_with("\"$ref\"")) return fmt::format(R"({{"anyOf":[{{{}}},{{"type":"null"}}]}})", key.rest);
  return fmt::format(R"({{"type":[{},"null"]{}}})", type, rest);
}

// What is beyond the keys is a JSON member, or several, of the schema.
std::string object_schema(std::span<const FormatKey> keys, std::string_view beyond) {
  std::vector<std::string> properties, required;
  for (const FormatKey& key : keys) {
    properties.push_back(fmt::format("{}:{}", json_quoted(key.name), schema_of(key)));
    if (key.is_required) required.push_back(json_quoted(key.name));
  }
  return fmt::format(R"({{"type":"object","properties":{{{}}},"required":[{}]{}}})", join(properties, ","),
                     join(required, ","), beyond);
}

constexpr std::string_view no_others = R"(,"additionalProperties":false)";

std::string schema(std::string_view title, std::string_view definitions, std::string_view choices) {
  return fmt::format(
      R"({{"$schema":"https://json-schema.org/draft/2020-12/schema","title":"{}","$defs":{{{}}},"anyOf":[{}]}})"
      "\n",
      title, definitions, choices);
}

// 0.1.0 has two names for the same.
constexpr std::string_view one_of_two =
    R"(,"oneOf":[{"required":["stages"]},{"required":["stage"]}],)"
    R"("not":{"anyOf":[{"required":["cmds","cmd"]},{"required":["annotations","annotation"]}]})";

}  // namespace

std::vector<std::string_view> names_of(std::span<const FormatKey> keys) {
  std::vector<std::string_view> result;
  for (const FormatKey& key : keys) result.push_back(key.name);
  return result;
}

std::string hooks_json_schema() {
  std::vector<std::string> stages;
  for (const std::string_view name : spec_stage_names)
    stages.push_back(
        fmt::format(R"({}:{{"type":["array","null"],"items":{{"$ref":"#/$defs/hook"}}}})", json_quoted(name)));
  const std::string hooks =
      fmt::format(R"("hooks":{{"type":"object","properties":{{{}}}{}}})", join(stages, ","), no_others);
  return schema("hooks.json", fmt::format(R"("hook":{},{})", object_schema(hook_keys, no_others), hooks),
                R"({"$ref":"#/$defs/hooks"},{"type":"object","properties":{"hooks":{"$ref":"#/$defs/hooks"}},)"
                R"("required":["hooks"],"additionalProperties":false})");
}

std::string hook_file_schema() {
  std::vector<std::string> quoted;
  for (const std::string_view name : stage_names) quoted.push_back(json_quoted(name));
  const std::string definitions = fmt::format(R"("stage":{{"enum":[{}]}},"hook":{},"condition":{})", join(quoted, ","),
                                              object_schema(hook_keys, ""), object_schema(condition_keys, no_others));
  return schema("a file of hooks.d", definitions,
                object_schema(file_keys, "") + ',' + object_schema(old_file_keys, one_of_two));
}
