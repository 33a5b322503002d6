// Role: the operator's command-line tool.
//
// `commands` is the table of contents: each command's words, help and options
// stand in its row, and its function below says what it does in terms of core.
//
// SPDX-License-Identifier: Apache-2.0
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <iterator>
#include <optional>
#include <string>
#include <vector>

#include "core/cli/command.h"
#include "core/cli/hook_report.h"
#include "core/cli/status.h"
#include "core/cli/table.h"
#include "core/engine/engine.h"
#include "core/error.h"
#include "core/hooks/hook_check.h"
#include "core/hooks/hook_edit.h"
#include "core/hooks/hook_sources.h"
#include "core/host/file.h"
#include "core/host/output.h"
#include "core/host/process.h"
#include "core/host/root.h"
#include "core/oci/low_level_runtime.h"
#include "core/text/diff.h"
#include "core/text/suggestion.h"
#include "core/toolkit/config.h"
#include "core/toolkit/config_edit.h"
#include "core/toolkit/install.h"
#include "roles.h"

namespace {

void say(const Arguments& arguments, std::string_view line) {
  if (arguments.verbosity != Verbosity::quiet) print(fmt::format("{}\n", line));
}

// On stderr: what a program reads from stdout stays clean.
void warn(const Arguments& arguments, std::string_view line) {
  if (arguments.verbosity != Verbosity::quiet) print_error(fmt::format("{}\n", line));
}

void explain(const Arguments& arguments, std::string_view line) {
  if (arguments.verbosity == Verbosity::debug) warn(arguments, line);
}

std::string absolute_directory(const Arguments& arguments, std::string_view option, std::string_view otherwise) {
  std::string directory = arguments.value(option, otherwise);
  while (directory.ends_with('/')) directory.pop_back();
  if (!directory.empty() && !directory.starts_with('/'))
    throw UsageError(fmt::format("--{} {}: an absolute path is expected", option, directory));
  return directory;
}

InstallPlan install_plan(const Arguments& arguments) {
  InstallPlan plan;
  if (arguments.has("toolkit-root")) plan.binary = arguments.value("toolkit-root") + "/container-hooks-toolkit";
  plan.bindir = absolute_directory(arguments, "bindir", plan.bindir);
  plan.root = absolute_directory(arguments, "root", "");
  return plan;
}

int run_install(const Arguments& arguments) {
  for (const std::string& path : install_toolkit(install_plan(arguments))) say(arguments, "installed " + path);
  return 0;
}

// Engines whose files name a runtime in bindir: removing that would stop every container of theirs.
std::vector<std::string> users_of(const InstallPlan& plan) {
  std::vector<std::string> users;
  for (const Engine* engine : engines)
    for (const ConfiguredRuntime& runtime :
         configured_runtimes(*engine, plan.root, plan.bindir + "/container-hooks-runtime"))
      users.push_back(fmt::format("{} ({}, {})", engine->name, runtime.file, runtime.entry.name));
  return users;
}

int run_uninstall(const Arguments& arguments) {
  const InstallPlan plan = install_plan(arguments);
  const std::vector<std::string> users = arguments.has("force") ? std::vector<std::string>() : users_of(plan);
  if (!users.empty())
    throw error("uninstall: still configured in {}; unconfigure it first, or use --force", fmt::join(users, ", "));
  for (const std::string& path : uninstall_toolkit(plan)) say(arguments, "removed " + path);
  return 0;
}

int run_status(const Arguments& arguments) {
  const std::vector<StatusLine> lines = host_status(absolute_directory(arguments, "root", ""));
  const bool in_colour = isatty(STDOUT_FILENO) != 0 && environment("NO_COLOR") == nullptr;
  print(arguments.has("json") ? status_as_json(lines) : status_as_text(lines, in_colour));
  return is_healthy(lines) ? 0 : 1;
}

std::string config_file(const Arguments& arguments) {
  const std::string root = absolute_directory(arguments, "root", "");
  std::string path = root.empty() ? config_path() : in_root(root, system_config_path);
  explain(arguments, "configuration: " + path);
  return path;
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
  print(plain_spelling(*name.setting, config) + '\n');
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
  print(arguments.has("json") ? table.as_json() : table.as_text());
  return 0;
}

void require_file_name(const std::string& profile) {
  if (profile.empty() || profile.find('/') != profile.npos)
    throw UsageError(fmt::format("--profile \"{}\": a name without slashes is expected", profile));
}

EngineRequest engine_request(const Arguments& arguments) {
  EngineRequest request;
  request.engine = &engine_called(arguments.value("runtime", docker.name));
  request.config_file = arguments.value("config-file");
  request.drop_in = arguments.value("drop-in-config");
  request.root = absolute_directory(arguments, "root", "");
  request.wanted.name = arguments.value("name", default_runtime_name);
  request.wanted.path = arguments.value("path", default_runtime_path);
  if (arguments.has("profile")) {
    require_file_name(arguments.value("profile"));
    request.wanted.name = arguments.value("name", "container-hooks-" + arguments.value("profile"));
    request.wanted.path += '.' + arguments.value("profile");
  }
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
    explain(arguments, fmt::format("{}: {}, runtime {} = {}", change.path, request.engine->name, request.wanted.name,
                                   request.wanted.path));
    if (request.dry_run || arguments.verbosity == Verbosity::debug) print(diff_of(change));
    if (!request.dry_run)
      say(arguments, fmt::format("{} {}", change.after ? "wrote" : "removed", request.root + change.path));
  }
  if (outcome.changes.empty()) say(arguments, fmt::format("{}: nothing to change", request.engine->name));
  for (const std::string& note : outcome.notes) warn(arguments, note);
  if (arguments.has("restart") && !request.dry_run && !outcome.changes.empty()) reload_engine(*request.engine);
  return 0;
}

std::string profile_link(const EngineRequest& request) { return link_in_root(request.root, request.wanted.path); }

// The name by which an engine calls the shim with a profile. Tells whether it is new.
bool link_profile(const Arguments& arguments, const EngineRequest& request) {
  const std::string config = config_file(arguments);
  const std::string profile = arguments.value("profile");
  const std::vector<std::string> known = profiles_in(config);
  if (std::ranges::find(known, profile) == known.end())
    warn(arguments,
         fmt::format("{} has no [profiles.{}] yet: containers of this runtime will not start", config, profile));
  const std::string link = profile_link(request);
  struct stat status;
  if (request.dry_run || leads_to_toolkit(link)) return false;
  if (lstat(link.c_str(), &status) == 0) throw error("{} is in the way and leads to no container-hooks-runtime", link);
  create_directories(link.substr(0, link.rfind('/')));
  replace_link(link, "container-hooks-runtime");
  return true;
}

void unlink_profile(const EngineRequest& request) {
  for (const Engine* engine : engines)
    for (const ConfiguredRuntime& runtime : configured_runtimes(*engine, request.root, request.wanted.path))
      if (runtime.entry.path == request.wanted.path) return;
  const std::string link = profile_link(request);
  if (!request.dry_run && leads_to_toolkit(link)) remove_if_exists(link);
}

int run_configure(const Arguments& arguments) {
  const EngineRequest request = engine_request(arguments);
  const bool made_link = arguments.has("profile") && link_profile(arguments, request);
  try {
    return report_engine(arguments, request, configure_engine(request));
  } catch (const Error&) {
    if (made_link) remove_if_exists(profile_link(request));
    throw;
  }
}

int run_unconfigure(const Arguments& arguments) {
  const EngineRequest request = engine_request(arguments);
  const EngineOutcome outcome = unconfigure_engine(request);
  if (arguments.has("profile")) unlink_profile(request);
  return report_engine(arguments, request, outcome);
}

// Of --profile, and with the directories of hooks in the file system of --root.
Config effective_config(const Arguments& arguments) {
  const std::string root = absolute_directory(arguments, "root", "");
  const std::string profile = arguments.value("profile");
  const std::string path = config_file(arguments);
  Config config = (root.empty() ? load_config(profile) : load_config_file(path, profile)).config;
  for (std::string& directory : config.hooks_dirs) directory = in_root(root, directory);
  return config;
}

int run_hooks_check(const Arguments& arguments) {
  std::vector<Finding> findings;
  const auto check = [&](const HookSources& sources, const Problems& problems) {
    std::ranges::move(check_hooks(sources, problems), std::back_inserter(findings));
  };
  Problems problems;
  if (arguments.operands.empty()) check(HookSources(effective_config(arguments), problems), problems);
  for (const std::string& path : arguments.operands) {
    problems.clear();
    const HookSources sources = HookSources::for_review(path, problems);
    check(sources, problems);
  }
  for (const Finding& finding : findings)
    say(arguments, fmt::format("{}: {}", finding.severity == Severity::error ? "error" : "warning", finding.text));
  return std::ranges::any_of(findings, [](const Finding& each) { return each.severity == Severity::error; });
}

int run_hooks_list(const Arguments& arguments) {
  Problems problems;
  const HookSources sources(effective_config(arguments), problems);
  print(hook_list(sources, problems, arguments.has("json") ? Format::json : Format::text));
  for (const Error& problem : problems) print_error(fmt::format("error: {}\n", problem.text));
  return problems.empty() ? 0 : 1;
}

// The spec to preview: that of a bundle, or a file anywhere.
std::string spec_path(const Arguments& arguments) {
  if (arguments.has("bundle") == arguments.has("spec"))
    throw UsageError("hooks preview: one of --bundle and --spec is expected");
  return arguments.has("spec") ? arguments.value("spec") : arguments.value("bundle") + "/config.json";
}

int run_hooks_preview(const Arguments& arguments) {
  const std::string path = spec_path(arguments);
  const std::string bundle = path.substr(0, path.find_last_of('/') + 1) + '.';
  const std::string id = arguments.value("id", "ID");
  const Config config = effective_config(arguments);
  Problems problems;
  const HookSources sources(config, problems);
  if (!problems.empty()) throw problems.front();
  File file = read_file(path);
  if (!file.status) errno = ENOENT, throw system_error("read {}", path);
  const Spec spec(path, std::move(file.content));
  CommandLine call;
  call.bundle = bundle;
  call.id = id;
  const Variables variables(spec, call, find_low_level_runtime(config.runtimes).path);
  print(hook_preview(spec, sources, variables, config.sandbox, arguments.has("json") ? Format::json : Format::text));
  return 0;
}

int seconds(const std::string& text) {
  int result = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), result);
  if (failure != std::errc() || end != text.data() + text.size())
    throw UsageError(fmt::format("--timeout {}: a number of seconds is expected", text));
  return result;
}

// K=V, each meant as it is written; K alone: with any value.
std::pair<std::string, std::string> annotation_patterns(const std::string& text) {
  const std::size_t equals = text.find('=');
  if (equals == text.npos) return {literal_pattern(text), ""};
  return {literal_pattern(text.substr(0, equals)), literal_pattern(text.substr(equals + 1))};
}

std::string last_directory(const Config& config) {
  if (config.hooks_dirs.empty()) throw Error("add a hook: `dirs` is empty");
  return config.hooks_dirs.back();
}

NewHook new_hook(const Arguments& arguments) {
  if (arguments.operands.empty()) throw UsageError("hooks add: the PATH of a program is expected");
  if (!arguments.has("stage")) throw UsageError("hooks add: --stage is expected");
  NewHook result;
  result.hook.path = arguments.operands.front();
  result.name = arguments.value("name", result.hook.path.substr(result.hook.path.rfind('/') + 1));
  if (arguments.operands.size() > 1) result.hook.args = arguments.operands;
  if (arguments.has("timeout")) result.hook.timeout = seconds(arguments.value("timeout"));
  for (const std::string& name : arguments.values("stage")) {
    const std::optional<Stage> stage = stage_named(name);
    if (!stage)
      throw UsageError(fmt::format("--stage {}: there is no such stage{}", name, did_you_mean(name, stage_names)));
    result.stages.push_back(*stage);
  }
  for (const std::string& pair : arguments.values("when-annotation"))
    result.annotations.push_back(annotation_patterns(pair));
  result.commands = arguments.values("when-command");
  return result;
}

int run_hooks_add(const Arguments& arguments) {
  const Config config = effective_config(arguments);
  say(arguments, "wrote " + add_hook(new_hook(arguments), last_directory(config)));
  return 0;
}

int run_hooks_remove(const Arguments& arguments) {
  if (arguments.operands.size() != 1) throw UsageError("hooks remove: one NAME is expected");
  const Config config = effective_config(arguments);
  say(arguments, "removed " + remove_hook(arguments.operands.front(), config.hooks_dirs));
  return 0;
}

constexpr CommandOption profile_option = {"profile", "NAME", "As the profile NAME has it"};

constexpr CommandOption root_option = {"root", "DIR", "Work on the file system that is mounted at DIR"};
constexpr CommandOption json_option = {"json", "", "Print JSON"};

constexpr CommandOption runtime_option = {"runtime", "ENGINE", "docker (the default), containerd, crio or podman"};
constexpr CommandOption config_file_option = {"config-file", "FILE", "The engine's configuration, edited in place"};
constexpr CommandOption drop_in_option = {"drop-in-config", "FILE", "A file beside it that is edited instead"};
constexpr CommandOption name_option = {"name", "NAME", "The runtime's name in the engine (container-hooks-runtime)"};
constexpr CommandOption path_option = {"path", "FILE", "The runtime's program (/usr/bin/container-hooks-runtime)"};
constexpr CommandOption runtime_profile_option = {"profile", "NAME",
                                                  "The shim with this profile, as container-hooks-NAME"};
constexpr CommandOption dry_run_option = {"dry-run", "", "Show the difference it would make and write nothing"};
constexpr CommandOption restart_option = {"restart", "", "Have the engine read its configuration again"};

// A function, so that the shim, which has no use for it, does not pay for making it at start-up.
std::vector<Command> commands() {
  return {
      Command{
          "install",
          "",
          "Put the toolkit and its links into /usr/bin",
          {{"toolkit-root", "DIR", "The directory that holds the container-hooks-toolkit to install (the running one)"},
           {"bindir", "DIR", "Where to put it (/usr/bin)"},
           root_option},
          "  container-hooks-ctk install --toolkit-root=./build\n"
          "  container-hooks-ctk install --root=/mnt/image\n",
          run_install},
      Command{"uninstall",
              "",
              "Remove them again, unless an engine is still configured to use them",
              {{"bindir", "DIR", "Where they are (/usr/bin)"},
               {"force", "", "Also while an engine uses them"},
               root_option},
              "  container-hooks-ctk uninstall\n",
              run_uninstall},
      Command{"status",
              "",
              "Tell whether it works on this host, and if not, where the chain breaks",
              {json_option, root_option},
              "  container-hooks-ctk status\n",
              run_status},
      Command{"runtime configure",
              "",
              "Make an engine know the runtime",
              {runtime_option,
               config_file_option,
               drop_in_option,
               name_option,
               path_option,
               runtime_profile_option,
               {"set-as-default,default", "", "Make it the engine's default runtime"},
               dry_run_option,
               restart_option,
               root_option},
              "  container-hooks-ctk runtime configure --default --restart\n"
              "  container-hooks-ctk runtime configure --runtime=containerd --dry-run\n",
              run_configure},
      Command{"runtime unconfigure",
              "",
              "Take it back: the previous default returns, other edits stay",
              {runtime_option, config_file_option, drop_in_option, name_option, path_option, runtime_profile_option,
               dry_run_option, restart_option, root_option},
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
      Command{
          "hooks check",
          "[FILE|DIR...]",
          "Tell everything that is wrong with the configured hooks, or with these files, for whatever host they are",
          {profile_option},
          "  container-hooks-ctk hooks check\n"
          "  container-hooks-ctk hooks check ./infrastructure/hooks.d\n",
          run_hooks_check},
      Command{"hooks list",
              "",
              "Show all hooks, by stage, with their conditions",
              {profile_option, json_option},
              "  container-hooks-ctk hooks list\n",
              run_hooks_list},
      Command{"hooks preview",
              "",
              "Show what the shim would do to a container, and why each hook applies or not",
              {{"bundle", "DIR", "The bundle of the container"},
               {"spec", "FILE", "Its config.json, wherever that is"},
               {"id", "ID", "Its id"},
               profile_option,
               json_option},
              "  container-hooks-ctk hooks preview --bundle /run/containerd/io.containerd.runtime.v2.task/moby/ID --id "
              "ID\n",
              run_hooks_preview},
      Command{
          "hooks add",
          "[--] PATH [ARGS...]",
          "Write a file of hooks.d",
          {{"stage", "STAGE", "When it runs; can be repeated"},
           {"name", "NAME", "The file's name (the program's)"},
           {"when-annotation", "KEY=VALUE", "Only for containers with this annotation; can be repeated"},
           {"when-command", "REGEX", "Only for containers whose command matches; can be repeated"},
           {"timeout", "SECONDS", "How long it may take"},
           profile_option,
           root_option},
          "  container-hooks-ctk hooks add --stage createRuntime --timeout 5 /usr/local/bin/verify -- --id '{{id}}'\n",
          run_hooks_add},
      Command{"hooks remove",
              "NAME",
              "Remove a file of hooks.d",
              {profile_option, root_option},
              "  container-hooks-ctk hooks remove verify\n",
              run_hooks_remove},
  };
}

}  // namespace

int ctk_main(int argc, char** argv) {
  const std::vector<Command> table = commands();
  return run_command(
      {"container-hooks-ctk", TOOLKIT_VERSION,
       "Configures engines, hooks and this toolkit: OCI lifecycle hooks for every container of every engine.", table},
      argc, argv);
}
