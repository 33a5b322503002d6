// SPDX-License-Identifier: Apache-2.0
#include "core/host/log.h"

#include <regex>

#include "core/oci/error_log.h"
#include "core/text/json_text.h"
#include "scratch.h"

namespace {

constexpr std::string_view awkward = "a \"b\" \\ \n\t\x01 é";

void write_error(const std::string& log, LogFormat format, std::string_view message) {
  CommandLine call;
  call.log = log;
  call.log_format = format;
  write_engine_error(call, message);
}

}  // namespace

TEST_CASE("a line is written when its level is at least the log's") {
  for (std::size_t level = 0; level < log_level_names.size(); ++level) {
    const Scratch scratch;
    const Log log(scratch.path("log"), static_cast<LogLevel>(level));
    for (std::size_t each = 0; each < log_level_names.size(); ++each) log.write(static_cast<LogLevel>(each), "x");
    const std::string content = content_of(scratch.path("log"));
    CHECK(std::count(content.begin(), content.end(), '\n') == static_cast<std::ptrdiff_t>(level + 1));
  }
}

TEST_CASE("nothing to write, nothing opened") {
  const Scratch scratch;
  Log(scratch.path("log"), LogLevel::error).write(LogLevel::info, "x");
  Log("", LogLevel::trace).write(LogLevel::error, "x");
  write_error("", LogFormat::json, "x");
  CHECK(names_in(scratch.path()).empty());
}

TEST_CASE("a message is one line of our log, whatever is in it, and only root reads it") {
  const Scratch scratch;
  const std::string path = scratch.path("log");
  const Log log(path, LogLevel::info);
  log.write(LogLevel::warning, awkward);
  log.write(LogLevel::info, "second");
  const std::string content = content_of(path);
  const std::regex lines(
      "time=\"\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ\" level=warning msg=\"[^\n]*\"\n"
      "time=\"[^\"]*\" level=info msg=\"second\"\n");
  CHECK(std::regex_match(content, lines));
  CHECK((status_of_path(path).st_mode & 07777) == 0600);
}

TEST_CASE("the engine's line is one JSON object with runc's fields, or one line of text") {
  const Scratch scratch;
  const std::string path = scratch.file("log.json", "{}\n");
  write_error(path, LogFormat::json, awkward);
  const std::string content = content_of(path);
  REQUIRE(content.starts_with("{}\n"));
  const JsonText line("log", content.substr(3));
  CHECK(line.string(line.member(line.root(), "msg")->value) == awkward);
  CHECK(line.string(line.member(line.root(), "level")->value) == "error");
  CHECK(std::regex_match(line.string(line.member(line.root(), "time")->value),
                         std::regex("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ")));
  CHECK(line.members(line.root()).size() == 3);
  CHECK(std::count(content.begin(), content.end(), '\n') == 2);
  CHECK(content.ends_with("\n"));

  write_error(scratch.path("log.txt"), LogFormat::text, "m \"q\"");
  CHECK(std::regex_match(content_of(scratch.path("log.txt")),
                         std::regex("time=\"[^\"]*\" level=error msg=\"m \\\\\"q\\\\\"\"\n")));
}

TEST_CASE("a log that cannot be written is no error, and holds nobody up") {
  const Scratch scratch;
  REQUIRE(mkfifo(scratch.path("fifo").c_str(), 0600) == 0);
  REQUIRE(symlink("loop", scratch.path("loop").c_str()) == 0);
  for (const std::string& path :
       {scratch.path("none/log"), scratch.path(), scratch.path("fifo"), scratch.path("loop"),
        std::string("/proc/version"), std::string("/dev/full"), scratch.path(std::string(5'000, 'x'))}) {
    Log(path, LogLevel::info).write(LogLevel::error, "x");
    write_error(path, LogFormat::json, "x");
  }
  CHECK(names_in(scratch.path()) == std::set<std::string>{"fifo", "loop"});
}
