// What can stand where an option of a command takes a value, or a command takes operands: for completions.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/cli/command.h"

/// A kind of value, by name: "engines", "stages", "settings", "formats" have fixed words; "profiles", "hooks",
/// "recorded-hooks", "files", "directories" and "programs" are what is on the host; empty: nobody can guess it.
std::string_view kind_of(const CommandOption& option);
std::string_view kind_of_operands(const Command& command);

struct FixedValues {
  std::string_view kind;
  std::vector<std::string> words;
};
/// The kinds with fixed words.
std::vector<FixedValues> fixed_values();

/// Each engine, and what configure changes for it.
std::vector<std::pair<std::string, std::string>> engine_lines();

struct SettingValues {
  std::string name;                // "container-hooks.on-error"
  std::vector<std::string> words;  // that it can be set to; empty: anything
};
std::vector<SettingValues> setting_values();
