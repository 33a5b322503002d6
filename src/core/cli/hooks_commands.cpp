// The operator's hooks: the rows of their commands, and what checks and lists them.
//
// SPDX-License-Identifier: Apache-2.0
#include <vector>

#include "core/cli/commands.h"
#include "core/cli/common_options.h"
#include "core/cli/hook_file_commands.h"
#include "core/cli/hook_report.h"
#include "core/cli/preview_commands.h"
#include "core/cli/record_commands.h"
#include "core/error.h"
#include "core/hooks/hook_check.h"
#include "core/hooks/hook_format.h"
#include "core/host/output.h"
#include "core/text/printable.h"

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
  const LoadedHooks checked =
      check_hooks(hooks_to_check(arguments), arguments.has("portable") ? Portable::all : Portable::engines_own);
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

constexpr CommandOption check_options[] = {
    {"strict", "", "Fail where there are warnings, too"},
    {"portable", "", "Say what podman and CRI-O would make of each file"},
    profile_option,
    root_option,
    json_option,
};
constexpr CommandOption list_options[] = {profile_option, root_option, json_option};

int run_hooks_schema(const Arguments& arguments) {
  if (arguments.operands.size() > 1) throw UsageError("hooks schema: hooks.d or hooks.json is expected");
  const std::string format = arguments.operands.empty() ? "hooks.d" : arguments.operands.front();
  if (format != "hooks.d" && format != "hooks.json")
    throw UsageError(fmt::format("hooks schema {}: hooks.d or hooks.json is expected", json_quoted(format)));
  print(format == "hooks.d" ? hook_file_schema() : hooks_json_schema());
  return 0;
}

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
    {"hooks variables", "[CONTAINER]", "Show the variables of hooks, with the values that a container has",
     variables_options, "  container-hooks-ctk hooks variables web\n", run_hooks_variables},
    {"hooks add", "[--] PROGRAM [ARGS...]", "Write a file of hooks.d", add_options,
     "  container-hooks-ctk hooks add --stage createRuntime --timeout 5 /usr/local/bin/verify --id '{{id}}'\n"
     "  container-hooks-ctk hooks add --stage poststop --name log-stop -- logger 'stopped {{id}}'\n"
     "  container-hooks-ctk hooks add --stage poststop --name all-but-system --unless-namespace kube-system logger "
     "{{id}}\n",
     run_hooks_add, true},
    {"hooks schema",
     "[hooks.d|hooks.json]",
     "Print a JSON Schema of a file of hooks.d, or of hooks.json",
     {},
     "  container-hooks-ctk hooks schema > hooks.d.schema.json\n",
     run_hooks_schema},
    {"hooks show", "NAME", "Print the file of a hook", named_options, "  container-hooks-ctk hooks show verify\n",
     run_hooks_show},
    {"hooks edit", "NAME", "Edit the file of a hook, which is written when nothing is wrong with it", named_options,
     "  EDITOR=vi container-hooks-ctk hooks edit verify\n", run_hooks_edit},
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
