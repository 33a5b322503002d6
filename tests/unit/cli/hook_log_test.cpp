// SPDX-License-Identifier: Apache-2.0
#include "core/cli/hook_log.h"

#include "catch.h"
#include "core/host/time.h"

using namespace std::chrono_literals;

namespace {

Record run_of(std::string hook, Microseconds offset, Microseconds duration) {
  Record record;
  record.labels.hook = std::move(hook);
  record.labels.stage = "createRuntime";
  record.labels.container = "0123456789abcdef";
  record.start = time_in("2026-11-24T23:10:05Z") + offset;
  record.duration = duration;
  return record;
}

}  // namespace

TEST_CASE("the log has a line for each run, with the end of what a hook that failed said") {
  Record failed = run_of("verify", 0us, 121'400us);
  failed.result = Result::failed;
  failed.exit = 1;
  failed.error_output = "first\nconnection refused\n";
  CHECK(log_table({failed}, 200) ==
        "TIME (UTC)      CONTAINER     STAGE          HOOK    MS     RESULT\n"
        "11-24 23:10:05  0123456789ab  createRuntime  verify  121.4  exit 1: connection refused\n");
}

TEST_CASE("what a hook said cannot move the cursor or begin a line") {
  Record failed = run_of("a\nb", 0us, 1us);
  failed.result = Result::failed;
  failed.error_output = "\x1b[2J\n";
  for (const std::string& text : {log_table({failed}, 200), log_line(failed)}) {
    CHECK(text.find('\x1b') == text.npos);
    CHECK_THAT(text, ContainsSubstring("a\\u000ab"));
  }
}

TEST_CASE("a timeline has each run in its place, at least a little of a cell long") {
  const std::vector<Record> records = {run_of("a", 0us, 50'000us), run_of("b", 50'000us, 50'000us),
                                       run_of("c", 100'000us, 0us)};
  CHECK(timeline(records, {Bars::ascii, 60}) ==
        "\n"
        "stage          hook  0 ms        100.0 ms  ms    result\n"
        "createRuntime  a     ##########            50.0  ok\n"
        "createRuntime  b               ##########  50.0  ok\n"
        "createRuntime  c                        #  0.0   ok\n");
  CHECK_THAT(timeline(records, {Bars::blocks, 60}), ContainsSubstring("a     ██████████            50.0"));
  CHECK_THAT(timeline(records, {Bars::blocks, 60}), ContainsSubstring("c                        ▏  0.0"));
}

TEST_CASE("what ran long after has a chart of its own") {
  const std::string text = timeline({run_of("a", 0us, 1000us), run_of("b", 1h, 1000us)}, {Bars::ascii, 80});
  CHECK(text.find("stage") != text.rfind("stage"));
}

TEST_CASE("statistics show counts, percentiles and a bar for each bucket") {
  const auto all = statistics_of({run_of("a", 0us, 900us), run_of("a", 0us, 900us), run_of("a", 0us, 20s)});
  CHECK(statistics_table(all, {Bars::ascii, 200}) ==
        "HOOK  STAGE          RUNS  FAILED  P50  P95      P99      MAX      1 ms .. 10 s\n"
        "a     createRuntime  3     0       0.9  20000.0  20000.0  20000.0  |#            =|\n");
  CHECK_THAT(statistics_table(all, {Bars::blocks, 200}), ContainsSubstring("|█            ▄|"));
}
