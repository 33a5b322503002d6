// SPDX-License-Identifier: Apache-2.0
#include "core/oci/command_line.h"

#include <algorithm>
#include <array>
#include <utility>

namespace {

constexpr unsigned runc = 1, crun = 2, youki = 4, runsc = 8, all = 15;

enum class Scope : std::uint8_t { global, container };  // container: of create, run and restore
enum class Takes : std::uint8_t { nothing, value };
enum class Meaning : std::uint8_t { other, bundle, spec_file, pid_file, log, log_format, help, version };

struct Option {
  Scope scope;
  unsigned families;
  std::string_view name;  // one letter: the short form
  Takes takes;
  Meaning meaning = Meaning::other;
};

using enum Scope;
using enum Takes;

// runc main.go and its commands; crun's argp tables; youki's liboci-cli; runsc/config/flags.go.
// Flags are listed where they can be a group's letter or make an abbreviation ambiguous.
constexpr std::array options = {
    Option{global, all, "log", value, Meaning::log},
    Option{global, all, "log-format", value, Meaning::log_format},
    Option{global, all, "root", value},
    Option{global, all, "help", nothing, Meaning::help},
    Option{global, all, "version", nothing, Meaning::version},
    Option{global, all, "h", nothing, Meaning::help},
    Option{global, runc, "v", nothing, Meaning::version},
    Option{global, runc | crun, "rootless", value},
    Option{global, runc, "criu", value},
    Option{global, all, "debug", nothing},
    Option{global, all, "systemd-cgroup", nothing},
    Option{global, crun, "cgroup-manager", value},
    Option{global, crun | youki, "log-level", value},
    Option{global, crun | youki, "V", nothing, Meaning::version},
    Option{global, crun, "program-name", value},  // argp's own
    Option{global, crun, "usage", nothing, Meaning::help},
    Option{global, crun, "?", nothing, Meaning::help},
    Option{global, youki, "l", value, Meaning::log},
    Option{global, youki, "r", value},
    Option{global, youki, "s", nothing},
    Option{global, youki, "systemd-log", nothing},

    Option{global, runsc, "character-device-policy", value},
    Option{global, runsc, "control-rpc-stop-timeout", value},
    Option{global, runsc, "coverage-report", value},
    Option{global, runsc, "dcache", value},
    Option{global, runsc, "debug-command", value},
    Option{global, runsc, "debug-log", value},
    Option{global, runsc, "debug-log-format", value},
    Option{global, runsc, "EXPERIMENTAL-xdp", value},
    Option{global, runsc, "fdlimit", value},
    Option{global, runsc, "file-access", value},
    Option{global, runsc, "file-access-mounts", value},
    Option{global, runsc, "final-metrics-log", value},
    Option{global, runsc, "gofer-network-namespace", value},
    Option{global, runsc, "host-fifo", value},
    Option{global, runsc, "host-settings", value},
    Option{global, runsc, "host-uds", value},
    Option{global, runsc, "metric-server", value},
    Option{global, runsc, "network", value},
    Option{global, runsc, "network-processors-per-channel", value},
    Option{global, runsc, "num-network-channels", value},
    Option{global, runsc, "nvproxy-allowed-driver-capabilities", value},
    Option{global, runsc, "nvproxy-driver-version", value},
    Option{global, runsc, "overlay2", value},
    Option{global, runsc, "override-procs", value},
    Option{global, runsc, "panic-log", value},
    Option{global, runsc, "panic-signal", value},
    Option{global, runsc, "pcap-log", value},
    Option{global, runsc, "platform", value},
    Option{global, runsc, "platform_device_path", value},
    Option{global, runsc, "pod-init-config", value},
    Option{global, runsc, "profile-block", value},
    Option{global, runsc, "profile-cpu", value},
    Option{global, runsc, "profile-gc-interval", value},
    Option{global, runsc, "profile-heap", value},
    Option{global, runsc, "profile-mutex", value},
    Option{global, runsc, "profiling-metrics", value},
    Option{global, runsc, "profiling-metrics-log", value},
    Option{global, runsc, "profiling-metrics-rate-us", value},
    Option{global, runsc, "qdisc", value},
    Option{global, runsc, "qdisc-tbf-burst", value},
    Option{global, runsc, "qdisc-tbf-rate", value},
    Option{global, runsc, "ref-leak-mode", value},
    Option{global, runsc, "restore-spec-validation", value},
    Option{global, runsc, "shared-root", value},
    Option{global, runsc, "sidecar-release-enforcement-policy", value},
    Option{global, runsc, "strace-log-size", value},
    Option{global, runsc, "strace-syscalls", value},
    Option{global, runsc, "trace", value},
    Option{global, runsc, "traceback", value},
    Option{global, runsc, "watchdog-action", value},

    Option{container, all, "bundle", value, Meaning::bundle},
    Option{container, runc | crun | youki, "b", value, Meaning::bundle},
    Option{container, runc | crun, "config", value, Meaning::spec_file},
    Option{container, crun, "f", value, Meaning::spec_file},
    Option{container, all, "pid-file", value, Meaning::pid_file},
    Option{container, youki, "p", value, Meaning::pid_file},
    Option{container, all, "console-socket", value},
    Option{container, youki, "c", value},
    Option{container, runc, "pidfd-socket", value},
    Option{container, runc | crun | youki, "preserve-fds", value},
    Option{container, runc | crun | runsc, "image-path", value},
    Option{container, runc | crun | runsc, "work-path", value},
    Option{container, runc | crun, "manage-cgroups-mode", value},
    Option{container, runc, "empty-ns", value},
    Option{container, runc | crun, "lsm-profile", value},
    Option{container, runc | crun, "lsm-mount-context", value},
    Option{container, runsc, "user-log", value},
    Option{container, runsc, "fs-restore-image-path", value},
    Option{container, runsc, "pass-fd", value},
    Option{container, runsc, "exec-fd", value},
    Option{container, all, "help", nothing, Meaning::help},
    Option{container, all, "h", nothing, Meaning::help},
    Option{container, crun, "program-name", value},
    Option{container, crun, "usage", nothing, Meaning::help},
    Option{container, crun, "?", nothing, Meaning::help},
    Option{container, crun, "version", nothing, Meaning::version},
    Option{container, crun, "V", nothing, Meaning::version},
    Option{container, all, "detach", nothing},
    Option{container, runc | crun | youki, "d", nothing},
    Option{container, crun, "keep", nothing},
    Option{container, crun, "no-pivot", nothing},
    Option{container, crun, "no-subreaper", nothing},
    Option{container, crun, "no-new-keyring", nothing},
    Option{container, crun, "tcp-established", nothing},
    Option{container, crun, "tcp-close", nothing},
    Option{container, crun, "ext-unix-sk", nothing},
    Option{container, crun, "shell-job", nothing},
    Option{container, crun, "file-locks", nothing},
    Option{container, crun, "network-lock", nothing},
};

constexpr std::array creating = {std::string_view("create"), std::string_view("restore"), std::string_view("run")};

constexpr std::array other_subcommands = {
    std::string_view("attach"), std::string_view("boot"),  std::string_view("checkpoint"),   std::string_view("delete"),
    std::string_view("events"), std::string_view("exec"),  std::string_view("features"),     std::string_view("help"),
    std::string_view("info"),   std::string_view("init"),  std::string_view("kill"),         std::string_view("list"),
    std::string_view("mounts"), std::string_view("pause"), std::string_view("port-forward"), std::string_view("ps"),
    std::string_view("resume"), std::string_view("spec"),  std::string_view("start"),        std::string_view("state"),
    std::string_view("update"), std::string_view("wait"),
};

// Go's strconv.ParseBool, in --help=false.
constexpr std::array switched_off = {std::string_view("0"),     std::string_view("f"),     std::string_view("F"),
                                     std::string_view("false"), std::string_view("False"), std::string_view("FALSE")};

template <class Names>
bool contains(const Names& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

bool is_subcommand(std::string_view word) { return contains(creating, word) || contains(other_subcommands, word); }

// How an option stands in argv: `--NAME`, `--NAME=VALUE`, `-NAME`, `-nVALUE` …
struct Spelled {
  const Option* option;                   // nullptr: the table does not know it
  std::optional<std::string_view> value;  // what is glued to the name
};

class Scanner {
 public:
  Scanner(const std::vector<std::string_view>& arguments, RuntimeFamily family)
      : arguments_(arguments), family_(static_cast<unsigned>(family)) {}

  CommandLine scan() {
    scan_global();
    if (contains(creating, result_.subcommand) && !asks_for_help()) scan_container();
    result_.asks_for_help = asks_for_help();
    return result_;
  }

 private:
  void scan_global();
  void scan_container();
  Spelled spelled(std::string_view argument, Scope scope);
  Spelled long_option(std::string_view text, Scope scope) const;
  Spelled short_options(std::string_view letters, Scope scope);
  const Option* find(std::string_view name, Scope scope) const;
  const Option* find_abbreviated(std::string_view name, Scope scope) const;
  void take(const Spelled& spelled);
  void note(const Option& option, std::string_view value);
  bool asks_for_help() const { return help_ || version_; }
  bool more() const { return next_ < arguments_.size(); }
  bool is(unsigned family) const { return family_ == family; }

  const std::vector<std::string_view>& arguments_;
  unsigned family_;
  std::size_t next_ = 1;
  bool help_ = false;
  bool version_ = false;
  std::optional<std::string_view> first_operand_;
  CommandLine result_;
};

// crun's --log takes file:PATH, journald:ID and syslog:ID, too; only a file can take our line.
std::string_view log_file_of_crun(std::string_view value) {
  if (value.starts_with("file:")) return value.substr(5);
  return value.starts_with("journald:") || value.starts_with("syslog:") ? "" : value;
}

// run_create.c: the literal "config.json" is the bundle's. For runc (utils.go, revisePaths) it is a file like any other.
std::string_view spec_file_of_crun(std::string_view value) { return value == "config.json" ? "" : value; }

bool looks_like_option(std::string_view argument) { return argument.size() > 1 && argument.front() == '-'; }

void Scanner::scan_global() {
  while (more()) {
    const std::string_view argument = arguments_[next_++];
    const bool options_end = argument == "--" && more();
    if (options_end || !looks_like_option(argument)) {
      result_.subcommand = options_end ? arguments_[next_++] : argument;
      return;
    }
    const Spelled option = spelled(argument, global);
    take(option);
    const bool unknown = option.option == nullptr && !option.value;
    if (unknown && more() && !looks_like_option(arguments_[next_]) && !is_subcommand(arguments_[next_])) ++next_;
  }
}

// After the id no option may follow for some runtimes, and nothing else for any: taking options there harms nothing.
void Scanner::scan_container() {
  bool options_end = false;
  while (more()) {
    const std::string_view argument = arguments_[next_++];
    if (!options_end && argument == "--") {
      options_end = true;
    } else if (!options_end && looks_like_option(argument)) {
      take(spelled(argument, container));
    } else {
      if (!first_operand_) first_operand_ = argument;
      result_.id = argument;
    }
  }
}

Spelled Scanner::spelled(std::string_view argument, Scope scope) {
  if (argument.starts_with("--")) return long_option(argument.substr(2), scope);
  const std::string_view text = argument.substr(1);
  const bool one_dash_is_long = !is(crun) && !is(youki);  // Go's flag package
  if (one_dash_is_long) {
    const Spelled option = long_option(text, scope);
    if (option.option != nullptr || is(runsc)) return option;
  }
  return short_options(text, scope);
}

Spelled Scanner::long_option(std::string_view text, Scope scope) const {
  const std::size_t equals = text.find('=');
  const std::string_view name = text.substr(0, equals);
  const Option* option = is(crun) ? find_abbreviated(name, scope) : find(name, scope);
  if (equals == text.npos) return {option, std::nullopt};
  return {option, text.substr(equals + 1)};
}

// A group of letters: flags, and at the end one that takes the rest as its value (clap drops a `=` before it).
Spelled Scanner::short_options(std::string_view letters, Scope scope) {
  for (; !letters.empty(); letters.remove_prefix(1)) {
    const Option* option = find(letters.substr(0, 1), scope);
    if (option == nullptr) return {nullptr, letters};
    std::string_view rest = letters.substr(1);
    if (option->takes == nothing) {
      note(*option, "");
      continue;
    }
    if (rest.empty()) return {option, std::nullopt};
    if (!is(crun) && rest.front() == '=') rest.remove_prefix(1);
    return {option, rest};
  }
  return {nullptr, letters};
}

const Option* Scanner::find(std::string_view name, Scope scope) const {
  for (const Option& option : options)
    if (option.scope == scope && (option.families & family_) != 0 && option.name == name) return &option;
  return nullptr;
}

// getopt_long(3): a long name, or a prefix of exactly one.
const Option* Scanner::find_abbreviated(std::string_view name, Scope scope) const {
  const Option* found = nullptr;
  bool ambiguous = false;
  for (const Option& option : options) {
    const bool matches = option.scope == scope && (option.families & family_) != 0 && option.name.size() > 1 &&
                         option.name.starts_with(name);
    if (matches && option.name == name) return &option;
    if (matches) ambiguous = std::exchange(found, &option) != nullptr || ambiguous;
  }
  return ambiguous ? nullptr : found;
}

void Scanner::take(const Spelled& spelled) {
  if (spelled.option == nullptr) return;
  if (spelled.option->takes == nothing || spelled.value)
    note(*spelled.option, spelled.value.value_or(""));
  else
    note(*spelled.option, more() ? arguments_[next_++] : first_operand_.value_or(""));  // urfave/cli, reorderArgs
}

void Scanner::note(const Option& option, std::string_view value) {
  switch (option.meaning) {
    case Meaning::other: break;
    case Meaning::bundle: result_.bundle = value.empty() ? "." : value; break;
    case Meaning::spec_file: result_.spec_file = is(runc) ? value : spec_file_of_crun(value); break;
    case Meaning::pid_file: result_.pid_file = value; break;
    case Meaning::log: result_.log = is(crun) ? log_file_of_crun(value) : value; break;
    case Meaning::log_format: result_.log_format = value == "json" ? LogFormat::json : LogFormat::text; break;
    case Meaning::help: help_ = !contains(switched_off, value); break;
    case Meaning::version: version_ = !contains(switched_off, value); break;
  }
}

struct Family {
  std::string_view name;
  RuntimeFamily family;
};

constexpr std::array families = {
    Family{"runc", RuntimeFamily::runc},   Family{"docker-runc", RuntimeFamily::runc},
    Family{"crun", RuntimeFamily::crun},   Family{"krun", RuntimeFamily::crun},
    Family{"youki", RuntimeFamily::youki}, Family{"runsc", RuntimeFamily::runsc},
};

}  // namespace

RuntimeFamily family_of(std::string_view runtime_path) {
  const std::string_view name = runtime_path.substr(runtime_path.rfind('/') + 1);
  for (const Family& row : families)
    if (row.name == name) return row.family;
  return RuntimeFamily::any;
}

bool CommandLine::creates_container() const { return contains(creating, subcommand) && !id.empty() && !asks_for_help; }

// A spec file of its own is resolved from the caller's directory.
std::string CommandLine::spec_path() const {
  if (!spec_file.empty()) return std::string(spec_file);
  const std::size_t end = bundle.find_last_not_of('/');
  return std::string(bundle.substr(0, end + 1)) + "/config.json";
}

CommandLine parse_command_line(const std::vector<std::string_view>& arguments, RuntimeFamily family) {
  return Scanner(arguments, family).scan();
}
