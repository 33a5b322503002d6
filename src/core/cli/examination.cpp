// SPDX-License-Identifier: Apache-2.0
#include "core/cli/examination.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <optional>

#include "core/engine/engine_state.h"
#include "core/error.h"
#include "core/hooks/hook_sources.h"
#include "core/host/child.h"
#include "core/host/path.h"
#include "core/host/process.h"
#include "core/host/root.h"
#include "core/oci/low_level_runtime.h"
#include "core/text/split.h"
#include "core/toolkit/config.h"
#include "core/toolkit/names.h"

namespace {

constexpr std::chrono::seconds answer_limit{10};  // a program that hangs must not hang status

// The first line of what a program says, without blanks at its end.
std::string first_line(std::string_view text) {
  text = text.substr(0, text.find('\n'));
  return std::string(text.substr(0, text.find_last_not_of(" \r\t") + 1));
}

bool is_earlier(const timespec& a, const timespec& b) {
  return a.tv_sec != b.tv_sec ? a.tv_sec < b.tv_sec : a.tv_nsec < b.tv_nsec;
}

std::string default_name_in(const EngineAnswer& answer) {
  const auto found = std::ranges::find(answer.runtimes, true, &RuntimeEntry::is_default);
  return found == answer.runtimes.end() ? "another" : found->name;
}

// {"reachable": …, "knows": …, "default": …}; null where nobody can be asked.
std::string daemon_fact(const EngineState& state, const RuntimeEntry* known) {
  if (!state.is_this_host || !state.engine.ask) return "null";
  if (!state.answer.is_reachable) return json_object({{"reachable", "false"}, {"knows", "null"}, {"default", "null"}});
  return json_object({{"reachable", "true"},
                      {"knows", json_boolean(known != nullptr)},
                      {"default", json_boolean(known != nullptr && known->is_default)}});
}

bool is_this_binary(const Fd& file) {
  struct stat status;
  return file && fstat(file.number(), &status) == 0 && is_this_binary(status);
}

// With the links to it resolved (proc(5)).
std::string name_of(const Fd& file) {
  return std::string(base_name(link_target(fmt::format("/proc/self/fd/{}", file.number())).value_or("")));
}

class Examination {
 public:
  explicit Examination(std::string root) : root_(std::move(root)) {}

  std::vector<Subject> run();

 private:
  template <class Part>
  void examine(std::string_view kind, std::string name, Part part);
  void remark(Health health, std::string text, std::string cure = "") {
    subjects_.back().remarks.push_back({health, std::move(text), std::move(cure)});
  }
  void fact(std::string name, std::string json) {
    subjects_.back().facts.push_back({std::move(name), std::move(json)});
  }

  void toolkit();
  void configuration();
  void hooks_of(const std::string& profile);
  void low_level_runtime_of(const std::string& profile);
  void engine(const Engine& engine);
  void not_configured(const EngineState& state);
  void runtime(const EngineState& state, const ConfiguredRuntime& runtime);
  void runtime_facts(const RuntimeEntry& entry);
  void program(const RuntimeEntry& entry, const std::string& what);
  void daemon(const EngineState& state, const ConfiguredRuntime& runtime);
  void silent_daemon(const EngineState& state, const ConfiguredRuntime& runtime);
  void left_over(const EngineState& state, const RuntimeEntry& entry);

  bool is_this_host() const { return root_.empty(); }
  RootedPath file_of_config() const {
    return is_this_host() ? RootedPath(config_path()) : RootedPath(root_, system_config_path);
  }

  std::string root_;
  std::vector<Subject> subjects_;
};

// What a part throws is what is broken.
template <class Part>
void Examination::examine(std::string_view kind, std::string name, Part part) {
  subjects_.push_back({kind, std::move(name), {}, {}});
  try {
    part();
  } catch (const Error& error) {
    remark(Health::broken, error.text);
  }
}

std::vector<Subject> Examination::run() {
  std::vector<std::string> profiles = {""};
  examine("toolkit", "toolkit", [&] { toolkit(); });
  examine("config", "config.toml", [&] {
    configuration();
    std::ranges::move(profiles_in(file_of_config()), std::back_inserter(profiles));
  });
  const auto named = [](std::string_view what, const std::string& profile) {
    return profile.empty() ? std::string(what) : fmt::format("{} of {}", what, profile);
  };
  for (const std::string& profile : profiles) examine("hooks", named("hooks", profile), [&] { hooks_of(profile); });
  for (const std::string& profile : profiles)
    if (is_this_host())
      examine("low_level_runtime", named("low-level runtime", profile), [&] { low_level_runtime_of(profile); });
  for (const Engine* each : engines_to_tell_of(root_))
    examine("engines", std::string(each->name), [&] { engine(*each); });
  return std::move(subjects_);
}

void Examination::toolkit() {
  const RootedPath path = is_this_host() ? RootedPath(binary_path()) : RootedPath(root_, default_bindir) / toolkit_name;
  fact("path", json_quoted(path.shown()));
  if (!is_executable(path)) throw system_error("execute {}", path.shown());
  std::vector<std::string_view> missing;
  for (const std::string_view name : role_names)
    if (!is_executable(path.directory() / name)) missing.push_back(name);
  if (missing.empty()) return remark(Health::good, path.shown());
  remark(Health::broken, fmt::format("{} has no {} beside it", path.shown(), join(missing, ", ")),
         fmt::format("container-hooks-ctk install --bindir={}", path.directory().path));
}

void Examination::configuration() {
  const RootedPath path = file_of_config();
  fact("path", json_quoted(path.shown()));
  const LoadedConfig loaded = load_config_file(path);
  fact("exists", json_boolean(!loaded.path.empty()));
  if (!loaded.path.empty()) return remark(Health::good, path.shown());
  remark(Health::absent, fmt::format("{} does not exist: the defaults are in force", path.shown()),
         "container-hooks-ctk config");
}

void Examination::hooks_of(const std::string& profile) {
  fact("profile", profile.empty() ? "null" : json_quoted(profile));
  const Config config = load_config_file(file_of_config(), profile).config;
  const LoadedHooks loaded = load_hooks(config, root_);
  std::array<std::size_t, stage_names.size()> counts{};
  for (const ConfiguredHook& hook : loaded.hooks)
    for (const Stage stage : hook.stages) ++counts[static_cast<std::size_t>(stage)];
  std::vector<JsonPair> stages;
  std::vector<std::string> parts;
  for (std::size_t stage = 0; stage < counts.size(); ++stage) {
    stages.push_back({std::string(stage_names[stage]), fmt::format("{}", counts[stage])});
    if (counts[stage] > 0) parts.push_back(fmt::format("{} {}", counts[stage], stage_names[stage]));
  }
  fact("stages", json_object(stages));
  for (const Finding& finding : loaded.findings)
    remark(finding.severity == Severity::error ? Health::broken : Health::warning, finding.text);
  if (!parts.empty()) remark(Health::good, join(parts, ", "));
  if (parts.empty() && !has_errors(loaded.findings))
    remark(Health::absent, fmt::format("none in {} and {}", config.hooks_path, join(config.hooks_dirs, ", ")),
           "container-hooks-ctk hooks add --help");
}

void Examination::low_level_runtime_of(const std::string& profile) {
  fact("profile", profile.empty() ? "null" : json_quoted(profile));
  const RuntimeLookup lookup = find_low_level_runtime(load_config_file(file_of_config(), profile).config.runtimes);
  if (lookup.path.empty()) throw error("none is found: {}", join(lookup.rejected, "; "));
  require_trust(lookup);
  const std::optional<ChildResult> child = run_child({lookup.path, "--version"}, answer_limit);
  if (!child || child->status != 0) throw error("{} --version fails", lookup.path);
  const std::string version = first_line(child->output);
  fact("path", json_quoted(lookup.path));
  fact("version", json_quoted(version));
  remark(Health::good, fmt::format("{}: {}", lookup.path, version));
}

// A subject for each of its runtimes; the one that was begun serves the first, or says that there is none.
void Examination::engine(const Engine& engine) {
  fact("engine", json_quoted(engine.name));
  const EngineState state(engine, root_);
  bool is_first = true;
  const auto begin = [&] {
    if (!std::exchange(is_first, false))
      subjects_.push_back({"engines", std::string(engine.name), {{"engine", json_quoted(engine.name)}}, {}});
  };
  for (const ConfiguredRuntime& each : state.runtimes) begin(), runtime(state, each);
  for (const RuntimeEntry& each : state.left_over()) begin(), left_over(state, each);
  if (is_first) return not_configured(state);
  for (const std::string& each : unsafe_annotations(engine, root_, state.owner))
    remark(Health::warning, each + ": whoever makes a pod changes what the low-level runtime does as root",
           "name the annotations that hooks need, one by one");
  if (!engine.bypass.empty()) remark(Health::absent, std::string(engine.bypass), std::string(engine.bypass_cure));
}

void Examination::not_configured(const EngineState& state) {
  const Engine& engine = state.engine;
  fact("configured", "false");
  fact("daemon", daemon_fact(state, nullptr));
  const bool is_missing = is_this_host() && find_low_level_runtime({std::string(engine.program)}).path.empty();
  if (is_missing) return remark(Health::absent, fmt::format("there is no {} in PATH", engine.program));
  remark(Health::absent, "not configured",
         fmt::format("container-hooks-ctk runtime configure --runtime={}", engine.name));
}

void Examination::runtime(const EngineState& state, const ConfiguredRuntime& runtime) {
  const RuntimeEntry& entry = runtime.entry;
  fact("configured", "true");
  fact("file", json_quoted(runtime.file));
  runtime_facts(entry);
  fact("daemon", daemon_fact(state, state.known(entry)));
  program(entry,
          fmt::format("{}: {} = {}{}", runtime.file, entry.name, entry.path, entry.is_default ? ", the default" : ""));
  if (state.answer.is_reachable) return daemon(state, runtime);
  if (is_this_host() && state.engine.ask)
    return remark(state.answer.hangs ? Health::broken : Health::absent,
                  fmt::format("the daemon does not answer: {}", first_line(state.answer.refusal)));
  if (is_this_host() && !state.engine.reload.empty()) silent_daemon(state, runtime);
}

void Examination::runtime_facts(const RuntimeEntry& entry) {
  fact("name", json_quoted(entry.name));
  fact("path", json_quoted(entry.path));
  fact("is_this_binary", json_boolean(is_this_binary(open_path({root_, entry.path}))));
  fact("default", json_boolean(entry.is_default));
}

void Examination::program(const RuntimeEntry& entry, const std::string& what) {
  const RootedPath path(root_, entry.path);
  if (!is_executable(path))
    return remark(Health::broken, what + ", which does not exist or is not executable",
                  is_shim(entry.path) ? "container-hooks-ctk install --bindir=" + directory_of(entry.path) : "");
  const Fd file = open_path(path);
  if (is_this_binary(file)) return remark(Health::good, what);
  if (!is_shim(entry.path) && name_of(file) != toolkit_name)
    return remark(Health::broken, what + ", which is not container-hooks-runtime");
  remark(Health::good, what + (is_this_host() ? ", another installation than this one" : ""));
}

// The engine answers: what it does not know no container gets.
void Examination::daemon(const EngineState& state, const ConfiguredRuntime& runtime) {
  const RuntimeEntry& entry = runtime.entry;
  const RuntimeEntry* known = state.known(entry);
  const bool agrees = known && known->is_default == entry.is_default;
  if (!agrees && state.is_read(runtime.file) == false)
    return remark(Health::absent, fmt::format("the running daemon does not read {}", runtime.file));
  if (!known)
    return remark(Health::broken, "the running daemon does not know " + entry.name, std::string(state.reload));
  if (!agrees)
    return remark(Health::broken, fmt::format("the running daemon's default is {}", default_name_in(state.answer)),
                  std::string(entry.is_default ? state.reload : state.way_to_forget(*known, {runtime.file})));
  remark(Health::good,
         fmt::format("the running daemon knows {}{}", entry.name, known->is_default ? " as its default" : ""));
}

// The engine tells nobody what it knows: what is known is who reads the file, and since when.
void Examination::silent_daemon(const EngineState& state, const ConfiguredRuntime& runtime) {
  const Engine& engine = state.engine;
  if (state.processes.empty()) return remark(Health::absent, fmt::format("no {} is running", engine.program));
  const std::optional<bool> is_read = state.is_read(runtime.file);
  if (is_read == false)
    return remark(Health::absent, fmt::format("no running {} reads {}", engine.program, runtime.file));
  struct stat status;
  if (stat(runtime.file.c_str(), &status) != 0) throw system_error("look at {}", runtime.file);
  for (const Process& process : state.processes)
    if (state.is_read_by(process, runtime.file) == true && is_earlier(process.started, status.st_mtim))
      return remark(Health::warning,
                    fmt::format("{} (pid {}) started before {} was last changed, and may not know {} yet",
                                engine.program, process.pid, runtime.file, runtime.entry.name),
                    std::string(state.reload));
  if (is_read == true)
    remark(Health::good, fmt::format("the running {} started after the last change of this file", engine.program));
}

// No file names it any more, and the running engine has it all the same.
void Examination::left_over(const EngineState& state, const RuntimeEntry& entry) {
  fact("configured", "false");
  fact("file", "null");
  runtime_facts(entry);
  fact("daemon", daemon_fact(state, &entry));
  remark(Health::broken,
         fmt::format("the running daemon still has {} = {}{}, which its file does not name", entry.name, entry.path,
                     entry.is_default ? " as its default" : ""),
         std::string(state.way_to_forget(entry, state.main_files())));
}

}  // namespace

Health Subject::health() const {
  Health worst = Health::absent;
  for (const Remark& each : remarks) worst = std::max(worst, each.health);
  return worst;
}

std::vector<Subject> examine_host(const std::string& root) { return Examination(root).run(); }

bool is_healthy(const std::vector<Subject>& subjects) {
  return std::ranges::none_of(subjects, [](const Subject& each) { return each.health() == Health::broken; });
}
