// All engines, and what there is of ours in their files.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/engine/engine.h"
#include "core/engine/place.h"

inline const std::array engines = {&docker, &containerd, &crio, &podman, &k3s, &rke2, &k0s, &microk8s};

/// Of these, distributions only where the host has them.
std::vector<const Engine*> engines_to_tell_of(const std::string& root);

/// Whether the host has it, by its program.
bool is_there(const Engine& engine, const std::string& root);

/// Throws UsageError with the nearest name.
const Engine& engine_called(std::string_view name);

/// The same; for containerd that of a distribution, where the host has one and no other containerd.
const Engine& engine_called(std::string_view name, const std::string& root);

constexpr std::string_view default_runtime_name = "container-hooks-runtime";
constexpr std::string_view default_runtime_path = "/usr/bin/container-hooks-runtime";

struct ConfiguredRuntime {
  const Engine* engine;
  std::string file;
  RuntimeEntry entry;
};

/// Whether that program is called as the shim is, or is this path.
bool is_shim(std::string_view program, std::string_view path = default_runtime_path);

/// The runtimes in this engine's files that are ours: by their program, by their name, or since configure made them.
std::vector<ConfiguredRuntime> configured_runtimes(const Engine& engine, const std::string& root,
                                                   const std::string& path = std::string(default_runtime_path),
                                                   FileOwner owner = file_owner());

/// The files that it reads by itself, and those that configure was told to edit: paths in the root.
std::vector<std::string> engine_files(const Engine& engine, const std::string& root, FileOwner owner);

/// The file that it reads first.
std::string main_file(const Engine& engine, FileOwner owner = file_owner());

/// Whether it reads a file, when its command line names none: the main one and drop-ins; nothing: when another imports it.
std::optional<bool> reads_by_default(const Engine& engine, std::string_view file, FileOwner owner);

/// Engine::reload, with the name that its service has on that host.
std::string_view reload_of(const Engine& engine, const std::string& root);

/// Runs a command that makes an engine read its files again, such as reload_of().
void run_reload(std::string_view command);
