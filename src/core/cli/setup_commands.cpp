// A whole host in one command, and the way back.
//
// SPDX-License-Identifier: Apache-2.0
#include <signal.h>

#include <algorithm>
#include <array>
#include <ctime>
#include <span>
#include <vector>

#include "core/cli/commands.h"
#include "core/cli/common_options.h"
#include "core/engine/undo.h"
#include "core/error.h"
#include "core/host/directory.h"
#include "core/host/output.h"
#include "core/host/path.h"
#include "core/host/privilege.h"
#include "core/setup/provided_files.h"
#include "core/setup/setup.h"
#include "core/text/diff.h"
#include "core/text/json.h"
#include "core/text/split.h"

namespace {

constexpr timespec look_interval = {2, 0};  // at a directory of hooks

struct Done {
  std::span<const Change> changes;
  const Notes& notes;
  std::string service = "";  // as in EngineStep
  bool is_told = false;
};

// Two runtimes may be in the same file.
std::vector<std::string> unique(const std::vector<std::string>& paths) {
  std::vector<std::string> result;
  for (const std::string& path : paths)
    if (std::ranges::find(result, path) == result.end()) result.push_back(path);
  return result;
}

// What a step did, as a line for people or an object for programs.
class Report {
 public:
  explicit Report(const Arguments& arguments) : arguments_(arguments), is_dry_(arguments.has("dry-run")) {}

  bool is_dry() const { return is_dry_; }
  void add(std::string_view step, const Done& done);
  void add(std::string_view step, const Plan& plan) { add(step, Done{plan.changes, plan.notes}); }
  void add(std::string_view step, const EngineStep& of) {
    add(step, Done{of.changes, of.notes, of.service, of.is_told});
  }
  void finish() const {
    if (arguments_.has("json")) print(fmt::format("[{}]\n", join(objects_, ",\n ")));
  }

 private:
  void show(std::string_view step, const std::vector<std::string>& parts, const Notes& notes) const;

  const Arguments& arguments_;
  bool is_dry_;
  std::vector<std::string> objects_;
};

void Report::add(std::string_view step, const Done& done) {
  std::vector<std::string> written, removed, files;
  for (const Change& change : done.changes) {
    if (!change.is_needed() || change.kind == Change::Kind::record) continue;
    (change.after ? written : removed).push_back(change.shown_path());
    files.push_back(json_quoted(change.shown_path()));
  }
  std::vector<std::string> parts;
  if (!written.empty()) parts.push_back((is_dry_ ? "would write " : "wrote ") + join(unique(written), ", "));
  if (!removed.empty()) parts.push_back((is_dry_ ? "would remove " : "removed ") + join(unique(removed), ", "));
  if (!done.service.empty()) parts.push_back((done.is_told ? "ran " : "to do: ") + done.service);
  std::vector<std::string> notes;
  for (const std::string& note : done.notes) notes.push_back(json_quoted(note));
  objects_.push_back(json_object({{"step", json_quoted(step)},
                                  {"changed", fmt::format("[{}]", join(files, ", "))},
                                  {"service", done.service.empty() ? "null" : json_quoted(done.service)},
                                  {"told", done.is_told ? "true" : "false"},
                                  {"notes", fmt::format("[{}]", join(notes, ", "))}}));
  show(step, parts, done.notes);
  flush_output();
}

void Report::show(std::string_view step, const std::vector<std::string>& parts, const Notes& notes) const {
  if (!arguments_.has("json"))
    say(arguments_, fmt::format("{}: {}", step, parts.empty() ? "nothing to do" : join(parts, "; ")));
  for (const std::string& note : notes) warn(arguments_, fmt::format("{}: {}", step, note));
}

SetupRequest setup_request(const Arguments& arguments) {
  SetupRequest request;
  request.root = root_directory(arguments);
  for (const std::string& name : arguments.values("runtime"))
    request.engines.push_back(&engine_called(name, request.root));
  request.profiles = arguments.values("profile");
  request.as_default = arguments.has("set-as-default");
  const std::string restart = arguments.value("restart", "if-needed");
  if (restart != "if-needed" && restart != "never")
    throw UsageError(fmt::format("--restart {}: if-needed or never is expected", restart));
  request.restart = restart == "if-needed";
  return request;
}

// Of this file system, also with --root: it is what this process brings along.
ProvidedFiles provided_files(const Arguments& arguments) {
  return {root_directory(arguments), absolute_path(arguments.value("config")), absolute_path(arguments.value("hooks"))};
}

// Planned again under the lock, as long as that is held.
template <class Planner>
Plan carry_out_locked(const Report& report, const std::string& root, Planner planner) {
  Plan plan = planner();
  if (report.is_dry() || !plan.is_needed()) return plan;
  require_writable(plan);
  const UndoLock lock(root);
  plan = planner();
  carry_out(plan);
  return plan;
}

void show_plan(const Arguments& arguments, Report& report, const Engine& engine, const SetupRequest& request) {
  for (const EnginePlan& plan : plan_engine(engine, request)) {
    report.add(engine.name, Done{plan.changes, plan.notes, std::string(plan.reload)});
    for (const Change& change : plan.changes)
      if (change.kind == Change::Kind::file && change.is_needed() && !arguments.has("json"))
        print(unified_diff(change.before ? change.path : "/dev/null", change.before.value_or(""), change.path,
                           change.after.value_or("")));
  }
}

// Until SIGTERM: what comes into the directory of hooks goes to the host. What is wrong with it is said once.
int stay(const Arguments& arguments, const ProvidedFiles& files) {
  sigset_t end;
  sigemptyset(&end);
  sigaddset(&end, SIGTERM);
  sigaddset(&end, SIGINT);
  sigprocmask(SIG_BLOCK, &end, nullptr);
  std::string last_failure;
  while (sigtimedwait(&end, nullptr, &look_interval) < 0) try {
      if (files.hooks_directory.empty()) continue;
      Report report(arguments);
      const Plan plan = carry_out_locked(report, files.root, [&] { return plan_files(files); });
      if (plan.is_needed()) report.add("hooks", plan);
      last_failure.clear();
    } catch (const Error& failure) {
      if (failure.text != last_failure) warn(arguments, failure.text);
      last_failure = failure.text;
    }
  return 0;
}

int set_up_host(const Arguments& arguments) {
  const SetupRequest request = setup_request(arguments);
  const ProvidedFiles files = provided_files(arguments);
  plan_files(files);  // refuses before anything is written
  Report report(arguments);
  report.add("toolkit", carry_out_locked(report, request.root, [&] { return plan_toolkit(request.root); }));
  report.add("files", carry_out_locked(report, request.root, [&] { return plan_files(files); }));
  const std::vector<const Engine*> found = engines_to_set_up(request);
  for (const Engine* engine : found)
    report.is_dry() ? show_plan(arguments, report, *engine, request)
                    : report.add(engine->name, set_up(*engine, request));
  if (found.empty()) warn(arguments, "no engine was found: name one with --runtime");
  report.finish();
  return arguments.has("stay") && !report.is_dry() ? stay(arguments, files) : 0;
}

void refuse_if_needed(const Arguments& arguments, const std::string& root) {
  if (arguments.has("force")) return;
  const std::vector<std::string> containers = containers_in_need(root);
  if (!containers.empty())
    throw error("setup --undo: containers need the runtime: {}; remove them first, or use --force",
                join(containers, ", "));
}

// Those that setup has made, with its files in them.
void remove_empty_directories(const Plan& plan) {
  for (const Change& change : plan.changes) {
    if (change.kind != Change::Kind::file || change.after) continue;
    const RootedPath directory = RootedPath(change.root, change.path).directory();
    remove_if_empty(directory);
    remove_if_empty(directory.directory());
  }
}

int take_host_back(const Arguments& arguments) {
  const SetupRequest request = setup_request(arguments);
  refuse_if_needed(arguments, request.root);
  Report report(arguments);
  if (report.is_dry()) throw UsageError("--undo does not go with --dry-run");
  for (const Engine* engine : engines_to_tell_of(request.root)) report.add(engine->name, take_back(*engine, request));
  const Plan files = carry_out_locked(report, request.root, [&] { return plan_taking_files_back(request.root); });
  remove_empty_directories(files);
  report.add("files", files);
  report.add("toolkit", carry_out_locked(report, request.root, [&] { return plan_taking_toolkit_back(request.root); }));
  report.finish();
  return arguments.has("stay") ? stay(arguments, {}) : 0;
}

int run_setup(const Arguments& arguments) {
  return arguments.has("undo") ? take_host_back(arguments) : set_up_host(arguments);
}

constexpr CommandOption setup_options[] = {
    {"runtime", "ENGINE",
     "docker, containerd, crio, podman, k3s, rke2, k0s or microk8s; again for another (those that are found)"},
    {"set-as-default", "", "Make the runtime the default of these engines"},
    {"profile", "NAME", "One more runtime, with this profile, as container-hooks-NAME"},
    {"hooks", "DIR", "The files of hooks that setup keeps on the host as DIR has them"},
    {"config", "FILE", "What config.toml shall be (unless there is one, the defaults)"},
    {"restart", "WHEN", "if-needed (the default), or never: say only which engine has to read its file again"},
    {"stay", "", "Wait for SIGTERM afterwards, and meanwhile keep the hooks as DIR has them"},
    {"undo", "", "Take all of it back"},
    {"force", "", "Take it back also while containers need the runtime"},
    {"dry-run", "", "Show what would be done and write nothing"},
    json_option,
    root_option,
};

constexpr Command rows[] = {
    {"setup", "", "Install, provide hooks and configure the engines of a host, or take that back", setup_options,
     "  container-hooks-ctk setup --runtime=docker --set-as-default --hooks=infrastructure/hooks.d\n"
     "  container-hooks-ctk setup --root=/mnt/image --runtime=containerd\n"
     "  container-hooks-ctk setup --undo\n",
     run_setup},
};

}  // namespace

const CommandGroup setup_commands = {"", rows};
