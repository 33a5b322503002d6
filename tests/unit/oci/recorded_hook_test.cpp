// SPDX-License-Identifier: Apache-2.0
#include "core/oci/recorded_hook.h"

#include "catch.h"
#include "core/error.h"
#include "core/host/process.h"

namespace {

const Hook marker = {"/usr/bin/container-hooks", {}, {}, {}};

RecordedRun run_of_c1() {
  RecordedRun run;
  run.labels = {
      .stage = "createRuntime", .hook = "verify", .file = "/etc/a.json", .container = "c1", .space = "kube-system"};
  run.target = {.which = Recording::all, .file = "/var/log/h.jsonl", .size = 100, .journal = true};
  return run;
}

using Strings = std::vector<std::string>;

}  // namespace

TEST_CASE("a recorded hook calls the marker's binary, with the hook's own command last") {
  const Hook hook = {"/bin/verify", Strings{"verify", "--strict"}, Strings{"PATH=/bin"}, 5};
  const Hook recorded = recorded_hook(hook, marker, run_of_c1());
  CHECK(recorded.path == "/usr/bin/container-hooks");
  CHECK(*recorded.args == Strings{"container-hooks", "run", "--stage=createRuntime", "--hook=verify",
                                  "--file=/etc/a.json", "--container=c1", "--namespace=kube-system", "--timeout=5",
                                  "--record=all", "--record-file=/var/log/h.jsonl", "--record-size=100", "--journal",
                                  "--", "/bin/verify", "verify", "--strict"});
  CHECK(recorded.env == hook.env);
  CHECK(recorded.timeout == 7);
  CHECK(is_marker(recorded));
}

TEST_CASE("what a recorded hook says is read back, and it unwraps to the hook as it was") {
  for (const Hook& hook : {Hook{"/bin/a", {}, {}, {}}, Hook{"/bin/a", Strings{"a"}, Strings{}, 1},
                           Hook{"/bin/a", Strings{"a", "--", "--stage=x", ""}, {}, INT64_MAX}}) {
    const Hook recorded = recorded_hook(hook, marker, run_of_c1());
    CHECK(to_json(unrecorded_hook(recorded)) == to_json(hook));
    const RecordedRun run = parse_recorded_run(*recorded.args);
    CHECK(run.labels.space == "kube-system");
    CHECK(run.target.size == 100);
    CHECK(run.target.journal);
    CHECK(run.timeout == static_cast<std::uint64_t>(hook.timeout.value_or(0)));
  }
}

TEST_CASE("a marker that has no name of its own runs hooks, too") {
  const Hook recorded = recorded_hook({"/bin/a", {}, {}, {}}, {binary_path(), Strings{"container-hooks"}, {}, {}}, {});
  CHECK(recorded.path == binary_path());
  CHECK(recorded.args->front() == "container-hooks");
  CHECK(is_marker(recorded));
}

TEST_CASE("a label is one argument, whatever a container's user put into it") {
  RecordedRun run = run_of_c1();
  run.labels.image = "x -- /bin/sh --timeout=1 ";
  const RecordedRun read = parse_recorded_run(*recorded_hook({"/bin/a", {}, {}, {}}, marker, run).args);
  CHECK(read.labels.image == run.labels.image);
  CHECK(read.command == Strings{"/bin/a"});
  CHECK(read.timeout == 0);
}

TEST_CASE("options of another version are passed over, and a call without a program is refused") {
  CHECK(parse_recorded_run(
            {"container-hooks", "run", "--new=1", "-x", "", "=", "-=", "--=", "--timeout=5", "--", "/bin/a"})
            .timeout == 5);
  CHECK_THROWS_AS(parse_recorded_run({"container-hooks", "run", "--stage=x"}), UsageError);
  CHECK_THROWS_AS(parse_recorded_run({"container-hooks", "run", "--"}), UsageError);
}

TEST_CASE("any other hook, the marker among them, unwraps to itself") {
  CHECK(to_json(unrecorded_hook(marker)) == to_json(marker));
  const Hook other = {"/bin/a", Strings{"a", "run", "--", "/bin/b"}, {}, {}};
  CHECK(to_json(unrecorded_hook(other)) == to_json(other));
}
