// What the command line of a low-level runtime says, read without changing it.
//
// An argument is an option only where the runtime itself would take it for one:
// a value, a bundle or the container's own command that looks like `create` or
// `--bundle` is not. Options differ between runtimes, so the family of the
// runtime that will be executed chooses the table's rows and the syntax.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/host/log.h"

/// Runtimes that share options and syntax; `any` is a runtime that we do not know.
enum class RuntimeFamily : std::uint8_t { runc = 1, crun = 2, youki = 4, runsc = 8, any = 15 };

/// By the base name of a runtime's path: docker-runc is runc.
RuntimeFamily family_of(std::string_view runtime_path);

struct CommandLine {
  std::string_view subcommand;    // empty when there is none
  std::string_view id;            // of create, run and restore: the last positional argument
  std::string_view bundle = ".";  // as given: the default is the current directory
  std::string_view spec_file;     // --config of crun and of newer runc, empty when not given
  std::string_view pid_file;      // empty when not given
  std::string_view log;           // where the engine reads errors; empty when nowhere
  LogFormat log_format = LogFormat::text;
  bool asks_for_help = false;  // --help, --version: the runtime prints and does nothing

  /// Whether this call makes a container from a spec: hooks belong into it.
  bool creates_container() const;
  /// The path of the spec: BUNDLE/config.json, or what --config names.
  std::string spec_path() const;
};

/// arguments: all of argv, the program's name first. The result's views point into them.
CommandLine parse_command_line(const std::vector<std::string_view>& arguments, RuntimeFamily family);
