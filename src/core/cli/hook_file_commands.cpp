// SPDX-License-Identifier: Apache-2.0
#include "core/cli/hook_file_commands.h"

#include <stdlib.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <iterator>
#include <vector>

#include "core/cli/common_options.h"
#include "core/error.h"
#include "core/hooks/hook_check.h"
#include "core/hooks/hook_edit.h"
#include "core/host/child.h"
#include "core/host/file.h"
#include "core/host/output.h"
#include "core/host/path.h"
#include "core/host/process.h"
#include "core/oci/low_level_runtime.h"
#include "core/text/diff.h"
#include "core/text/json.h"
#include "core/text/pattern.h"
#include "core/text/printable.h"
#include "core/text/suggestion.h"
#include "core/toolkit/config_edit.h"

namespace {

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

// A file for an editor, of our own directory, both of which go unless they are kept.
class Draft {
 public:
  Draft(const std::string& name, const std::string& text) {
    const char* temporary = environment("TMPDIR");
    directory_ = fmt::format("{}/container-hooks.XXXXXX", temporary == nullptr ? "/tmp" : temporary);
    if (mkdtemp(directory_.data()) == nullptr) throw system_error("create {}", directory_);
    path_ = fmt::format("{}/{}", directory_, name);
    replace_file(read_file(path_), {text}, Durability::rename_only);
  }
  ~Draft() {
    if (is_kept_) return;
    unlink(path_.c_str());
    rmdir(directory_.c_str());
  }
  Draft(const Draft&) = delete;
  Draft& operator=(const Draft&) = delete;

  const std::string& path() const { return path_; }
  std::string text() const { return read_file(path_).content; }
  void keep() { is_kept_ = true; }

 private:
  std::string directory_, path_;
  bool is_kept_ = false;
};

// As git does: a command of the shell.
void run_editor(const std::string& path) {
  const int status = run_in_terminal({"sh", "-c", "exec ${VISUAL:-${EDITOR:-vi}} \"$1\"", "sh", path});
  if (status != 0) throw error("the editor ended with status {}: nothing is changed", status);
}

// Whether the shim would take the text there; what is wrong with it, or unwise, is said.
bool is_usable(const RootedPath& path, const std::string& text) {
  const LoadedHooks checked = check_hooks(load_hook_text(path, text));
  for (const Finding& finding : checked.findings)
    print_error(fmt::format("{}: {}\n", finding.severity == Severity::error ? "error" : "warning",
                            printable_line(finding.text)));
  return !has_errors(checked.findings);
}

}  // namespace

int run_hooks_edit(const Arguments& arguments) {
  if (arguments.operands.size() != 1) throw UsageError("hooks edit: one NAME is expected");
  const RootedPath directory(root_directory(arguments), last_directory(effective_config(arguments)));
  const File file = hook_file_to_edit(arguments.operands.front(), directory);
  Draft draft(file.name, file.content);
  run_editor(draft.path());
  const std::string text = draft.text();
  if (text == file.content) return say(arguments, "unchanged " + file.path), 0;
  if (!is_usable(directory / file.name, text)) {
    draft.keep();
    throw error("{} is not changed; your text is in {}", file.path, draft.path());
  }
  replace_hook_file(file, text);
  say(arguments, "wrote " + file.path);
  return 0;
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
