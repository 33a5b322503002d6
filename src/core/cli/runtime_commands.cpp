// Runtimes: what engines know of the shim.
//
// SPDX-License-Identifier: Apache-2.0
#include <sys/stat.h>

#include <algorithm>
#include <vector>

#include "core/cli/commands.h"
#include "core/cli/common_options.h"
#include "core/engine/engine.h"
#include "core/error.h"
#include "core/host/directory.h"
#include "core/host/file.h"
#include "core/host/output.h"
#include "core/host/path.h"
#include "core/host/root.h"
#include "core/text/diff.h"
#include "core/toolkit/install.h"

namespace {

void require_file_name(const std::string& profile) {
  if (profile.empty() || profile.find('/') != profile.npos)
    throw UsageError(fmt::format("--profile \"{}\": a name without slashes is expected", profile));
}

EngineRequest engine_request(const Arguments& arguments) {
  EngineRequest request;
  request.engine = &engine_called(arguments.value("runtime", docker.name));
  request.config_file = given_path(arguments, "config-file");
  request.drop_in = given_path(arguments, "drop-in-config");
  request.root = root_directory(arguments);
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
  const RootedPath config = config_file(arguments);
  const std::string profile = arguments.value("profile");
  const std::vector<std::string> known = profiles_in(config);
  if (std::ranges::find(known, profile) == known.end())
    warn(arguments, fmt::format("{} has no [profiles.{}] yet: containers of this runtime will not start",
                                config.shown(), profile));
  const std::string link = profile_link(request);
  struct stat status;
  if (request.dry_run || leads_to_toolkit(link)) return false;
  if (lstat(link.c_str(), &status) == 0) throw error("{} is in the way and leads to no container-hooks-runtime", link);
  create_directories(directory_of(link));
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

constexpr CommandOption runtime_option = {"runtime", "ENGINE", "docker (the default), containerd, crio or podman"};
constexpr CommandOption config_file_option = {"config-file", "FILE", "The engine's configuration, edited in place"};
constexpr CommandOption drop_in_option = {"drop-in-config", "FILE", "A file beside it that is edited instead"};
constexpr CommandOption name_option = {"name", "NAME", "The runtime's name in the engine (container-hooks-runtime)"};
constexpr CommandOption path_option = {"path", "FILE", "The runtime's program (/usr/bin/container-hooks-runtime)"};
constexpr CommandOption with_profile_option = {"profile", "NAME",
                                               "The shim with this profile, as container-hooks-NAME"};
constexpr CommandOption default_option = {"set-as-default,default", "", "Make it the engine's default runtime"};
constexpr CommandOption dry_run_option = {"dry-run", "", "Show the difference it would make and write nothing"};
constexpr CommandOption restart_option = {"restart", "", "Have the engine read its configuration again"};

constexpr CommandOption configure_options[] = {
    runtime_option,      config_file_option, drop_in_option, name_option,    path_option,
    with_profile_option, default_option,     dry_run_option, restart_option, root_option,
};
constexpr CommandOption unconfigure_options[] = {
    runtime_option,      config_file_option, drop_in_option, name_option, path_option,
    with_profile_option, dry_run_option,     restart_option, root_option,
};

constexpr Command rows[] = {
    {"runtime configure", "", "Make an engine know the runtime", configure_options,
     "  container-hooks-ctk runtime configure --default --restart\n"
     "  container-hooks-ctk runtime configure --runtime=containerd --dry-run\n",
     run_configure},
    {"runtime unconfigure", "", "Take it back: the previous default returns, other edits stay", unconfigure_options,
     "  container-hooks-ctk runtime unconfigure --restart\n", run_unconfigure},
};

}  // namespace

const CommandGroup runtime_commands = {"runtime", rows};
