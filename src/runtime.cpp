// Role: the OCI runtime shim.
//
//   argv ─> command line ─> configuration ─> hooks that apply ─> splice into config.json ─> exec the low-level runtime
//
// It becomes the low-level runtime and is not its parent: containerd's shim counts on the pid and on its death signal. It
// forks for the programs of precreate alone, and they have ended by then.
// argv, environment, directory, descriptors and signals reach the low-level
// runtime as they came. Calls that make no container go straight through, also
// when the configuration is broken. A failure stops the container, unless
// on-error says otherwise, and leaves config.json as it was; a success prints
// nothing, since what a shim prints lands in the container's output.
//
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "core/error.h"
#include "core/hooks/hook_sources.h"
#include "core/hooks/injection.h"
#include "core/host/file.h"
#include "core/host/log.h"
#include "core/host/path.h"
#include "core/oci/command_line.h"
#include "core/oci/error_log.h"
#include "core/oci/low_level_runtime.h"
#include "core/oci/spec.h"
#include "core/text/count.h"
#include "core/text/printable.h"
#include "core/text/split.h"
#include "core/toolkit/config.h"
#include "core/toolkit/names.h"
#include "roles.h"

namespace {

constexpr std::size_t max_spec_size = 256u << 20;  // a larger one would take the host's memory before it is refused
constexpr int max_attempts = 1000;                 // each lost one means that another shim got through

struct Configuration {
  Config config;                 // the defaults when there is a failure
  std::optional<Error> failure;  // why the configuration cannot be used; a container must not start then
};

Configuration load_configuration(std::string_view profile) {
  try {
    return {load_config(profile).config, std::nullopt};
  } catch (const Error& error) {
    return {Config(), error};
  }
}

// A container to prepare, and what it takes.
struct Task {
  const CommandLine& call;
  const Config& config;
  const Log& log;
  const std::string& runtime;  // the low-level runtime's path

  void write(LogLevel level, std::string_view text) const {
    log.write(level, one_line(fmt::format("container {}: {}", call.id, text)));
  }
};

// What was done, and what is in the spec from others that is not as safe as what we add. Only createContainer's hooks can
// get the image's environment; Docker puts a prestart hook without env into every container that has a network.
void log_outcome(const Task& task, const Spec& spec, const Injection& injection) {
  const bool added = injection.outcome == Outcome::added;
  std::string line = added ? fmt::format("added {} to {}: {}", counted(injection.added.size(), "hook"), spec.path(),
                                         join(injection.added, ", "))
                           : fmt::format("added no hook: {}", reason_of(injection.outcome));
  for (const HookWithoutEnv& hook : hooks_without_env(spec)) {
    if (hook.stage == Stage::create_container)
      task.write(LogLevel::warning, fmt::format("{}: {}", spec.path(), warning_of(hook)));
    else if (added)
      line += "; " + warning_of(hook);
  }
  task.write(added ? LogLevel::info : LogLevel::debug, line);
  for (const std::string& each : injection.passed_over) task.write(LogLevel::debug, "passed over " + each);
}

void log_values(const Task& task, const Spec& spec) {
  if (!task.log.has(LogLevel::trace)) return;
  const Variables variables(spec, task.call, task.runtime);
  for (const Variables::Known& each : variables.known())
    task.write(LogLevel::trace,
               fmt::format("{{{{{}}}}} is {} from {}", each.name, json_quoted(each.value), each.source));
}

// One attempt; false when somebody else replaced the spec in between.
bool splice(const Task& task, const LoadedHooks& hooks) {
  const CommandLine& call = task.call;
  File file = read_file(call.spec_path(), Trust::not_needed, max_spec_size);
  if (!file.status) throw missing("read {}", call.spec_path());
  const auto [spec, injection, precreate] =
      prepare_spec(Spec(file.path, std::move(file.content)), hooks, call, task.runtime, task.config);
  log_values(task, spec);
  for (const PrecreateRun& run : precreate)
    if (!run.failure.empty()) task.write(LogLevel::error, run.failure);
  if (injection.outcome != Outcome::added)
    remove_leftover(file);
  else if (replace_file(file, pieces(spec.content(), injection.edits), Durability::rename_only) != Replaced::done)
    return false;
  log_outcome(task, spec, injection);
  return true;
}

// The operator's hooks; none where they cannot be used and on-error says that containers start without them.
LoadedHooks usable_hooks(const Task& task) {
  LoadedHooks loaded = load_hooks(task.config);
  for (const Finding& finding : loaded.findings)
    if (finding.severity == Severity::warning) task.log.write(LogLevel::warning, one_line(finding.text));
  if (task.config.on_error == OnError::fail) require_no_errors(loaded.findings);
  if (!has_errors(loaded.findings)) return loaded;
  for (const Finding& finding : loaded.findings)
    if (finding.severity == Severity::error)
      task.log.write(LogLevel::error,
                     one_line(fmt::format("container {} starts without hooks: {}", task.call.id, finding.text)));
  return {};
}

// on-error is about the operator's files. What goes wrong with the container's own spec, such as one that is too large,
// its user may have caused: it fails the container whatever on-error says, or it would be a way around the hooks.
void prepare_container(const Task& task) {
  const LoadedHooks loaded = usable_hooks(task);
  if (loaded.hooks.empty()) return;
  for (int attempt = 0; attempt < max_attempts; ++attempt)
    if (splice(task, loaded)) return;
  throw error("replace {}: other processes keep replacing it", task.call.spec_path());
}

Error no_runtime(const RuntimeLookup& lookup) {
  if (lookup.rejected.empty()) return Error("find a low-level runtime: `runtimes` is empty");
  return error("find a low-level runtime: {}", join(lookup.rejected, "; "));
}

void run(const CommandLine& call, const Configuration& configuration, const RuntimeLookup& runtime, char** argv) {
  const Log log(configuration.config.log_path, configuration.config.log_level);
  try {
    require_trust(runtime);
    if (call.creates_container()) {
      for (const std::string& rejected : runtime.rejected) log.write(LogLevel::warning, "passed over " + rejected);
      if (configuration.failure) throw *configuration.failure;
      prepare_container({call, configuration.config, log, runtime.path});
    }
    if (runtime.path.empty()) throw no_runtime(runtime);
    exec_low_level_runtime(runtime.path, argv);
  } catch (const std::exception& failure) {
    log.write(LogLevel::error, one_line(message_of(failure)));
    write_engine_error(call, one_line("container-hooks-runtime: " + message_of(failure)));
    throw;
  }
}

}  // namespace

int runtime_main(int argc, char** argv) {
  const Configuration configuration = load_configuration(profile_of(base_name(argv[0])));
  const RuntimeLookup runtime = find_low_level_runtime(configuration.config.runtimes);
  const CommandLine call = parse_command_line({argv, argv + argc}, family_of(runtime.path));
  run(call, configuration, runtime, argv);
  return 1;
}
