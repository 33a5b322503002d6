// config.toml: writing it, and saying what counts.
//
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <iterator>
#include <vector>

#include "core/cli/commands.h"
#include "core/cli/common_options.h"
#include "core/cli/table.h"
#include "core/error.h"
#include "core/host/output.h"
#include "core/text/json.h"
#include "core/toolkit/config_edit.h"

namespace {

int run_config(const Arguments& arguments) {
  constexpr std::array outcomes = {"created", "changed", "unchanged"};
  const RootedPath path = config_file_to_write(arguments);
  std::vector<std::string> assignments = assignments_to_create(path, arguments);
  std::ranges::move(arguments.values("set"), std::back_inserter(assignments));
  const ConfigWritten written = write_config(path, assignments);
  say(arguments, fmt::format("{} {}", outcomes[static_cast<std::size_t>(written)], path.shown()));
  return 0;
}

int run_config_get(const Arguments& arguments) {
  if (arguments.operands.size() != 1) throw UsageError("config get: one KEY is expected");
  const SettingName name = setting_named(arguments.operands.front());
  const Config config = load_config_file(config_file(arguments), name.profile).config;
  print(plain_spelling(*name.setting, config) + '\n');
  return 0;
}

std::string origin_of(const LoadedConfig& loaded, std::size_t row) {
  return loaded.origins[row] == Origin::built_in ? "default" : loaded.path;
}

std::string key_of(const Setting& setting) { return fmt::format("{}.{}", setting.table, setting.key); }

std::string settings_as_text(const LoadedConfig& loaded) {
  Table table({"KEY", "VALUE", "FROM"});
  for (std::size_t row = 0; row < settings.size(); ++row)
    table.add({key_of(settings[row]), plain_spelling(settings[row], loaded.config),
               origin_of(loaded, row) + (loaded.origins[row] == Origin::profile ? ", profile" : "")});
  return table.as_text(text_width());
}

std::string settings_as_json(const LoadedConfig& loaded, const std::string& profile) {
  std::vector<std::string> objects;
  for (std::size_t row = 0; row < settings.size(); ++row)
    objects.push_back(
        json_object({{"key", json_quoted(key_of(settings[row]))},
                     {"value", json_spelling(settings[row], loaded.config)},
                     {"from", json_quoted(origin_of(loaded, row))},
                     {"profile", loaded.origins[row] == Origin::profile ? json_quoted(profile) : "null"}}));
  return json_array(objects) + '\n';
}

int run_config_show(const Arguments& arguments) {
  const std::string profile = given_profile(arguments);
  const LoadedConfig loaded = load_config_file(config_file(arguments), profile);
  print(arguments.has("json") ? settings_as_json(loaded, profile) : settings_as_text(loaded));
  return 0;
}

constexpr CommandOption write_options[] = {
    {"set", "KEY=VALUE", "Change a setting, a list as a,b; can be repeated"},
    user_option,
    root_option,
};
constexpr CommandOption get_options[] = {root_option};
constexpr CommandOption show_options[] = {
    {"profile", "NAME", "As the profile NAME has them"}, json_option, root_option};

constexpr Command rows[] = {
    {"config", "", "Write the configuration file, with the defaults when there is none", write_options,
     "  container-hooks-ctk config\n"
     "  container-hooks-ctk config --set log-level=debug --set runtimes=/usr/bin/crun,runc\n"
     "  container-hooks-ctk config --set profiles.secure.sandbox=true\n",
     run_config},
    {"config get", "KEY", "Print the value of a setting", get_options,
     "  container-hooks-ctk config get container-hooks-runtime.runtimes\n", run_config_get},
    {"config show", "", "Show all settings, and where each value comes from", show_options,
     "  container-hooks-ctk config show --profile secure\n", run_config_show},
};

}  // namespace

const CommandGroup config_commands = {"config", rows};
