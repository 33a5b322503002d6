// SPDX-License-Identifier: Apache-2.0
#include "core/oci/command_line.h"

#include <memory>
#include <sstream>

#include "scratch.h"

namespace {

using Family = RuntimeFamily;
using Words = std::vector<std::string_view>;

constexpr std::array every_family = {Family::runc, Family::crun, Family::youki, Family::runsc, Family::any};

Words words(std::string_view text) {
  Words result;
  while (!text.empty()) {
    const std::string_view word = text.substr(0, text.find(' '));
    if (!word.empty()) result.push_back(word);
    text.remove_prefix(std::min(word.size() + 1, text.size()));
  }
  return result;
}

struct Call : CommandLine {
  std::shared_ptr<const std::string> text;  // what the views of the command line point into
};

Call parsed(Family family, std::string_view arguments) {
  const auto text = std::make_shared<const std::string>("W " + std::string(arguments));
  return {parse_command_line(words(*text), family), text};
}

struct ValueOption {
  Family family;
  std::string_view globals;    // long options with a value in front of the subcommand
  std::string_view container;  // and after it
};

constexpr std::array value_options = {
    ValueOption{Family::runc, "log log-format root rootless criu",
                "bundle config console-socket pidfd-socket pid-file preserve-fds image-path work-path "
                "manage-cgroups-mode empty-ns lsm-profile lsm-mount-context"},
    ValueOption{
        Family::crun, "cgroup-manager log log-format log-level root rootless program-name",
        "bundle config console-socket preserve-fds pid-file image-path work-path manage-cgroups-mode lsm-profile "
        "lsm-mount-context program-name"},
    ValueOption{Family::youki, "log log-format root log-level", "bundle console-socket pid-file preserve-fds"},
    ValueOption{
        Family::runsc,
        "root log log-format debug-log debug-command panic-log coverage-report pcap-log debug-log-format traceback "
        "metric-server final-metrics-log profiling-metrics profiling-metrics-log profiling-metrics-rate-us "
        "strace-syscalls "
        "strace-log-size platform platform_device_path watchdog-action panic-signal profile-block profile-cpu "
        "profile-gc-interval profile-heap profile-mutex trace ref-leak-mode pod-init-config host-settings "
        "sidecar-release-enforcement-policy restore-spec-validation control-rpc-stop-timeout shared-root file-access "
        "file-access-mounts overlay2 host-uds host-fifo character-device-policy override-procs fdlimit dcache network "
        "gofer-network-namespace qdisc qdisc-tbf-rate qdisc-tbf-burst num-network-channels "
        "network-processors-per-channel "
        "EXPERIMENTAL-xdp nvproxy-driver-version nvproxy-allowed-driver-capabilities",
        "bundle console-socket pid-file user-log fs-restore-image-path pass-fd exec-fd image-path work-path"},
    ValueOption{Family::any, "log log-format root log-level rootless cgroup-manager",
                "bundle config console-socket pidfd-socket pid-file preserve-fds image-path work-path"},
};

// A dash or two before a long name: Go's flag package takes both.
std::vector<std::string> dashes_of(Family family) {
  if (family == Family::crun || family == Family::youki) return {"--"};
  return {"--", "-"};
}

struct SpecRow {
  Family family;
  std::string_view arguments;
  std::string_view spec;  // its path; empty: no container is made
};

void check(const std::vector<SpecRow>& rows) {
  for (const SpecRow& row : rows) {
    const Call call = parsed(row.family, row.arguments);
    INFO("family " << int(row.family) << ": " << row.arguments);
    CHECK((call.creates_container() ? call.spec_path() : "") == row.spec);
  }
}

}  // namespace

TEST_CASE("the value of a global option is not the subcommand") {
  for (const ValueOption& row : value_options)
    for (const std::string_view name : words(row.globals))
      for (const std::string& dashes : dashes_of(row.family)) {
        INFO("family " << int(row.family) << ": " << dashes << name);
        CHECK(parsed(row.family, fmt::format("{}{} create state c", dashes, name)).subcommand == "state");
        CHECK(parsed(row.family, fmt::format("{}{}=create state c", dashes, name)).subcommand == "state");
        CHECK(parsed(row.family, fmt::format("{}{}= state c", dashes, name)).subcommand == "state");
        CHECK(parsed(row.family, fmt::format("{}{} --log=/evil state c", dashes, name)).log != "/evil");
      }
}

TEST_CASE("the value of an option of create, run or restore is neither an option nor the id") {
  for (const ValueOption& row : value_options)
    for (const std::string_view name : words(row.container))
      for (const std::string& dashes : dashes_of(row.family)) {
        INFO("family " << int(row.family) << ": " << dashes << name);
        const bool is_bundle = name == "bundle";
        const bool is_spec_file = name == "config";
        const Call spaced = parsed(row.family, fmt::format("create --bundle /b {}{} --pid-file=/evil c", dashes, name));
        CHECK(spaced.id == "c");
        CHECK(spaced.pid_file != "/evil");
        CHECK(spaced.bundle == (is_bundle ? "--pid-file=/evil" : "/b"));
        CHECK(spaced.spec_file == (is_spec_file ? "--pid-file=/evil" : ""));
        const Call glued = parsed(row.family, fmt::format("restore --bundle /b {}{}=/v c", dashes, name));
        CHECK(glued.id == "c");
        CHECK(glued.bundle == (is_bundle ? "/v" : "/b"));
      }
}

TEST_CASE("calls that make a container name its spec") {
  for (const Family family : every_family)
    check({
        {family, "--root /r --log L --log-format json create --bundle B --pid-file P ID", "B/config.json"},
        {family, "--log=L --log-format=json create --bundle B ID", "B/config.json"},
        {family, "create --bundle=B ID", "B/config.json"},
        {family, "create --bundle B/ ID", "B/config.json"},
        {family, "create --bundle B/// ID", "B/config.json"},
        {family, "create --bundle / ID", "/config.json"},
        {family, "create --bundle .. ID", "../config.json"},
        {family, "create ID", "./config.json"},
        {family, "create --bundle= ID", "./config.json"},
        {family, "run --keep --bundle B ID", "B/config.json"},
        {family, "restore --bundle B ID", "B/config.json"},
        {family, "--rootless=true create --bundle B ID", "B/config.json"},
        {family, "--systemd-cgroup create --bundle B ID", "B/config.json"},
        {family, "--debug create --bundle B ID", "B/config.json"},
        {family, "create --no-pivot --no-new-keyring --bundle B ID", "B/config.json"},
        {family, "create --bundle first --bundle B ID", "B/config.json"},
        {family, "-- create --bundle B ID", "B/config.json"},
        {family, "create --bundle B -- ID", "B/config.json"},
        {family, "create -- --bundle", "./config.json"},
    });
}

TEST_CASE("each runtime's own spellings of the bundle") {
  check({
      {Family::runc, "create -b B ID", "B/config.json"},
      {Family::runc, "create -b=B ID", "B/config.json"},
      {Family::runc, "create -bundle B ID", "B/config.json"},
      {Family::runc, "create -bundle=B ID", "B/config.json"},
      {Family::runc, "create --b B ID", "B/config.json"},
      {Family::runc, "create ID --bundle B", "B/config.json"},
      {Family::runc, "create ID -b B", "B/config.json"},
      {Family::runc, "create B ID -b", "B/config.json"},
      {Family::runc, "create --no-pivot=false -b B ID", "B/config.json"},
      {Family::runc, "restore --image-path I -b B ID", "B/config.json"},
      {Family::runc, "restore --image-path I --empty-ns network --empty-ns ipc -d -b B ID", "B/config.json"},
      {Family::runc, "--rootless true create -b B ID", "B/config.json"},
      {Family::runc, "create --config F --bundle B ID", "F"},
      {Family::runc, "create --bundle B --config=config.json ID", "config.json"},
      {Family::runc, "create --bundle B --config= ID", "B/config.json"},
      {Family::crun, "create -b B ID", "B/config.json"},
      {Family::crun, "create -bB ID", "B/config.json"},
      {Family::crun, "create -b=B ID", "=B/config.json"},
      {Family::crun, "create -bundle B ID", "undle/config.json"},
      {Family::crun, "create --bun B ID", "B/config.json"},
      {Family::crun, "create --bu=B ID", "B/config.json"},
      {Family::crun, "create --b B ID", "B/config.json"},
      {Family::crun, "run -dbB ID", "B/config.json"},
      {Family::crun, "run -db B ID", "B/config.json"},
      {Family::crun, "restore --image-path I -b B ID", "B/config.json"},
      {Family::crun, "--rootless true create -b B ID", "B/config.json"},
      {Family::crun, "--rootl true create -b B ID", "B/config.json"},
      {Family::crun, "--cg disabled create -b B ID", "B/config.json"},
      {Family::crun, "--program-name create create -b B ID", "B/config.json"},
      {Family::crun, "create --no-p --pi create -b B ID", "B/config.json"},
      {Family::youki, "create -b B ID", "B/config.json"},
      {Family::youki, "create -bB ID", "B/config.json"},
      {Family::youki, "create -b=B ID", "B/config.json"},
      {Family::youki, "-s -l L -r R create -p P -c C -bB ID", "B/config.json"},
      {Family::youki, "-sl/L create -p=P -cC -bB ID", "B/config.json"},
      {Family::youki, "-l=/L create -b B ID", "B/config.json"},
      {Family::runsc, "create -bundle B ID", "B/config.json"},
      {Family::runsc, "create -bundle=B ID", "B/config.json"},
      {Family::runsc, "-rootless create -bundle B ID", "B/config.json"},
      {Family::runsc, "--rootless create -bundle B ID", "B/config.json"},
      {Family::runsc, "-debug -systemd-cgroup -network none create -bundle B ID", "B/config.json"},
      {Family::any, "create -b B ID", "B/config.json"},
      {Family::any, "create -bB ID", "B/config.json"},
      {Family::any, "create -b=B ID", "B/config.json"},
      {Family::any, "create -bundle B ID", "B/config.json"},
      {Family::any, "--new-option create -b B ID", "B/config.json"},
      {Family::any, "--new-option value create -b B ID", "B/config.json"},
      {Family::any, "--new-option=create create -b B ID", "B/config.json"},
  });
}

TEST_CASE("crun reads its spec from what --config names, in the caller's directory") {
  check({
      {Family::crun, "create --config F -b B ID", "F"},
      {Family::crun, "create --config=/abs/F -b B ID", "/abs/F"},
      {Family::crun, "create -f F -b B ID", "F"},
      {Family::crun, "create -fF -b B ID", "F"},
      {Family::crun, "create --conf F -b B ID", "F"},
      {Family::crun, "create --config config.json -b B ID", "B/config.json"},
      {Family::crun, "create --config ./config.json -b B ID", "./config.json"},
      {Family::crun, "create -f F -b B -f config.json ID", "B/config.json"},
      {Family::any, "create --config F -b B ID", "F"},
      {Family::youki, "create --config -b B ID", "B/config.json"},
  });
}

TEST_CASE("runc puts options first, so the last one takes an operand for its value, an empty one, too") {
  const CommandLine call = parse_command_line({"runc", "create", "", "c1", "-b"}, RuntimeFamily::runc);
  CHECK(call.spec_path() == "./config.json");
  CHECK(call.id == "c1");
}

TEST_CASE("an abbreviation counts where crun takes it: when it is a prefix of one name only") {
  CHECK(parsed(Family::crun, "create --co X ID").spec_file.empty());
  CHECK(parsed(Family::crun, "create --console X ID").spec_file.empty());
  CHECK(parsed(Family::crun, "restore --f ID").spec_file.empty());
  CHECK(parsed(Family::crun, "--log-f json create ID").log_format == LogFormat::json);
  CHECK(parsed(Family::crun, "--log L create ID").log == "L");
  CHECK(parsed(Family::runc, "create --bun B ID").bundle == ".");
}

TEST_CASE("calls that make no container name no spec") {
  for (const Family family : every_family)
    check({
        {family, "", ""},
        {family, "create", ""},
        {family, "delete create", ""},
        {family, "kill start KILL", ""},
        {family, "--root create state x", ""},
        {family, "exec c git create", ""},
        {family, "exec c prog --bundle /evil --log=/x --version", ""},
        {family, "exec create create --bundle /evil", ""},
        {family, "state start", ""},
        {family, "state create", ""},
        {family, "start run", ""},
        {family, "features", ""},
        {family, "--version", ""},
        {family, "--version create --bundle B ID", ""},
        {family, "--help", ""},
        {family, "--help create --bundle B ID", ""},
        {family, "-h create --bundle B ID", ""},
        {family, "help create", ""},
        {family, "create --help", ""},
        {family, "create --help --bundle B ID", ""},
        {family, "create --bundle B", ""},
        {family, "--log", ""},
        {family, "create --bundle", ""},
        {family, "--", ""},
        {family, "-", ""},
        {family, "CREATE --bundle B ID", ""},
        {family, "cre --bundle B ID", ""},
        {family, "--unknown state create", ""},
        {family, "list create", ""},
    });
  CHECK_FALSE(parse_command_line({}, Family::runc).creates_container());
  CHECK_FALSE(parse_command_line({"", "", ""}, Family::runc).creates_container());
}

TEST_CASE("help that is switched off is none") {
  check({
      {Family::runc, "create --help=false --bundle B ID", "B/config.json"},
      {Family::runc, "--version=0 create --bundle B ID", "B/config.json"},
      {Family::runc, "create --help=true --bundle B ID", ""},
      {Family::runc, "create --help --help=false --bundle B ID", "B/config.json"},
      {Family::runc, "--help create --help=false --bundle B ID", ""},
      {Family::runc, "--version --help=false create --bundle B ID", ""},
  });
}

TEST_CASE("an id and a bundle may be called as they like") {
  for (const Family family : every_family)
    for (const std::string_view name : {"create", "start", "run", "state", "-", "help", "log"}) {
      INFO(name);
      const Call call = parsed(family, fmt::format("create --bundle {} {}", name, name));
      CHECK(call.subcommand == "create");
      CHECK(call.id == name);
      CHECK(call.spec_path() == fmt::format("{}/config.json", name));
    }
  CHECK(parsed(Family::runc, "create --bundle B -- -b").id == "-b");
}

TEST_CASE("where errors go is known for every subcommand") {
  const Call call = parsed(Family::runc, "--log /l --log-format json state c");
  CHECK(call.log == "/l");
  CHECK(call.log_format == LogFormat::json);
  CHECK(parsed(Family::runc, "--log /l --log-format text create c").log_format == LogFormat::text);
  CHECK(parsed(Family::runc, "-log=/l create c").log == "/l");
  CHECK(parsed(Family::youki, "-l /l create c").log == "/l");
  CHECK(parsed(Family::runc, "create c").log.empty());
  CHECK(parsed(Family::runc, "exec c prog --log /evil --log=/evil").log.empty());
}

TEST_CASE("only a file can take the error line from crun's kinds of log") {
  CHECK(parsed(Family::crun, "--log file:/l create c").log == "/l");
  CHECK(parsed(Family::crun, "--log=/l create c").log == "/l");
  CHECK(parsed(Family::crun, "--log journald:c create c").log.empty());
  CHECK(parsed(Family::crun, "--log syslog:c create c").log.empty());
  CHECK(parsed(Family::runc, "--log file:/l create c").log == "file:/l");
}

TEST_CASE("any bytes and any number of arguments can be read") {
  const std::string bytes = "\xff\x01\n\"\\";
  Words arguments = {"W", "create", "--bundle", bytes};
  arguments.insert(arguments.end(), 10'000, "--");
  arguments.push_back("id");
  const CommandLine call = parse_command_line(arguments, Family::any);
  CHECK(call.spec_path() == bytes + "/config.json");
  CHECK(call.id == "id");
}

TEST_CASE("every command line that engines were seen to use is understood") {
  int calls = 0;
  for (const std::string& file : names_in(test_data("argv"))) {
    std::istringstream lines(content_of(test_data("argv/" + file)));
    std::string subcommand;
    for (std::string line; std::getline(lines, line);) {
      if (line.starts_with('[')) subcommand = line.substr(1, line.find(']') - 1);
      if (!line.starts_with("  argv: ")) continue;
      ++calls;
      const Words arguments = words(std::string_view(line).substr(8));
      const auto after = [&](std::string_view option) {
        const auto found = std::find(arguments.begin(), arguments.end(), option);
        return found == arguments.end() ? std::string_view() : *(found + 1);
      };
      for (const Family family : every_family) {
        INFO(file << ": " << line << " as family " << int(family));
        const CommandLine call = parse_command_line(arguments, family);
        CHECK(call.subcommand == subcommand);
        CHECK(call.log == after("--log"));
        CHECK((call.log_format == LogFormat::json) == (after("--log-format") == "json"));
        const bool makes_container = subcommand == "create" || subcommand == "run" || subcommand == "restore";
        CHECK(call.creates_container() == makes_container);
        if (makes_container) CHECK(call.spec_path() == std::string(after("--bundle")) + "/config.json");
        if (makes_container) CHECK(call.id == arguments.back());
        if (makes_container) CHECK(call.pid_file == after("--pid-file"));
      }
    }
  }
  CHECK(calls > 50);
}

TEST_CASE("a runtime's family goes by the base name of its path") {
  CHECK(family_of("runc") == Family::runc);
  CHECK(family_of("/usr/sbin/runc") == Family::runc);
  CHECK(family_of("/usr/bin/docker-runc") == Family::runc);
  CHECK(family_of("/usr/bin/crun") == Family::crun);
  CHECK(family_of("/opt/youki") == Family::youki);
  CHECK(family_of("/usr/local/bin/runsc") == Family::runsc);
  CHECK(family_of("/crun/nvidia-container-runtime") == Family::any);
  CHECK(family_of("") == Family::any);
}
