// SPDX-License-Identifier: Apache-2.0
#include "core/cli/status.h"

#include <unistd.h>

#include <algorithm>
#include <array>

#include "core/engine/engine.h"
#include "core/error.h"
#include "core/hooks/hook_sources.h"
#include "core/host/child.h"
#include "core/host/process.h"
#include "core/host/root.h"
#include "core/oci/low_level_runtime.h"
#include "core/text/json.h"
#include "core/toolkit/config.h"
#include "core/toolkit/install.h"

namespace {

struct HealthName {
  std::string_view word;
  std::string_view colour;  // ECMA-48
};

constexpr std::array health_names = {
    HealthName{"ok", "\033[32m"},
    HealthName{"-", "\033[2m"},
    HealthName{"BROKEN", "\033[31;1m"},
};

const HealthName& name_of(Health health) { return health_names[static_cast<std::size_t>(health)]; }

class Examination {
 public:
  explicit Examination(std::string root) : root_(std::move(root)) {}

  std::vector<StatusLine> run() {
    examine("toolkit", &Examination::toolkit);
    examine("config.toml", &Examination::configuration);
    examine("hooks", &Examination::hooks);
    examine("low-level runtime", &Examination::low_level_runtime);
    for (const Engine* engine : engines) {
      engine_ = engine;
      examine(engine->name, &Examination::engine);
    }
    return std::move(lines_);
  }

 private:
  // One subject: what it throws is what is broken.
  void examine(std::string_view subject, void (Examination::*part)()) {
    subject_ = subject;
    try {
      (this->*part)();
    } catch (const Error& error) {
      say(Health::broken, error.text);
    }
  }
  void say(Health health, std::string text) { lines_.push_back({subject_, health, std::move(text)}); }

  void toolkit();
  void configuration();
  void hooks();
  void low_level_runtime();
  void engine();
  void runtime_entry(const ConfiguredRuntime& runtime);
  void ask_docker(const RuntimeEntry& entry);
  bool is_this_host() const { return root_.empty(); }

  std::string root_;
  std::string subject_;
  const Engine* engine_ = nullptr;
  Config config_;
  std::vector<StatusLine> lines_;
};

void Examination::toolkit() {
  const std::string path = is_this_host() ? binary_path() : in_root(root_, "/usr/bin/container-hooks-toolkit");
  if (access(path.c_str(), X_OK) != 0) throw system_error("execute {}", path);
  const std::string directory = path.substr(0, path.rfind('/') + 1);
  std::vector<std::string> missing;
  for (const std::string_view name : role_names)
    if (access(in_root(root_, (directory + std::string(name)).substr(root_.size())).c_str(), X_OK) != 0)
      missing.emplace_back(name);
  if (missing.empty()) return say(Health::good, path);
  say(Health::broken,
      fmt::format("{} has no {} beside it (container-hooks-ctk install)", path, fmt::join(missing, ", ")));
}

void Examination::configuration() {
  const std::string path = is_this_host() ? config_path() : in_root(root_, system_config_path);
  const LoadedConfig loaded = load_config_file(path);
  config_ = loaded.config;
  if (loaded.path.empty())
    say(Health::absent, fmt::format("{} does not exist: the defaults count", path));
  else
    say(Health::good, path);
}

void Examination::hooks() {
  Problems problems;
  std::array<std::size_t, stage_names.size()> counts{};
  HookSources(config_, problems, root_).visit(problems, [&](ConfiguredHook&& hook) {
    for (const Stage stage : hook.stages) ++counts[static_cast<std::size_t>(stage)];
  });
  for (const Error& problem : problems) say(Health::broken, problem.text);
  std::vector<std::string> parts;
  for (std::size_t stage = 0; stage < counts.size(); ++stage)
    if (counts[stage] > 0) parts.push_back(fmt::format("{} {}", counts[stage], stage_names[stage]));
  if (!parts.empty()) return say(Health::good, fmt::format("{}", fmt::join(parts, ", ")));
  if (problems.empty())
    say(Health::absent, fmt::format("none in {} and {}", config_.hooks_path, fmt::join(config_.hooks_dirs, ", ")));
}

void Examination::low_level_runtime() {
  if (!is_this_host()) return;
  const RuntimeLookup lookup = find_low_level_runtime(config_.runtimes);
  if (lookup.path.empty()) throw error("none is found: {}", fmt::join(lookup.rejected, "; "));
  require_trust(lookup);
  const std::optional<ChildResult> version = run_child({lookup.path, "--version"}, answer_limit);
  if (!version || version->status != 0) throw error("{} --version fails", lookup.path);
  say(Health::good, fmt::format("{}: {}", lookup.path, version->output.substr(0, version->output.find('\n'))));
}

void Examination::engine() {
  const std::vector<ConfiguredRuntime> runtimes = configured_runtimes(*engine_, root_);
  for (const ConfiguredRuntime& runtime : runtimes) runtime_entry(runtime);
  if (!runtimes.empty()) return;
  const bool is_missing = is_this_host() && find_low_level_runtime({std::string(engine_->program)}).path.empty();
  say(Health::absent,
      is_missing ? fmt::format("there is no {} in PATH", engine_->program)
                 : fmt::format("not configured (container-hooks-ctk runtime configure --runtime={})", engine_->name));
}

void Examination::runtime_entry(const ConfiguredRuntime& runtime) {
  const RuntimeEntry& entry = runtime.entry;
  const std::string what =
      fmt::format("{}: {} = {}{}", runtime.file, entry.name, entry.path, entry.is_default ? ", the default" : "");
  const std::string path = in_root(root_, entry.path);
  if (access(path.c_str(), X_OK) != 0) return say(Health::broken, what + ", which does not exist or is not executable");
  struct stat status;
  const bool is_self = stat(path.c_str(), &status) == 0 && is_this_binary(status);
  say(Health::good, what + (is_self || !is_this_host() ? "" : ", another installation than this one"));
  if (is_this_host() && engine_ == &docker) ask_docker(entry);
}

// A daemon that does not run, or that has another socket, says nothing.
void Examination::ask_docker(const RuntimeEntry& entry) {
  const auto info = run_child({"docker", "info", "--format", "{{json .}}"}, answer_limit);
  if (!info || info->status != 0) return;
  const JsonText text("docker info", info->output);
  const auto runtimes = text.member(text.root(), "Runtimes");
  const auto default_runtime = text.member(text.root(), "DefaultRuntime");
  if (!runtimes || !default_runtime || default_runtime->value.kind != JsonText::Kind::string) return;
  const bool is_default = text.string(default_runtime->value) == entry.name;
  if (!text.member(runtimes->value, entry.name))
    say(Health::broken, fmt::format("the running daemon does not know {} ({})", entry.name, engine_->reload));
  else if (entry.is_default != is_default)
    say(Health::broken,
        fmt::format("the running daemon's default is {} ({})", text.string(default_runtime->value), engine_->reload));
  else
    say(Health::good, fmt::format("the running daemon knows {}{}", entry.name, is_default ? " as its default" : ""));
}

}  // namespace

std::vector<StatusLine> host_status(const std::string& root) { return Examination(root).run(); }

bool is_healthy(const std::vector<StatusLine>& lines) {
  return std::ranges::find(lines, Health::broken, &StatusLine::health) == lines.end();
}

std::string status_as_text(const std::vector<StatusLine>& lines, bool in_colour) {
  std::string result;
  std::string_view last;
  for (const StatusLine& line : lines) {
    const HealthName& health = name_of(line.health);
    result += fmt::format("{:<18} {}{:<6}{} {}\n", line.subject == last ? "" : line.subject,
                          in_colour ? health.colour : "", health.word, in_colour ? "\033[0m" : "", line.text);
    last = line.subject;
  }
  return result;
}

std::string status_as_json(const std::vector<StatusLine>& lines) {
  constexpr std::array words = {"ok", "absent", "broken"};
  std::vector<std::string> objects;
  for (const StatusLine& line : lines)
    objects.push_back(json_object({{"subject", json_quoted(line.subject)},
                                   {"health", json_quoted(words[static_cast<std::size_t>(line.health)])},
                                   {"text", json_quoted(line.text)}}));
  return fmt::format("[{}]\n", fmt::join(objects, ",\n "));
}
