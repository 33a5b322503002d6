// SPDX-License-Identifier: Apache-2.0
#include "core/record/record_file.h"

#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>

#include "catch.h"
#include "core/host/file.h"
#include "scratch.h"

namespace {

std::string line_of(int writer, int number) { return std::to_string(writer) + ":" + std::to_string(number) + "\n"; }

// Each of the writers is a process that appends so many lines.
void append_at_once(const std::string& path, std::uint64_t size, int writers, int lines) {
  for (int writer = 0; writer < writers; ++writer) {
    if (fork() != 0) continue;
    for (int line = 0; line < lines; ++line) append_record(path, size, line_of(writer, line));
    _exit(0);
  }
  while (wait(nullptr) > 0) continue;
}

}  // namespace

TEST_CASE("records of a file that does not exist are none") {
  const Scratch scratch;
  CHECK(record_lines(scratch.path("none.jsonl")).empty());
}

TEST_CASE("the record file and its directory are made, for their owner alone") {
  const Scratch scratch;
  const std::string path = scratch.path("log/hooks.jsonl");
  append_record(path, 0, "one\n");
  struct stat status;
  REQUIRE(stat(path.c_str(), &status) == 0);
  CHECK((status.st_mode & 0777) == 0600);
  REQUIRE(stat(scratch.path("log").c_str(), &status) == 0);
  CHECK((status.st_mode & 0777) == 0700);
  CHECK(record_lines(path) == std::vector<std::string>{"one"});
}

TEST_CASE("64 writers at once lose no record, tear none and double none") {
  const Scratch scratch;
  const std::string path = scratch.path("hooks.jsonl");
  append_at_once(path, 0, 64, 20);
  std::vector<std::string> lines = record_lines(path);
  CHECK(lines.size() == 64 * 20);
  std::ranges::sort(lines);
  CHECK(std::ranges::adjacent_find(lines) == lines.end());
}

TEST_CASE("a file that is full is rotated once, and nothing is lost between 64 writers") {
  const Scratch scratch;
  const std::string path = scratch.path("hooks.jsonl");
  append_at_once(path, 4096, 64, 20);  // 6,840 bytes: two files
  std::vector<std::string> lines = record_lines(path);
  CHECK(lines.size() == 64 * 20);
  CHECK(status_of_path(path + ".1").st_size > 0);
  std::ranges::sort(lines);
  CHECK(std::ranges::adjacent_find(lines) == lines.end());
}

TEST_CASE("a file is rotated into the one older file, and a line that is larger than the size stands alone") {
  const Scratch scratch;
  const std::string path = scratch.path("hooks.jsonl");
  append_record(path, 8, "first\n");
  append_record(path, 8, "second, which is long\n");
  append_record(path, 8, "third\n");
  CHECK(record_lines(path) == std::vector<std::string>{"second, which is long", "third"});
}

TEST_CASE("a line that a crash tore is ended by the next, which stays whole") {
  const Scratch scratch;
  const std::string path = scratch.file("hooks.jsonl", "whole\ntor");
  append_record(path, 0, "next\n");
  CHECK(record_lines(path) == std::vector<std::string>{"whole", "tor", "next"});
}

TEST_CASE("a record file that is a link, a directory or a pipe is left alone, and nobody waits for it") {
  const Scratch scratch;
  const std::string target = scratch.file("target", "");
  REQUIRE(symlink(target.c_str(), scratch.path("link").c_str()) == 0);
  REQUIRE(mkfifo(scratch.path("pipe").c_str(), 0600) == 0);
  for (const char* name : {"link", "pipe", "."}) append_record(scratch.path(name), 0, "line\n");
  CHECK(read_if_exists(target) == "");
}
