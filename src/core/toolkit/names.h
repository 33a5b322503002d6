// The names by which the parts of the toolkit know each other, and where its files are by default.
//
// The roles of main.cpp, the links that `install` and meson make, and scripts/release agree with role_names: a
// static_assert there, and tests.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <string_view>

constexpr std::string_view toolkit_name = "container-hooks-toolkit";  // the one binary

constexpr std::string_view marker_role = "container-hooks";
constexpr std::string_view ctk_role = "container-hooks-ctk";
constexpr std::string_view runtime_role = "container-hooks-runtime";

/// The links beside the binary.
inline constexpr std::array role_names = {marker_role, ctk_role, runtime_role};

/// The profile that a role is called with: "secure" of container-hooks-runtime.secure; empty: none.
constexpr std::string_view profile_of(std::string_view name) {
  const std::size_t dot = name.find('.');
  return dot == name.npos ? "" : name.substr(dot + 1);
}

/// container-hooks-runtime of container-hooks-runtime.secure.
constexpr std::string_view without_profile(std::string_view name) { return name.substr(0, name.find('.')); }

constexpr std::string_view default_bindir = "/usr/bin";
constexpr std::string_view default_ctk_path = "/usr/bin/container-hooks-ctk";
static_assert(default_ctk_path.starts_with(default_bindir) && default_ctk_path.ends_with(ctk_role));

constexpr std::string_view configuration_directory = "/etc/container-hooks";
constexpr std::string_view state_directory = "/var/lib/container-hooks";
constexpr std::string_view log_directory = "/var/log/container-hooks";
constexpr std::string_view system_config_path = "/etc/container-hooks/config.toml";
constexpr std::string_view user_config_name = "container-hooks/config.toml";  // in the user's directory of such files
constexpr std::string_view default_hooks_path = "/etc/container-hooks/hooks.json";
constexpr std::string_view default_hooks_directory = "/etc/container-hooks/hooks.d";
constexpr std::string_view default_record_path = "/var/log/container-hooks/hooks.jsonl";
constexpr std::string_view default_log_path = "/var/log/container-hooks-runtime.log";
