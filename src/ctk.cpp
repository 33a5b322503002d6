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
#include "core/diff.h"
#include "core/engine.h"
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

// On stderr: what a program reads from stdout stays clean.
void warn(const Arguments& arguments, std::string_view line) {
  if (arguments.verbosity != Verbosity::quiet) fmt::print(stderr, "{}\n", line);
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

EngineRequest engine_request(const Arguments& arguments) {
  EngineRequest request;
  request.engine = &engine_called(arguments.value("runtime", docker.name));
  request.config_file = arguments.value("config-file");
  request.drop_in = arguments.value("drop-in-config");
  request.root = absolute_folder(arguments, "root", "");
  request.wanted.name = arguments.value("name", default_runtime_name);
  request.wanted.path = arguments.value("path", default_runtime_path);
  request.wanted.as_default = arguments.has("set-as-default");
  request.dry_run = arguments.has("dry-run");
  return request;
}

std::string diff_of(const FileChange& change) {
  return unified_diff(change.before ? change.path : "/dev/null", change.before.value_or(""),
                      change.after ? change.path : "/dev/null", change.after.value_or(""));
}

int report_engine(const Arguments& arguments, const EngineRequest& request, const EngineOutcome& outcome) {
  for (const FileChange& change : outcome.changes) {
    if (request.dry_run) fmt::print("{}", diff_of(change));
    else say(arguments, fmt::format("{} {}", change.after ? "wrote" : "removed", request.root + change.path));
  }
  if (outcome.changes.empty()) say(arguments, fmt::format("{}: nothing to change", request.engine->name));
  for (const std::string& note : outcome.notes) warn(arguments, note);
  if (arguments.has("restart") && !request.dry_run && !outcome.changes.empty()) reload_engine(*request.engine);
  return 0;
}

int run_configure(const Arguments& arguments) {
  const EngineRequest request = engine_request(arguments);
  return report_engine(arguments, request, configure_engine(request));
}

int run_unconfigure(const Arguments& arguments) {
  const EngineRequest request = engine_request(arguments);
  return report_engine(arguments, request, unconfigure_engine(request));
}

constexpr CommandOption root_option = {"root", "DIR", "Work on the file system that is mounted at DIR"};
constexpr CommandOption json_option = {"json", "", "Print JSON"};

constexpr CommandOption runtime_option = {"runtime", "ENGINE", "docker (the default), containerd, crio or podman"};
constexpr CommandOption config_file_option = {"config-file", "FILE", "The engine's configuration, edited in place"};
constexpr CommandOption drop_in_option = {"drop-in-config", "FILE", "A file beside it that is edited instead"};
constexpr CommandOption name_option = {"name", "NAME", "The runtime's name in the engine (container-hooks-runtime)"};
constexpr CommandOption path_option = {"path", "FILE", "The runtime's program (/usr/bin/container-hooks-runtime)"};
constexpr CommandOption dry_run_option = {"dry-run", "", "Show the difference it would make and write nothing"};
constexpr CommandOption restart_option = {"restart", "", "Have the engine read its configuration again"};

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
    Command{"runtime configure",
            "",
            "Make an engine know the runtime",
            {runtime_option, config_file_option, drop_in_option, name_option, path_option,
             {"set-as-default,default", "", "Make it the engine's default runtime"},
             dry_run_option, restart_option, root_option},
            "  container-hooks-ctk runtime configure --default --restart\n"
            "  container-hooks-ctk runtime configure --runtime=containerd --dry-run\n",
            run_configure},
    Command{"runtime unconfigure",
            "",
            "Take it back: the previous default returns, other edits stay",
            {runtime_option, config_file_option, drop_in_option, name_option, path_option, dry_run_option, restart_option,
             root_option},
            "  container-hooks-ctk runtime unconfigure --restart\n",
            run_unconfigure},
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
