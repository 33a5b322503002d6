// SPDX-License-Identifier: Apache-2.0
#include "manual/values.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "core/cli/record_commands.h"
#include "core/engine/engines.h"
#include "core/oci/hook.h"
#include "core/toolkit/config.h"

namespace {

// By the placeholder in the rows of the commands; where that says too little, by the option that has it.
struct Kind {
  std::string_view option;  // empty: any
  std::string_view placeholder;
  std::string_view kind;
};

constexpr std::array kinds = {
    Kind{"profile", "NAME", "profiles"},  Kind{"hook", "NAME", "recorded-hooks"},
    Kind{"set", "KEY=VALUE", "settings"}, Kind{"", "ENGINE", "engines"},
    Kind{"", "STAGE", "stages"},          Kind{"", "FORMAT", "formats"},
    Kind{"", "PROFILE", "profiles"},      Kind{"", "FILE", "files"},
    Kind{"", "DIR", "directories"},
};

// By a word in what a command says of its operands; the first that it has counts.
constexpr std::array operand_kinds = {
    Kind{"", "FILE", "files"},       Kind{"", "KEY", "settings"},    Kind{"", "NAME", "hooks"},
    Kind{"", "PROGRAM", "programs"}, Kind{"", "DIR", "directories"},
};

bool has_name(const CommandOption& option, std::string_view name) {
  return name.empty() || option.names == name || option.names.starts_with(fmt::format("{},", name)) ||
         option.names.ends_with(fmt::format(",{}", name));
}

std::vector<std::string> strings(const auto& views) { return {views.begin(), views.end()}; }

std::vector<std::string> choices(const Setting& setting) {
  return std::visit(
      [](auto member) -> std::vector<std::string> {
        using Value = std::remove_cvref_t<decltype(Config().*member)>;
        if constexpr (std::is_same_v<Value, bool>) return {"false", "true"};
        if constexpr (std::is_enum_v<Value>) return strings(names_of(Value()));
        return {};
      },
      setting.member);
}

}  // namespace

std::string_view kind_of(const CommandOption& option) {
  for (const Kind& each : kinds)
    if (each.placeholder == option.argument && has_name(option, each.option)) return each.kind;
  return "";
}

std::string_view kind_of_operands(const Command& command) {
  for (const Kind& each : operand_kinds)
    if (command.operands.find(each.placeholder) != command.operands.npos) return each.kind;
  return "";
}

std::vector<FixedValues> fixed_values() {
  std::vector<std::string> names;
  for (const Engine* engine : engines) names.emplace_back(engine->name);
  std::vector<std::string> keys;
  for (const SettingValues& each : setting_values()) keys.push_back(each.name);
  return {
      {"engines", names}, {"stages", strings(stage_names)}, {"formats", strings(export_formats())}, {"settings", keys}};
}

std::vector<SettingValues> setting_values() {
  std::vector<SettingValues> result;
  for (const Setting& setting : settings)
    result.push_back({fmt::format("{}.{}", setting.table, setting.key), choices(setting)});
  return result;
}

std::vector<std::pair<std::string, std::string>> engine_lines() {
  std::vector<std::pair<std::string, std::string>> result;
  for (const Engine* engine : engines) {
    const std::string_view file = engine->files.drop_in.empty() ? engine->files.main : engine->files.drop_in;
    const std::string_view then = engine->reload.empty() ? "nothing more, it reads that by itself" : engine->reload;
    result.emplace_back(engine->name, fmt::format("{}{}, then {}", engine->distribution.directory, file, then));
  }
  return result;
}
