// SPDX-License-Identifier: Apache-2.0
#include "core/record/export.h"

#include "catch.h"
#include "core/record/statistics.h"
#include "core/text/json_text.h"
#include "core/text/split.h"

using namespace std::chrono_literals;

namespace {

Record run_of(std::string hook, Microseconds duration, Result result = Result::ok) {
  Record record;
  record.labels.hook = std::move(hook);
  record.labels.stage = "createRuntime";
  record.labels.container = "c1";
  record.start = 1'000'000us;
  record.duration = duration;
  record.result = result;
  return record;
}

}  // namespace

TEST_CASE("statistics are by hook and stage, with the percentiles that runs really had") {
  std::vector<Record> records;
  for (int ms = 1; ms <= 100; ++ms) records.push_back(run_of("a", Microseconds(1000 * ms)));
  records.push_back(run_of("b", 7us, Result::timeout));
  const std::vector<HookStatistics> all = statistics_of(records);
  REQUIRE(all.size() == 2);
  CHECK(all[0].hook == "a");
  CHECK(all[0].percentile(50) == 50'000us);
  CHECK(all[0].percentile(99) == 99'000us);
  CHECK(all[0].percentile(100) == 100'000us);
  CHECK(all[0].failures() == 0);
  CHECK(all[1].percentile(50) == 7us);
  CHECK(all[1].failures() == 1);
}

TEST_CASE("a duration is in the first bucket whose bound it does not pass, and the last has no bound") {
  const auto histogram =
      statistics_of({run_of("a", 0us), run_of("a", 1000us), run_of("a", 1001us), run_of("a", 1h)}).front().histogram();
  CHECK(histogram.front() == 2);
  CHECK(histogram[1] == 1);
  CHECK(histogram.back() == 1);
}

TEST_CASE("Prometheus gets a counter by result and a histogram that is cumulative, without a container") {
  const std::string text =
      as_prometheus({run_of("a", 900us), run_of("a", 2s, Result::failed), run_of("a", 1h, Result::failed)});
  for (const char* line :
       {"# TYPE container_hooks_runs_total counter\n",
        "container_hooks_runs_total{hook=\"a\",stage=\"createRuntime\",result=\"ok\"} 1\n",
        "container_hooks_runs_total{hook=\"a\",stage=\"createRuntime\",result=\"failed\"} 2\n",
        "# TYPE container_hooks_duration_seconds histogram\n",
        "_bucket{hook=\"a\",stage=\"createRuntime\",le=\"0.001\"} 1\n",
        "_bucket{hook=\"a\",stage=\"createRuntime\",le=\"2.5\"} 2\n",
        "_bucket{hook=\"a\",stage=\"createRuntime\",le=\"+Inf\"} 3\n",
        "_sum{hook=\"a\",stage=\"createRuntime\"} 3602.000900\n", "_count{hook=\"a\",stage=\"createRuntime\"} 3\n"})
    CHECK_THAT(text, ContainsSubstring(line));
  CHECK(text.find("c1") == text.npos);
}

TEST_CASE("no hook's name breaks out of Prometheus' quotes or its line") {
  const std::string text = as_prometheus({run_of("a\"} 1\n\\\x1b[2J", 1us)});
  CHECK_THAT(text, ContainsSubstring("{hook=\"a\\\"} 1\\\\u000a\\\\\\\\u001b[2J\",stage="));
  for (const std::string_view line : split(text, '\n'))
    CHECK((line.starts_with("# ") || line.starts_with("container_hooks_")));
}

TEST_CASE("OTLP has a line for each container, whose spans have ids, times as strings and a status") {
  std::vector<Record> records = {run_of("a", 1us), run_of("b", 2us, Result::failed), run_of("a", 3us)};
  records[2].labels.container = std::string(64, 'f');
  const std::string text = as_otlp(records);
  const auto lines = split(text, '\n');
  REQUIRE(lines.size() == 2);
  for (const std::string_view line : lines) CHECK_NOTHROW(JsonText("otlp", std::string(line)));
  CHECK_THAT(std::string(lines[0]),
             ContainsSubstring("\"startTimeUnixNano\":\"1000000000\",\"endTimeUnixNano\":\"1000001000\""));
  CHECK_THAT(std::string(lines[0]), ContainsSubstring("\"status\":{\"code\":2,\"message\":\"exit status 0 after"));
  CHECK_THAT(std::string(lines[1]), ContainsSubstring("\"traceId\":\"" + std::string(32, 'f') + "\""));
}

TEST_CASE("Chrome's trace is one document, with a process for each container and microseconds") {
  const std::string text = as_chrome_trace({run_of("a", 5us)});
  CHECK_NOTHROW(JsonText("trace", text));
  CHECK_THAT(text, ContainsSubstring(R"("ts":1000000,"dur":5,"pid":1,"tid":1)"));
  CHECK(as_chrome_trace({}) == "{\"displayTimeUnit\":\"ms\",\"traceEvents\":[]}\n");
}
