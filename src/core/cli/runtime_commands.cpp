// Runtimes: what engines know of the shim.
//
// SPDX-License-Identifier: Apache-2.0
#include <unistd.h>

#include <algorithm>
#include <iterator>
#include <vector>

#include "core/cli/commands.h"
#include "core/cli/common_options.h"
#include "core/engine/plan.h"
#include "core/engine/undo.h"
#include "core/error.h"
#include "core/host/output.h"
#include "core/host/path.h"
#include "core/host/privilege.h"
#include "core/host/process.h"
#include "core/text/diff.h"
#include "core/toolkit/names.h"

namespace {

// The one beside this tool, unless it works on another file system, or stands alone.
std::string shim_path(const std::string& root) {
  const std::string beside = fmt::format("{}/{}", directory_of(binary_path()), runtime_role);
  return root.empty() && access(beside.c_str(), X_OK) == 0 ? beside : std::string(default_runtime_path);
}

EngineRequest engine_request(const Arguments& arguments) {
  EngineRequest request;
  request.root = root_directory(arguments);
  request.config_file = given_path(arguments, "config-file");
  request.drop_in = given_path(arguments, "drop-in-config");
  const std::string name = arguments.value("runtime", docker.name);
  request.engine = request.config_file.empty() ? &engine_called(name, request.root) : &engine_called(name);
  request.wanted.name = arguments.value("name", default_runtime_name);
  request.wanted.path = arguments.value("path", shim_path(request.root));
  if (const std::string profile = given_profile(arguments); !profile.empty()) {
    request.wanted.name = arguments.value("name", "container-hooks-" + profile);
    request.link_suffix = '.' + profile;
    request.wanted.path += request.link_suffix;
  }
  request.wanted.as_default = arguments.has("set-as-default");
  request.force = arguments.has("force");
  return request;
}

using Planner = EnginePlan (*)(const EngineRequest&);

// Planned again under the lock: what was read before may have changed. Where nothing is needed there is no lock to take,
// but perhaps something to clear away.
EnginePlan carry_out(Planner planner, const EngineRequest& request) {
  EnginePlan plan = planner(request);
  if (!plan.is_needed()) {
    apply(plan);
    return plan;
  }
  require_writable(plan, request.engine->without_root);
  const UndoLock lock(request.root);
  plan = planner(request);
  std::ranges::move(apply(plan), std::back_inserter(plan.notes));
  return plan;
}

std::string diff_of(const Change& change) {
  return unified_diff(change.before ? change.path : "/dev/null", change.before.value_or(""),
                      change.after ? change.path : "/dev/null", change.after.value_or(""));
}

void report(const Arguments& arguments, const Change& change) {
  const bool is_dry = arguments.has("dry-run");
  if (!change.is_needed() || change.kind == Change::Kind::record) return;
  if (change.kind == Change::Kind::file && (is_dry || arguments.verbosity == Verbosity::debug)) print(diff_of(change));
  if (!is_dry) say(arguments, fmt::format("{} {}", change.after ? "wrote" : "removed", change.shown_path()));
}

// The command that makes the engine read it is said, or run; an engine elsewhere will start with the file.
void reload(const Arguments& arguments, const EnginePlan& plan) {
  if (plan.reload.empty() || arguments.has("root")) return;
  if (arguments.has("restart") && !arguments.has("dry-run")) return run_reload(plan.reload);
  warn(arguments, fmt::format("for {} to read this: {}", plan.engine->name, plan.reload));
}

int run(const Arguments& arguments, const EngineRequest& request, Planner planner) {
  const EnginePlan plan = arguments.has("dry-run") ? planner(request) : carry_out(planner, request);
  explain(arguments, fmt::format("{}: runtime {} = {}", plan.engine->name, request.wanted.name, request.wanted.path));
  for (const Change& change : plan.changes) report(arguments, change);
  if (!plan.has(Change::Kind::file)) say(arguments, fmt::format("{}: nothing to change", plan.engine->name));
  for (const std::string& note : plan.notes) warn(arguments, note);
  reload(arguments, plan);
  return 0;
}

void warn_of_missing_profile(const Arguments& arguments) {
  if (!arguments.has("profile")) return;
  const RootedPath config = config_file(arguments);
  const std::string profile = given_profile(arguments);
  const std::vector<std::string> known = profiles_in(config);
  if (std::ranges::find(known, profile) == known.end())
    warn(arguments, fmt::format("{} has no [profiles.{}] yet: containers of this runtime will not start",
                                config.shown(), profile));
}

int run_configure(const Arguments& arguments) {
  const EngineRequest request = engine_request(arguments);
  warn_of_missing_profile(arguments);
  return run(arguments, request, plan_configure);
}

int run_unconfigure(const Arguments& arguments) {
  return run(arguments, engine_request(arguments), arguments.has("keep-runtime") ? plan_release : plan_unconfigure);
}

constexpr CommandOption runtime_option = {"runtime", "ENGINE",
                                          "docker (the default), containerd, crio, podman, k3s, rke2, k0s or microk8s"};
constexpr CommandOption config_file_option = {"config-file,config", "FILE",
                                              "The engine's configuration, edited in place"};
constexpr CommandOption drop_in_option = {"drop-in-config", "FILE", "A file beside it that is edited instead"};
constexpr CommandOption name_option = {"name,runtime-name,nvidia-runtime-name", "NAME",
                                       "The runtime's name in the engine (container-hooks-runtime)"};
constexpr CommandOption path_option = {
    "path,runtime-path,nvidia-runtime-path", "FILE",
    "The runtime's program (container-hooks-runtime beside this tool, else in /usr/bin)"};
constexpr CommandOption with_profile_option = {"profile", "NAME",
                                               "The shim with this profile, as container-hooks-NAME"};
constexpr CommandOption default_option = {"set-as-default,default,nvidia-set-as-default", "",
                                          "Make it the engine's default runtime"};
constexpr CommandOption dry_run_option = {"dry-run", "", "Show the difference it would make and write nothing"};
constexpr CommandOption restart_option = {"restart", "", "Make the engine read its configuration again"};

constexpr CommandOption keep_runtime_option = {"keep-runtime", "",
                                               "Only the default: the runtime stays for containers that still need it"};

constexpr CommandOption force_option = {"force", "", "Configure a program that cannot be executed yet, too"};

constexpr CommandOption configure_options[] = {
    runtime_option, config_file_option, drop_in_option, name_option,  path_option, with_profile_option,
    default_option, dry_run_option,     restart_option, force_option, root_option,
};
constexpr CommandOption unconfigure_options[] = {
    runtime_option,      config_file_option,  drop_in_option, name_option,    path_option,
    with_profile_option, keep_runtime_option, dry_run_option, restart_option, root_option,
};

constexpr Command rows[] = {
    {"runtime configure", "", "Add the runtime to an engine's configuration", configure_options,
     "  container-hooks-ctk runtime configure --default --restart\n"
     "  container-hooks-ctk runtime configure --runtime=containerd --dry-run\n",
     run_configure},
    {"runtime unconfigure", "", "Remove it again: the previous default returns, other edits stay", unconfigure_options,
     "  container-hooks-ctk runtime unconfigure --restart\n"
     "  container-hooks-ctk runtime unconfigure --runtime=containerd --keep-runtime\n",
     run_unconfigure},
};

}  // namespace

const CommandGroup runtime_commands = {"runtime", rows};
