// One hook of the OCI runtime specification, and the stages it can run in.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/text/position.h"

/// In the order in which a container passes them: podman's precreate, which no spec has, then those of a spec (runtime-spec,
/// config.md, "POSIX-platform Hooks").
enum class Stage : std::uint8_t {
  precreate,
  prestart,
  create_runtime,
  create_container,
  start_container,
  poststart,
  poststop
};

inline constexpr std::array<std::string_view, 7> stage_names = {
    "precreate", "prestart", "createRuntime", "createContainer", "startContainer", "poststart", "poststop"};

/// Those of a spec.
inline constexpr std::span spec_stage_names = std::span(stage_names).subspan(1);
inline constexpr std::array spec_stages = {Stage::prestart,        Stage::create_runtime, Stage::create_container,
                                           Stage::start_container, Stage::poststart,      Stage::poststop};

constexpr std::string_view stage_name(Stage stage) { return stage_names[static_cast<std::size_t>(stage)]; }
std::optional<Stage> stage_named(std::string_view name);

/// Whether its hooks are programs of the host. Those of startContainer are the container's own.
constexpr bool runs_on_host(Stage stage) { return stage != Stage::start_container; }

struct Hook {
  std::string path;  // absolute
  std::optional<std::vector<std::string>> args;
  std::optional<std::vector<std::string>> env;
  std::optional<std::int64_t> timeout;  // seconds, > 0
  Position position = {};               // of its path, in the file that it stands in
};

/// The hooks of each stage, in the order in which they run.
class HooksByStage {
 public:
  std::vector<Hook>& operator[](Stage stage) { return stages_[static_cast<std::size_t>(stage)]; }
  const std::vector<Hook>& operator[](Stage stage) const { return stages_[static_cast<std::size_t>(stage)]; }
  std::size_t count() const;

 private:
  std::array<std::vector<Hook>, stage_names.size()> stages_;
};

/// As JSON, in one line, with the fields that are set.
std::string to_json(const Hook& hook);

/// The environment of a hook on the host whose file gives none. Without env in the spec, runc up to 1.2 runs
/// createContainer hooks with the container's environment, and LD_PRELOAD in an image is code on the host (as in
/// CVE-2025-23266). It is not empty, since a program that marshals the spec after us may drop an empty list.
constexpr std::string_view default_environment = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/// The hook as it stands in that stage of a spec, on the host never without env, or as it runs in precreate.
Hook in_stage(Hook hook, Stage stage);

constexpr std::string_view marker_name = "container-hooks";

/// Whether this is the marker that says "hooks are already in here": by the name of its program, or by its args[0] where
/// the running binary stands in for a marker of its own.
bool is_marker(const Hook& hook);

/// The marker that the running binary can offer: the link `container-hooks` beside it, or else the binary itself under
/// that name, since a marker that does not exist would stop every container.
Hook marker_hook();
