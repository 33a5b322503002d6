// The toolkit's own configuration: config.toml, its profiles, and the defaults.
//
// Each setting is one row of `settings`: reading, `config show`, `config --set`
// and the file with the defaults derive from it.
// Refused: unknown keys and wrong types, with file, line and column; and, for
// root, a file that others could have written, since it names what runs as root.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/host/log.h"
#include "core/host/root.h"
#include "core/oci/recorded_hook.h"
#include "core/toolkit/names.h"

class TomlText;

enum class OnError : std::uint8_t { fail, ignore };

constexpr std::array<std::string_view, 2> on_error_names = {"fail", "ignore"};

/// The names of a setting's values, in the order of the enumeration.
constexpr std::span<const std::string_view> names_of(OnError) { return on_error_names; }
constexpr std::span<const std::string_view> names_of(LogLevel) { return log_level_names; }
constexpr std::span<const std::string_view> names_of(Recording) { return recording_names; }

struct Config {
  std::string hooks_path = std::string(default_hooks_path);
  std::vector<std::string> hooks_dirs = {std::string(default_hooks_directory)};
  bool sandbox = false;
  OnError on_error = OnError::fail;
  Recording record = Recording::off;
  std::string record_path = std::string(default_record_path);
  std::int64_t record_size = 10'000'000;  // bytes; 0: no limit
  bool journal = false;
  std::string ctk_path = std::string(default_ctk_path);
  std::string log_path = std::string(default_log_path);
  LogLevel log_level = LogLevel::info;
  std::vector<std::string> runtimes = {"runc", "docker-runc", "crun"};
};

/// What paths in a setting must be. The shim passes over a runtime that is not a program, and refuses the other two.
enum class Form : std::uint8_t { any, absolute, program };

struct Setting {
  std::string_view table;
  std::string_view key;
  std::variant<std::string Config::*, std::vector<std::string> Config::*, bool Config::*, OnError Config::*,
               LogLevel Config::*, Recording Config::*, std::int64_t Config::*>
      member;
  std::string_view comment;
  Form form = Form::any;
};

constexpr std::array settings = {
    Setting{"container-hooks", "path", &Config::hooks_path, "Hooks for every container, by stage.", Form::absolute},
    Setting{"container-hooks", "dirs", &Config::hooks_dirs,
            "Directories of conditional hooks in the format of oci-hooks(5), in increasing precedence.",
            Form::absolute},
    Setting{"container-hooks", "sandbox", &Config::sandbox,
            "Whether the sandbox (pause) containers of Kubernetes pods get hooks, too."},
    Setting{"container-hooks", "on-error", &Config::on_error,
            "When hooks cannot be added: \"fail\" the container, or \"ignore\" it and start without, said in the log."},
    Setting{"container-hooks", "record", &Config::record,
            "Which runs of hooks on the host are recorded: \"off\", \"failures\" or \"all\"."},
    Setting{"container-hooks", "record-file", &Config::record_path, "Where to: a file of JSON Lines.", Form::absolute},
    Setting{"container-hooks", "record-size", &Config::record_size,
            "Bytes at which that becomes the one older file, with .1 after its name; 0: never."},
    Setting{"container-hooks", "journal", &Config::journal, "Whether the same goes to systemd's journal, too."},
    Setting{"container-hooks-ctk", "path", &Config::ctk_path,
            "Where the command-line tool is, for those who look it up here; the toolkit itself does not need it."},
    Setting{"container-hooks-runtime", "debug", &Config::log_path,
            "The shim's own log; one that cannot be written is never an error."},
    Setting{"container-hooks-runtime", "log-level", &Config::log_level,
            "What goes there: error, warning, info, debug or trace."},
    Setting{"container-hooks-runtime", "runtimes", &Config::runtimes,
            "Low-level runtimes: the first that exists is executed. Absolute paths, or names to look up.",
            Form::program},
};

/// Where a value comes from.
enum class Origin : std::uint8_t { built_in, file, profile };

struct LoadedConfig {
  Config config;
  std::string path;                               // of the file; empty: there is none, and these are the defaults
  std::array<Origin, settings.size()> origins{};  // of each row of `settings`
};

/// The file that counts: $CONTAINER_HOOKS_CONFIG; for a user, and for root in a user's namespace, the one under
/// $XDG_CONFIG_HOME or ~/.config if it exists; else system_config_path. It need not exist.
std::string config_path();

/// A user's own, whether it is there or not: under $XDG_CONFIG_HOME or ~/.config. Error where neither is known.
std::string own_config_path();

/// The directory of hooks beside it.
std::string own_hooks_directory();

/// Whether this user's own file is the one that counts, or would be if it were there: no root of the host's, and
/// $CONTAINER_HOOKS_CONFIG names no other.
bool has_own_config();

/// The configuration, with the profile's keys over it when one is named. Error for what is refused, for a profile that
/// does not exist, and for a missing file that $CONTAINER_HOOKS_CONFIG names.
LoadedConfig load_config(std::string_view profile = "");

/// The same for the file at path; a missing one means the defaults.
LoadedConfig load_config_file(const RootedPath& path, std::string_view profile = "");

/// The names of the profiles in the file at path; none when it is missing.
std::vector<std::string> profiles_in(const RootedPath& path);

/// The configuration that a text is.
LoadedConfig read_config(const TomlText& text, std::string_view profile = "");

/// What a setting's values must be and one is not; empty: nothing.
std::string_view objection(const Setting& setting, const std::vector<std::string>& values);

/// A value as TOML, and as people write it on a command line: lists as a,b.
std::string toml_spelling(const Setting& setting, const Config& config);
std::string plain_spelling(const Setting& setting, const Config& config);

/// A value as JSON: lists are arrays, numbers and booleans what they are.
std::string json_spelling(const Setting& setting, const Config& config);

/// A config.toml that says the defaults, a comment above each key.
std::string default_config_text();
