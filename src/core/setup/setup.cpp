// SPDX-License-Identifier: Apache-2.0
#include "core/setup/setup.h"

#include <algorithm>
#include <deque>
#include <iterator>

#include "core/engine/undo.h"
#include "core/engine/users.h"
#include "core/error.h"
#include "core/host/changed_root.h"
#include "core/host/file.h"
#include "core/host/root.h"
#include "core/setup/service.h"
#include "core/toolkit/names.h"

namespace {

constexpr timespec between_looks = {0, 200'000'000};
constexpr int looks_for_an_answer = 50;

EngineRequest request_for(const Engine& engine, const SetupRequest& setup, const std::string& profile) {
  EngineRequest request;
  request.engine = &engine;
  request.root = setup.root;
  request.wanted.as_default = setup.as_default && profile.empty();
  request.program_comes = true;
  if (profile.empty()) return request;
  request.wanted.name = "container-hooks-" + profile;
  request.link_suffix = '.' + profile;
  request.wanted.path += request.link_suffix;
  return request;
}

std::vector<EngineRequest> requests_for(const Engine& engine, const SetupRequest& setup) {
  std::vector<EngineRequest> result = {request_for(engine, setup, "")};
  for (const std::string& profile : setup.profiles) result.push_back(request_for(engine, setup, profile));
  return result;
}

EngineRequest request_to_take_back(const Engine& engine, const std::string& root, const RuntimeEntry& runtime) {
  EngineRequest request;
  request.engine = &engine;
  request.root = root;
  request.wanted = {runtime.name, runtime.path, false};
  const std::string_view profile = profile_of(base_name(runtime.path));
  if (!profile.empty()) request.link_suffix = fmt::format(".{}", profile);
  return request;
}

// What an earlier run has taken out of the file that was killed before it came to the record, too.
std::vector<EngineRequest> requests_to_take_back(const Engine& engine, const SetupRequest& setup) {
  std::vector<EngineRequest> result;
  const Place place(engine, setup.root, "", "");
  for (const ConfiguredRuntime& runtime : configured_runtimes(engine, setup.root))
    if (runtime.file == setup.root + place.target)
      result.push_back(request_to_take_back(engine, setup.root, runtime.entry));
  const auto is_in_file = [&](const UndoRecord& record) {
    return std::ranges::any_of(result, [&](const EngineRequest& each) { return each.wanted.name == record.name; });
  };
  for (const UndoRecord& record : UndoRecords(setup.root).all())
    if (record.engine == engine.name && record.path == canonical_in_root(setup.root, place.target) &&
        !is_in_file(record))
      result.push_back(request_to_take_back(engine, setup.root, {record.name, std::string(default_runtime_path)}));
  return result;
}

bool is_earlier(const timespec& a, const timespec& b) {
  return a.tv_sec != b.tv_sec ? a.tv_sec < b.tv_sec : a.tv_nsec < b.tv_nsec;
}

// The changes to an engine's files that are to be seen through together, and its service.
class EngineWork {
 public:
  EngineWork(const Engine& engine, const SetupRequest& request)
      : engine_(engine), request_(request), lock_(request.root), service_(engine, request.root) {}

  void carry_out(EnginePlan plan);
  /// Tells the service, where that is due.
  void bring_up(std::string_view command);
  EngineStep result() &&;

 private:
  bool has_changed() const;
  bool is_to_be_told() const;  // by somebody, where no systemd does it
  bool is_due(const timespec& running_since) const;
  bool is_known(const EngineAnswer& answer) const;
  void wait_until_known() const;
  std::string go_back(std::string_view command);

  const Engine& engine_;
  const SetupRequest& request_;
  UndoLock lock_;
  Service service_;
  std::deque<EnginePlan> plans_;
  Transaction transaction_;
  EngineStep step_;
};

void EngineWork::carry_out(EnginePlan plan) {
  plans_.push_back(std::move(plan));
  std::ranges::move(apply(plans_.back(), transaction_), std::back_inserter(step_.notes));
}

// An image's engine starts with the file.
bool EngineWork::is_to_be_told() const { return has_changed() && request_.root.empty(); }

bool EngineWork::has_changed() const {
  return std::ranges::any_of(plans_, [](const EnginePlan& plan) { return plan.has(Change::Kind::file); });
}

// All that its files say of ours, it says, too.
bool EngineWork::is_known(const EngineAnswer& answer) const {
  const auto said = configured_runtimes(engine_, request_.root);
  const auto knows = [&](const ConfiguredRuntime& wanted) {
    return std::ranges::any_of(answer.runtimes, [&](const RuntimeEntry& known) {
      return known.name == wanted.entry.name && known.path == wanted.entry.path &&
             known.is_default == wanted.entry.is_default;
    });
  };
  const auto is_ours = [](const RuntimeEntry& known) { return is_shim(known.path); };
  return std::ranges::all_of(said, knows) &&
         std::ranges::count_if(answer.runtimes, is_ours) == static_cast<std::ptrdiff_t>(said.size());
}

// Also where an earlier run was killed before it came to this.
bool EngineWork::is_due(const timespec& running_since) const {
  if (has_changed()) return true;
  if (const EngineAnswer answer = service_.ask(); answer.is_reachable) return !is_known(answer);
  return std::ranges::any_of(configured_runtimes(engine_, request_.root), [&](const ConfiguredRuntime& runtime) {
    const auto status = status_of(RootedPath(request_.root, runtime.file.substr(request_.root.size())));
    return status && is_earlier(running_since, status->st_mtim);
  });
}

void EngineWork::wait_until_known() const {
  if (!engine_.ask) return;
  for (int look = 0; look < looks_for_an_answer; ++look) {
    const EngineAnswer answer = service_.ask();
    if (answer.is_reachable && is_known(answer)) return;
    if (!answer.can_be_asked) return;
    nanosleep(&between_looks, nullptr);
  }
  throw error("{} runs, but does not know what its file says", engine_.name);
}

void EngineWork::bring_up(std::string_view command) {
  const std::optional<timespec> since = service_.running_since();
  if (command.empty() || (since ? !is_due(*since) : !is_to_be_told())) return;
  step_.service = command;
  if (!since || !request_.restart) return;
  try {
    service_.carry_out(command);
    wait_until_known();
    step_.is_told = true;
  } catch (const Error& failure) {
    throw error("{}{}", failure.text, has_changed() ? go_back(command) : "");
  }
}

// One that still runs is not stopped: its old file may be one with which it does not start.
std::string EngineWork::go_back(std::string_view command) {
  transaction_.take_back();
  try {
    const bool runs = service_.running_since().has_value();
    service_.carry_out(runs || engine_.restart.empty() ? command : engine_.restart);
    return "; its old configuration is back, and it runs";
  } catch (const Error& failure) {
    return fmt::format("; its old configuration is back, and it does not run: {}", failure.text);
  }
}

EngineStep EngineWork::result() && {
  transaction_.keep();
  for (EnginePlan& plan : plans_) {
    std::ranges::move(plan.changes, std::back_inserter(step_.changes));
    std::ranges::move(plan.notes, std::back_inserter(step_.notes));
  }
  return std::move(step_);
}

bool is_told_by_docker(const std::vector<std::string>& containers) {
  return std::ranges::any_of(containers, [](const std::string& each) { return each.starts_with("docker "); });
}

bool would_be_used(const Engine& engine, const SetupRequest& request) {
  if (!engine.ineffective) return true;
  const std::string file = main_file(engine);
  const auto document = engine.read(request.root + file, read_if_exists({request.root, file}).value_or(""));
  return engine.ineffective(*document, {}).empty();
}

}  // namespace

std::vector<const Engine*> engines_to_set_up(const SetupRequest& request) {
  if (!request.engines.empty()) return request.engines;
  std::vector<const Engine*> result;
  for (const Engine* engine : engines)
    if (is_there(*engine, request.root) && would_be_used(*engine, request)) result.push_back(engine);
  return result;
}

std::vector<EnginePlan> plan_engine(const Engine& engine, const SetupRequest& request) {
  std::vector<EnginePlan> result;
  const bool is_told = request.root.empty() || Service(engine, request.root).running_since();
  for (const EngineRequest& each : requests_for(engine, request)) {
    result.push_back(plan_configure(each));
    if (!is_told) result.back().reload = "";
  }
  return result;
}

EngineStep set_up(const Engine& engine, const SetupRequest& request) {
  EngineWork work(engine, request);
  for (const EngineRequest& each : requests_for(engine, request)) work.carry_out(plan_configure(each));
  work.bring_up(reload_of(engine, request.root));
  return std::move(work).result();
}

std::vector<std::string> containers_in_need(const std::string& root) {
  std::vector<std::string> result;
  for (const Engine* engine : engines) {
    if (!engine->users) continue;
    const ChangedRoot there(root);
    for (const ConfiguredRuntime& runtime : configured_runtimes(*engine, ""))
      for (const std::string& name : engine->users(runtime.entry.name))
        result.push_back(fmt::format("{} {}", engine->name, name));
  }
  for (const std::string& bundle : bundles_with(default_runtime_path, root))
    if (!bundle.starts_with("moby/") || !is_told_by_docker(result))
      result.push_back(fmt::format("containerd {}", bundle));
  for (const std::string& id : root.empty() ? monitored_with(default_runtime_path) : std::vector<std::string>())
    result.push_back(fmt::format("conmon {}", id));
  return result;
}

EngineStep take_back(const Engine& engine, const SetupRequest& request) {
  EngineWork work(engine, request);
  std::string_view command = reload_of(engine, request.root);
  for (const EngineRequest& each : requests_to_take_back(engine, request)) {
    EnginePlan plan = plan_unconfigure(each);
    if (!plan.reload.empty()) command = plan.reload;
    work.carry_out(std::move(plan));
  }
  work.bring_up(command);
  return std::move(work).result();
}
