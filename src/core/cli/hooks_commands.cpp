// The operator's hooks: checking, showing, adding and removing them.
//
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <charconv>
#include <iterator>
#include <optional>
#include <vector>

#include "core/cli/commands.h"
#include "core/cli/common_options.h"
#include "core/cli/container_search.h"
#include "core/cli/hook_report.h"
#include "core/cli/record_commands.h"
#include "core/error.h"
#include "core/hooks/hook_check.h"
#include "core/hooks/hook_edit.h"
#include "core/host/file.h"
#include "core/host/output.h"
#include "core/host/path.h"
#include "core/oci/low_level_runtime.h"
#include "core/text/diff.h"
#include "core/text/json.h"
#include "core/text/printable.h"
#include "core/text/suggestion.h"
#include "core/toolkit/config_edit.h"

namespace {

Format format_of(const Arguments& arguments) { return arguments.has("json") ? Format::json : Format::text; }

// Those that are configured, or those of the operands.
LoadedHooks hooks_to_check(const Arguments& arguments) {
  const std::string root = root_directory(arguments);
  if (arguments.operands.empty()) return load_hooks(effective_config(arguments), root);
  LoadedHooks result;
  for (const std::string& path : arguments.operands) {
    const bool in_root = !root.empty() && !path.starts_with('/');
    append(result, load_hooks_for_review({root, in_root ? '/' + path : path}));
  }
  return result;
}

int run_hooks_check(const Arguments& arguments) {
  const LoadedHooks checked = check_hooks(hooks_to_check(arguments));
  const Format format = format_of(arguments);
  if (format == Format::json || arguments.verbosity != Verbosity::quiet) print(check_report(checked, format));
  return has_errors(checked.findings) || (arguments.has("strict") && !checked.findings.empty());
}

int run_hooks_list(const Arguments& arguments) {
  const LoadedHooks loaded = load_hooks(effective_config(arguments), root_directory(arguments));
  print(hook_list(loaded, format_of(arguments)));
  for (const Finding& finding : loaded.findings)
    if (finding.severity == Severity::error) print_error(fmt::format("error: {}\n", printable_line(finding.text)));
  return has_errors(loaded.findings);
}

// The container to preview: one of an engine, a bundle, or a spec that is read from anywhere.
struct PreviewedContainer {
  std::string id;
  std::string bundle;
  Spec spec;
};

std::string content_of_spec(const std::string& path) {
  File file = read_file(path);
  if (!file.status) throw missing("read {}", path);
  return std::move(file.content);
}

PreviewedContainer in_bundle(const std::string& bundle, std::string id, const std::string& spec_path) {
  return {std::move(id), bundle, Spec(spec_path, content_of_spec(spec_path))};
}

PreviewedContainer container_to_preview(const Arguments& arguments) {
  if (arguments.has("bundle") + arguments.has("spec") + static_cast<int>(arguments.operands.size()) != 1)
    throw UsageError("hooks preview: one CONTAINER, or --bundle, or --spec is expected");
  if (!arguments.operands.empty()) {
    FoundContainer found = container_called(arguments.operands.front());
    return in_bundle(found.bundle, std::move(found.id), found.bundle + "/config.json");
  }
  const std::string spec = arguments.value("spec");
  const std::string path = absolute_path(arguments.has("bundle") ? arguments.value("bundle") + "/config.json" : spec);
  const std::string bundle = directory_of(spec == "-" ? absolute_path("./config.json") : path);
  std::string id = arguments.value("id", base_name(bundle));
  if (spec == "-") return {std::move(id), bundle, Spec("standard input", read_standard_input())};
  return in_bundle(bundle, std::move(id), path);
}

int run_hooks_preview(const Arguments& arguments) {
  const Config config = effective_config(arguments);
  const LoadedHooks loaded = load_hooks(config);
  require_no_errors(loaded.findings);
  const PreviewedContainer container = container_to_preview(arguments);
  CommandLine call;
  call.bundle = container.bundle;
  call.id = container.id;
  const Variables variables(container.spec, call, find_low_level_runtime(config.runtimes).path);
  print(hook_preview({container.spec, loaded, variables, config}, format_of(arguments)));
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
std::pair<std::string, std::string> pair_of_patterns(const std::string& text) {
  const std::size_t equals = text.find('=');
  if (equals == text.npos) return {literal_pattern(text), ""};
  return {literal_pattern(text.substr(0, equals)), literal_pattern(text.substr(equals + 1))};
}

std::string last_directory(const Config& config) {
  if (config.hooks_dirs.empty()) throw Error("add a hook: `dirs` is empty");
  return config.hooks_dirs.back();
}

std::vector<Stage> stages_of(const Arguments& arguments) {
  if (!arguments.has("stage")) throw UsageError("hooks add: --stage is expected");
  std::vector<Stage> result;
  for (const std::string& name : arguments.values("stage")) {
    const std::optional<Stage> stage = stage_named(name);
    if (!stage)
      throw UsageError(fmt::format("--stage {}: there is no such stage{}", name, did_you_mean(name, stage_names)));
    result.push_back(*stage);
  }
  return result;
}

// The shim takes absolute paths alone. What is relative to a directory, or to PATH, of this host says nothing of another
// file system, nor of a container.
std::string program_path(const std::string& given, const std::vector<Stage>& stages, const std::string& root) {
  if (given.starts_with('/') || !root.empty() || std::ranges::none_of(stages, runs_on_host)) return given;
  if (given.find('/') != given.npos) return absolute_path(given);
  std::string found = find_low_level_runtime({given}).path;
  if (found.empty()) throw error("add a hook: there is no program {} in PATH", json_quoted(given));
  return found;
}

std::vector<std::string> environment_of(const Arguments& arguments) {
  std::vector<std::string> result = arguments.values("env");
  for (const std::string& pair : result)
    if (pair.find('=') == pair.npos || pair.starts_with('='))
      throw UsageError(fmt::format("--env {}: NAME=VALUE is expected", pair));
  return result;
}

Hook hook_of(const Arguments& arguments, const std::vector<Stage>& stages) {
  Hook hook;
  hook.path = program_path(arguments.operands.front(), stages, root_directory(arguments));
  if (arguments.operands.size() > 1) {
    hook.args = arguments.operands;
    hook.args->front() = hook.path;
  }
  if (arguments.has("env")) hook.env = environment_of(arguments);
  if (arguments.has("timeout")) hook.timeout = seconds(arguments.value("timeout"));
  return hook;
}

std::vector<std::pair<std::string, std::string>> pairs_of(const std::vector<std::string>& values) {
  std::vector<std::pair<std::string, std::string>> result;
  for (const std::string& pair : values) result.push_back(pair_of_patterns(pair));
  return result;
}

// Of the options that begin so.
NewCondition condition_of(const Arguments& arguments, const std::string& prefix) {
  NewCondition result;
  result.annotations = pairs_of(arguments.values(prefix + "annotation"));
  result.commands = arguments.values(prefix + "command");
  result.images = arguments.values(prefix + "image");
  result.labels = pairs_of(arguments.values(prefix + "label"));
  for (const std::string& name : arguments.values(prefix + "namespace"))
    result.namespaces.push_back(literal_pattern(name));
  result.needs_bind_mounts = arguments.has(prefix + "bind-mounts");
  return result;
}

NewHook new_hook(const Arguments& arguments) {
  if (arguments.operands.empty()) throw UsageError("hooks add: a PROGRAM is expected");
  NewHook result;
  result.stages = stages_of(arguments);
  result.hook = hook_of(arguments, result.stages);
  result.name = arguments.value("name", base_name(result.hook.path));
  result.when = condition_of(arguments, "when-");
  result.unless = condition_of(arguments, "unless-");
  return result;
}

void report(const Arguments& arguments, const HookFileChange& change) {
  if (!change.is_needed()) return say(arguments, "unchanged " + change.path);
  if (!arguments.has("dry-run")) return say(arguments, "wrote " + change.path);
  print(unified_diff(change.before ? change.path : "/dev/null", change.before.value_or(""), change.path, change.after));
}

// A user's own directory of hooks counts from when a config.toml of theirs names it.
struct HookPlace {
  RootedPath config;
  std::vector<std::string> assignments;  // for a config.toml that is not there yet; none: nothing to write
  RootedPath directory;
};

HookPlace place_to_add_to(const Arguments& arguments) {
  const RootedPath config = config_file_to_write(arguments);
  std::vector<std::string> assignments = assignments_to_create(config, arguments);
  if (!assignments.empty()) return {config, std::move(assignments), own_hooks_directory()};
  return {config, {}, {root_directory(arguments), last_directory(effective_config(arguments))}};
}

HookFileChange write_hook(const Arguments& arguments, const NewHook& hook, const HookPlace& place, IfThere if_there) {
  if (!place.assignments.empty()) {
    write_config(place.config, place.assignments);
    say(arguments, "created " + place.config.shown());
  }
  return add_hook(hook, place.directory, if_there);
}

int run_hooks_add(const Arguments& arguments) {
  const NewHook hook = new_hook(arguments);
  const HookPlace place = place_to_add_to(arguments);
  const IfThere if_there = arguments.has("replace") ? IfThere::replace : IfThere::refuse;
  const HookFileChange planned = plan_hook(hook, place.directory, if_there);  // refuses before anything is written
  report(arguments, arguments.has("dry-run") ? planned : write_hook(arguments, hook, place, if_there));
  for (const std::string& argument : arguments.mistakable)
    warn(arguments,
         fmt::format("{} comes after the program and is its argument; options of hooks add go before it", argument));
  return 0;
}

// on: they are enabled.
int switch_all(const Arguments& arguments, bool on) {
  const std::string_view done = on ? "enabled" : "disabled";
  if (arguments.operands.empty())
    throw UsageError(fmt::format("hooks {}: a NAME is expected", on ? "enable" : "disable"));
  const Config config = effective_config(arguments);
  for (const SwitchedHook& each : switch_hooks(arguments.operands, on, config.hooks_dirs, root_directory(arguments))) {
    say(arguments, fmt::format("{} {}", each.is_changed ? done : "unchanged", each.path));
    if (!on && !each.in_force.empty()) say(arguments, fmt::format("{} is in force now", each.in_force));
  }
  return 0;
}

int run_hooks_enable(const Arguments& arguments) { return switch_all(arguments, true); }
int run_hooks_disable(const Arguments& arguments) { return switch_all(arguments, false); }

int run_hooks_show(const Arguments& arguments) {
  if (arguments.operands.size() != 1) throw UsageError("hooks show: one NAME is expected");
  print(
      hook_file_called(arguments.operands.front(), effective_config(arguments).hooks_dirs, root_directory(arguments)));
  return 0;
}

int run_hooks_remove(const Arguments& arguments) {
  if (arguments.operands.empty()) throw UsageError("hooks remove: a NAME is expected");
  const Config config = effective_config(arguments);
  for (const RemovedHook& each : remove_hooks(arguments.operands, config.hooks_dirs, root_directory(arguments))) {
    say(arguments, "removed " + each.path);
    if (!each.in_force.empty()) say(arguments, fmt::format("{} is in force now", each.in_force));
  }
  return 0;
}

constexpr CommandOption check_options[] = {
    {"strict", "", "Fail where there are warnings, too"},
    profile_option,
    root_option,
    json_option,
};
constexpr CommandOption list_options[] = {profile_option, root_option, json_option};
constexpr CommandOption preview_options[] = {
    {"bundle", "DIR", "The bundle of the container"},
    {"spec", "FILE", "Its config.json, wherever that is; -: standard input"},
    {"id", "ID", "Its id (the name of the bundle's directory)"},
    profile_option,
    json_option,
};
constexpr CommandOption add_options[] = {
    {"stage", "STAGE", "When it runs; can be repeated"},
    {"name", "NAME", "The file's name (the program's)"},
    {"replace", "", "Also where a file of that name says something else"},
    {"when-annotation", "KEY=VALUE", "Only for containers with this annotation; can be repeated"},
    {"when-command", "REGEX", "Only for containers whose command matches; can be repeated"},
    {"when-image", "REGEX", "Only for containers whose image's name matches; can be repeated"},
    {"when-label", "KEY=VALUE", "Only for containers with this label; can be repeated"},
    {"when-namespace", "NAME", "Only for containers of this Kubernetes namespace; can be repeated"},
    {"when-bind-mounts", "", "Only for containers with bind mounts that are not the engine's own"},
    {"unless-annotation", "KEY=VALUE", "Not for containers with this annotation; can be repeated"},
    {"unless-command", "REGEX", "Not for containers whose command matches; can be repeated"},
    {"unless-image", "REGEX", "Not for containers whose image's name matches; can be repeated"},
    {"unless-label", "KEY=VALUE", "Not for containers with this label; can be repeated"},
    {"unless-namespace", "NAME", "Not for containers of this Kubernetes namespace; can be repeated"},
    {"unless-bind-mounts", "", "Not for containers with bind mounts that are not the engine's own"},
    {"timeout", "SECONDS", "How long it may take"},
    {"env", "NAME=VALUE", "A variable of its environment, which has no others then; can be repeated"},
    {"dry-run", "", "Show the file it would write and write nothing"},
    profile_option,
    user_option,
    root_option,
};
constexpr CommandOption named_options[] = {profile_option, root_option};

constexpr Command rows[] = {
    {"hooks check", "[FILE|DIR...]",
     "Report everything that is wrong with the configured hooks, or with these files, for whatever host they are",
     check_options,
     "  container-hooks-ctk hooks check\n"
     "  container-hooks-ctk hooks check ./infrastructure/hooks.d\n",
     run_hooks_check},
    {"hooks list", "", "Show all hooks, by stage, with their conditions", list_options,
     "  container-hooks-ctk hooks list\n", run_hooks_list},
    {"hooks preview", "[CONTAINER]", "Show what the shim would do to a container, and why each hook applies or not",
     preview_options,
     "  container-hooks-ctk hooks preview web\n"
     "  container-hooks-ctk hooks preview --bundle /run/containerd/io.containerd.runtime.v2.task/moby/ID --id ID\n",
     run_hooks_preview},
    {"hooks add", "[--] PROGRAM [ARGS...]", "Write a file of hooks.d", add_options,
     "  container-hooks-ctk hooks add --stage createRuntime --timeout 5 /usr/local/bin/verify --id '{{id}}'\n"
     "  container-hooks-ctk hooks add --stage poststop --name log-stop -- logger 'stopped {{id}}'\n"
     "  container-hooks-ctk hooks add --stage poststop --name all-but-system --unless-namespace kube-system logger "
     "{{id}}\n",
     run_hooks_add, true},
    {"hooks show", "NAME", "Print the file of a hook", named_options, "  container-hooks-ctk hooks show verify\n",
     run_hooks_show},
    {"hooks disable", "NAME...", "Rename files of hooks.d to NAME.json.disabled, which nobody reads", named_options,
     "  container-hooks-ctk hooks disable verify\n", run_hooks_disable},
    {"hooks enable", "NAME...", "Rename them back", named_options, "  container-hooks-ctk hooks enable verify\n",
     run_hooks_enable},
    {"hooks remove", "NAME...", "Remove files of hooks.d, all or none", named_options,
     "  container-hooks-ctk hooks remove verify log-stop\n", run_hooks_remove},
    {"hooks log", "", "Show the recorded runs of hooks: which, how long it took, and why it failed", log_options,
     "  container-hooks-ctk hooks log --failed --since 1h\n"
     "  container-hooks-ctk hooks log --container web\n",
     run_hooks_log},
    {"hooks stats", "", "Show how often each hook ran and failed, and how long it took", stats_options,
     "  container-hooks-ctk hooks stats\n", run_hooks_stats},
    {"hooks export", "", "Print the record for Prometheus, OpenTelemetry or Chrome's tracing", export_options,
     "  container-hooks-ctk hooks export --format prometheus > /var/lib/node_exporter/hooks.prom\n", run_hooks_export},
};

}  // namespace

const CommandGroup hooks_commands = {"hooks", rows};
