// SPDX-License-Identifier: Apache-2.0
#include "core/record/record.h"

#include "catch.h"
#include "core/host/time.h"

using namespace std::chrono_literals;

namespace {

Record failed_run() {
  Record record;
  record.labels = {.stage = "createRuntime", .hook = "verify", .file = "/etc/h.json", .container = "c1"};
  record.path = "/bin/verify";
  record.start = time_in("2026-11-24T23:10:05.000042Z");
  record.result = Result::failed;
  record.exit = 3;
  record.duration = 1'000'250us;
  record.user = 7us;
  record.peak_memory = 1'695'744;
  record.error_output = "no signature\n";
  return record;
}

}  // namespace

TEST_CASE("a record is one line of JSON, with exact seconds and without what is not known") {
  CHECK(to_json_line(failed_run()) ==
        R"({"time":"2026-11-24T23:10:05.000042Z","container":"c1","stage":"createRuntime","hook":"verify",)"
        R"("file":"/etc/h.json","path":"/bin/verify","result":"failed","exit":3,"duration":1.000250,"user":0.000007,)"
        R"("system":0.000000,"peak-memory":1695744,"stderr":"no signature\u000a"})"
        "\n");
}

TEST_CASE("a record that is read again says what was written") {
  const std::string line = to_json_line(failed_run());
  const auto read = record_in(line.substr(0, line.size() - 1));
  REQUIRE(read);
  CHECK(to_json_line(*read) == line);
  CHECK(read->duration == 1'000'250us);
  CHECK(read->start == failed_run().start);
}

TEST_CASE("bytes that are not UTF-8 and NULs leave a record that every reader of JSON takes") {
  Record record = failed_run();
  record.output = std::string("\0\xff\x1b[2J", 6);
  CHECK_THAT(to_json_line(record), ContainsSubstring("\"stdout\":\"\\u0000\xEF\xBF\xBD\\u001b[2J\""));
  CHECK(record_in(to_json_line(record)));
}

TEST_CASE("a torn line, another document, and members of a wrong type are no record and no error") {
  const std::string line = to_json_line(failed_run());
  for (std::size_t length = 0; length + 2 < line.size(); ++length) CHECK_FALSE(record_in(line.substr(0, length)));
  CHECK_FALSE(record_in("[]"));
  CHECK_FALSE(record_in("{}"));
  CHECK_FALSE(record_in(R"({"time":1,"hook":[]})"));
  CHECK(record_in(R"({"time":"","result":"","exit":1e99,"duration":"x","peak-memory":-1})"));
}

TEST_CASE("a line tells how a hook ended, in one sentence") {
  Record record = failed_run();
  CHECK(ending_of(record) == "exit status 3 after 1.00 s");
  record.result = Result::timeout;
  CHECK(ending_of(record) == "killed, since it had not ended after 1.00 s");
  record.result = Result::signal;
  record.signal = 9;
  CHECK(ending_of(record) == "killed by signal 9 after 1.00 s");
  record.result = Result::not_started;
  record.error = "it does not exist (ENOENT)";
  CHECK(ending_of(record) == "start /bin/verify: it does not exist (ENOENT)");
}

TEST_CASE("seconds have the digits that people read") {
  CHECK(seconds_text(12'345'678us) == "12.3");
  CHECK(seconds_text(210'999us) == "0.21");
  CHECK(seconds_text(1'900us) == "0.0019");
  CHECK(seconds_text(0us) == "0.0000");
}

TEST_CASE("a time is written and read back to the microsecond, whatever digits it has") {
  CHECK(utc_text(time_in("2024-02-29T23:59:59.999999Z")) == "2024-02-29T23:59:59.999999Z");
  CHECK(utc_text(time_in("1970-01-01T00:00:01Z")) == "1970-01-01T00:00:01.000000Z");
  CHECK(utc_text(time_in("1970-01-01T00:00:01.5Z")) == "1970-01-01T00:00:01.500000Z");
  CHECK(utc_text(time_in("1970-01-01T00:00:01.123456789Z")) == "1970-01-01T00:00:01.123456Z");
  for (const char* text :
       {"", "yesterday", "2026-13-01T00:00:00Z", "2026-02-30T00:00:00Z", "2026-1-1T0:0:0Z", "9999-12-31T28:00:00Z"})
    CHECK(time_in(text) == 0us);
}
