// The toolkit itself: putting it into a host, taking it out, and whether it works there.
//
// SPDX-License-Identifier: Apache-2.0
#include <unistd.h>

#include <algorithm>
#include <iterator>
#include <vector>

#include "core/cli/commands.h"
#include "core/cli/common_options.h"
#include "core/cli/status.h"
#include "core/engine/engine_state.h"
#include "core/engine/undo.h"
#include "core/error.h"
#include "core/host/output.h"
#include "core/host/privilege.h"
#include "core/text/split.h"
#include "core/toolkit/install.h"
#include "core/toolkit/purge.h"

namespace {

InstallRequest install_request(const Arguments& arguments) {
  InstallRequest request;
  if (arguments.has("toolkit-root"))
    request.binary = fmt::format("{}/{}", arguments.value("toolkit-root"), toolkit_name);
  request.bindir = given_path(arguments, "bindir", request.bindir);
  request.root = root_directory(arguments);
  return request;
}

// Engines that SELinux confines start only what its policy knows as a runtime, and that knows no place of ours.
void tell_of_label(const Arguments& arguments, const InstallRequest& request) {
  if (!request.root.empty() || access("/sys/fs/selinux/enforce", F_OK) != 0) return;
  warn(arguments, fmt::format("SELinux is on, for engines to start this as a runtime: "
                              "chcon -t container_runtime_exec_t {}/{}",
                              request.bindir, toolkit_name));
}

int run_install(const Arguments& arguments) {
  const InstallRequest request = install_request(arguments);
  const Plan plan = plan_install(request);
  require_writable(plan, "--bindir=DIR puts it elsewhere");
  carry_out(plan);
  for (const Change& change : plan.changes) say(arguments, "installed " + change.shown_path());
  tell_of_label(arguments, request);
  return 0;
}

// Engines that start containers by a runtime in bindir, or will: removing that would stop every container of theirs.
std::vector<std::string> users_of(const InstallRequest& request) {
  std::vector<std::string> users;
  for (const Engine* engine : engines) {
    const EngineState state(*engine, request.root);
    for (const ConfiguredRuntime& runtime : state.runtimes)
      users.push_back(fmt::format("{} ({}, {})", engine->name, runtime.file, runtime.entry.name));
    for (const RuntimeEntry& runtime : state.left_over())
      users.push_back(fmt::format("{} (running, {}{}: {})", engine->name, runtime.name,
                                  runtime.is_default ? ", its default" : "",
                                  state.way_to_forget(runtime, state.main_files())));
  }
  return users;
}

void require_unused(const Arguments& arguments, const InstallRequest& request) {
  if (arguments.has("force")) return;
  if (const std::vector<std::string> users = users_of(request); !users.empty())
    throw error("uninstall: still in use by {}; unconfigure it first, or use --force", join(users, ", "));
}

// A configuration that cannot be read must not keep anybody from leaving.
Config config_to_purge(const Arguments& arguments) {
  try {
    return effective_config(arguments);
  } catch (const Error& failure) {
    warn(arguments, failure.text);
    return {};
  }
}

// The undo records go, too: what they lead back to was left with --force.
Plan plan_of_rest(const Arguments& arguments, const std::string& root) {
  Plan plan = plan_purge(root, config_to_purge(arguments));
  const UndoRecords records(root);
  for (const UndoRecord& each : records.all()) plan.changes.push_back(records.to_remove(each.path, each.name));
  return plan;
}

void name_rest(const Arguments& arguments, const Plan& rest) {
  std::vector<std::string> paths;
  for (const Change& change : rest.changes) paths.push_back(change.shown_path());
  if (!paths.empty()) warn(arguments, fmt::format("left: {}; uninstall --purge removes that, too", join(paths, ", ")));
}

int run_uninstall(const Arguments& arguments) {
  const InstallRequest request = install_request(arguments);
  require_unused(arguments, request);
  Plan plan = plan_uninstall(request);
  Plan rest = plan_of_rest(arguments, request.root);
  const bool purges = arguments.has("purge"), is_dry = arguments.has("dry-run");
  if (purges) std::ranges::move(rest.changes, std::back_inserter(plan.changes));
  if (!is_dry) require_writable(plan);
  if (!is_dry) carry_out(plan);
  if (!is_dry && purges) remove_own_directories(request.root);
  for (const Change& change : plan.changes)
    if (change.is_needed()) say(arguments, (is_dry ? "would remove " : "removed ") + change.shown_path());
  if (!purges) name_rest(arguments, rest);
  return 0;
}

int run_status(const Arguments& arguments) {
  const std::vector<Subject> subjects = examine_host(root_directory(arguments));
  if (arguments.has("json"))
    print(status_as_json(subjects));
  else
    print_as_is(status_as_text(subjects, text_width(), in_colour()));
  return is_healthy(subjects) ? 0 : 1;
}

constexpr CommandOption install_options[] = {
    {"toolkit-root", "DIR", "The directory that holds the container-hooks-toolkit to install (the running one)"},
    {"bindir", "DIR", "Where to put it (/usr/bin)"},
    root_option,
};
constexpr CommandOption uninstall_options[] = {
    {"bindir", "DIR", "Where they are (/usr/bin)"},
    {"purge", "", "Remove configuration, hooks, undo records, log and record, too"},
    {"force", "", "Remove them even while an engine uses them"},
    {"dry-run", "", "Say what it would remove and remove nothing"},
    root_option,
};
constexpr CommandOption status_options[] = {json_option, root_option};

constexpr Command rows[] = {
    {"install", "", "Put the toolkit and its links into /usr/bin", install_options,
     "  container-hooks-ctk install --toolkit-root=./build\n"
     "  container-hooks-ctk install --root=/mnt/image\n",
     run_install},
    {"uninstall", "", "Remove them again, unless an engine is still configured to use them", uninstall_options,
     "  container-hooks-ctk uninstall\n"
     "  container-hooks-ctk uninstall --purge --dry-run\n",
     run_uninstall},
    {"status", "", "Show whether it works on this host, and if not, where the chain breaks", status_options,
     "  container-hooks-ctk status\n", run_status},
};

}  // namespace

const CommandGroup toolkit_commands = {"", rows};
