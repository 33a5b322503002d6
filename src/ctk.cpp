// Role: the operator's command-line tool.
//
// `commands` is the table of contents: each command's words, help and options
// stand in its row, and its function below says what it does in terms of core.
//
// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <cstdio>
#include <string>
#include <vector>

#include "core/command.h"
#include "core/config.h"
#include "core/config_edit.h"
#include "core/error.h"
#include "core/install.h"
#include "core/report.h"
#include "roles.h"

namespace {

void say(const Arguments& arguments, std::string_view line) {
  if (arguments.verbosity != Verbosity::quiet) fmt::print("{}\n", line);
}

std::string absolute_folder(const Arguments& arguments, std::string_view option, std::string_view otherwise) {
  std::string folder = arguments.value(option, otherwise);
  while (folder.ends_with('/')) folder.pop_back();
  if (!folder.empty() && !folder.starts_with('/'))
    throw UsageError(fmt::format("--{} {}: an absolute path is expected", option, folder));
  return folder;
}

InstallPlan install_plan(const Arguments& arguments) {
  InstallPlan plan;
  if (arguments.has("toolkit-root"))
    plan.binary = arguments.value("toolkit-root") + "/container-hooks-toolkit";
  plan.bindir = absolute_folder(arguments, "bindir", plan.bindir);
  plan.root = absolute_folder(arguments, "root", "");
  return plan;
}

int run_install(const Arguments& arguments) {
  for (const std::string& path : install_toolkit(install_plan(arguments))) say(arguments, "installed " + path);
  return 0;
}

std::string config_file(const Arguments& arguments) {
  const std::string root = absolute_folder(arguments, "root", "");
  return root.empty() ? config_path() : root + std::string(system_config_path);
}

int run_config(const Arguments& arguments) {
  constexpr std::array outcomes = {"created", "changed", "unchanged"};
  const std::string path = config_file(arguments);
  const ConfigWritten written = write_config(path, arguments.values("set"));
  say(arguments, fmt::format("{} {}", outcomes[static_cast<std::size_t>(written)], path));
  return 0;
}

int run_config_get(const Arguments& arguments) {
  if (arguments.operands.size() != 1) throw UsageError("config get: one KEY is expected");
  const SettingName name = setting_named(arguments.operands.front());
  const Config config = load_config_file(config_file(arguments), name.profile).config;
  fmt::print("{}\n", plain_spelling(*name.setting, config));
  return 0;
}

std::string origin_of(const LoadedConfig& loaded, std::size_t row) {
  switch (loaded.origins[row]) {
    case Origin::built_in: return "default";
    case Origin::file: return loaded.path;
    case Origin::profile: return loaded.path + ", profile";
  }
  return "";
}

int run_config_show(const Arguments& arguments) {
  const LoadedConfig loaded = load_config_file(config_file(arguments), arguments.value("profile"));
  Table table({"KEY", "VALUE", "FROM"});
  for (std::size_t row = 0; row < settings.size(); ++row)
    table.add({fmt::format("{}.{}", settings[row].table, settings[row].key),
               plain_spelling(settings[row], loaded.config), origin_of(loaded, row)});
  fmt::print("{}", arguments.has("json") ? table.as_json() : table.as_text());
  return 0;
}

constexpr CommandOption root_option = {"root", "DIR", "Work on the file system that is mounted at DIR"};
constexpr CommandOption json_option = {"json", "", "Print JSON"};

const std::array commands = {
    Command{"install",
            "",
            "Put the toolkit and its links into /usr/bin",
            {{"toolkit-root", "DIR", "The folder that holds the container-hooks-toolkit to install (the running one)"},
             {"bindir", "DIR", "Where to put it (/usr/bin)"},
             root_option},
            "  container-hooks-ctk install --toolkit-root=./build\n"
            "  container-hooks-ctk install --root=/mnt/image\n",
            run_install},
    Command{"config",
            "",
            "Write the configuration file, with the defaults when there is none",
            {{"set", "KEY=VALUE", "Change a setting, a list as a,b; can be repeated"}, root_option},
            "  container-hooks-ctk config\n"
            "  container-hooks-ctk config --set log-level=debug --set runtimes=/usr/bin/crun,runc\n"
            "  container-hooks-ctk config --set profiles.secure.sandbox=true\n",
            run_config},
    Command{"config get",
            "KEY",
            "Print the value of a setting",
            {root_option},
            "  container-hooks-ctk config get container-hooks-runtime.runtimes\n",
            run_config_get},
    Command{"config show",
            "",
            "Show all settings, and where each value comes from",
            {{"profile", "NAME", "As the profile NAME has them"}, json_option, root_option},
            "  container-hooks-ctk config show --profile secure\n",
            run_config_show},
};

}  // namespace

int ctk_main(int argc, char** argv) {
  return run_command({"container-hooks-ctk", TOOLKIT_VERSION,
                      "Configures engines, hooks and this toolkit: OCI lifecycle hooks for every container of every engine.",
                      commands},
                     argc, argv);
}
