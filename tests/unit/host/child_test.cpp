// SPDX-License-Identifier: Apache-2.0
#include "core/host/child.h"

#include <signal.h>

#include <cerrno>
#include <ctime>

#include "catch.h"
#include "in_child.h"
#include "scratch.h"

namespace {

using std::chrono::seconds;

ChildResult run_shell(const std::string& script, seconds limit = answer_limit) {
  const std::optional<ChildResult> result = run_child({"/bin/sh", "-c", script}, limit);
  REQUIRE(result);
  return *result;
}

std::string failure_of(const std::string& script, seconds limit) {
  return message_of([&] { run_child({"/bin/sh", "-c", script}, limit); });
}

bool is_alive(pid_t pid) {
  char state = 'Z';  // nobody may have asked yet how it ended
  if (std::FILE* in = std::fopen(fmt::format("/proc/{}/stat", pid).c_str(), "r")) {
    REQUIRE(std::fscanf(in, "%*d (%*[^)]) %c", &state) == 1);
    std::fclose(in);
  }
  return state != 'Z';
}

// Whether a process goes on; one that was killed may take a moment to end.
bool is_running(pid_t pid) {
  constexpr timespec moment = {0, 10'000'000};
  for (int i = 0; i < 100 && is_alive(pid); ++i) nanosleep(&moment, nullptr);
  return is_alive(pid);
}

// Those of the standard; the C library has two of the others to itself.
unsigned long signals_in(const std::string& status, const std::string& field) {
  return std::stoul(status.substr(status.find(field) + field.size()), nullptr, 16) & 0x7fffffff;
}

}  // namespace

TEST_CASE("a child's output is what it says on stdout and on stderr, in its order") {
  CHECK(run_shell("echo one; echo two >&2; echo three").output == "one\ntwo\nthree\n");
  CHECK(run_shell("exit 0").output.empty());
}

TEST_CASE("a child's status is its own, or 128 and the signal that ended it") {
  CHECK(run_shell("exit 0").status == 0);
  CHECK(run_shell("exit 7").status == 7);
  CHECK(run_shell("kill -TERM $$").status == 128 + SIGTERM);
}

TEST_CASE("a program that does not exist is an answer, one that cannot be executed an error") {
  const Scratch scratch;
  CHECK_FALSE(run_child({"container-hooks-no-such-program"}));
  const std::string file = scratch.file("file", "#!/bin/sh\n", 0644);
  CHECK(message_of([&] { run_child({file}); }) == "run " + file + ": access refused (EACCES)");
}

TEST_CASE("a child's standard input is empty") { CHECK(run_shell("cat; echo end").output == "end\n"); }

TEST_CASE("a child has the signal mask and the dispositions that we were given") {
  const auto child = run_child({"cat", "/proc/self/status"});
  REQUIRE(child);
  const std::string ours = content_of("/proc/self/status");
  for (const char* field : {"SigBlk:", "SigIgn:"}) CHECK(signals_in(child->output, field) == signals_in(ours, field));
}

TEST_CASE("a child that hangs is ended at the limit, with all that it has started") {
  const Scratch scratch;
  const std::string pids = scratch.path("pids");
  CHECK(failure_of("sleep 1000 & echo $! >" + pids + "; echo $$ >>" + pids + "; sleep 1000", seconds(1))
            .ends_with("sleep 1000: no answer within 1 second"));
  long in_background = 0, itself = 0;
  REQUIRE(std::sscanf(content_of(pids).c_str(), "%ld %ld", &in_background, &itself) == 2);
  CHECK_FALSE(is_running(static_cast<pid_t>(in_background)));
  CHECK_FALSE(is_running(static_cast<pid_t>(itself)));
}

TEST_CASE("a child that closes its output and goes on is ended at the limit, too") {
  CHECK(failure_of("exec >&- 2>&-; sleep 1000", seconds(1)).ends_with("no answer within 1 second"));
}

TEST_CASE("a child that never stops talking is ended at the limit") {
  CHECK(failure_of("exec yes", seconds(1)).ends_with("no answer within 1 second"));
}

TEST_CASE("of a child that says much the first MiB is kept") {
  const ChildResult result = run_shell("head -c 3000000 /dev/zero; exit 3");
  CHECK(result.status == 3);
  CHECK(result.output.size() == max_child_output);
}

TEST_CASE("what a child leaves in the background holds nobody up") {
  const ChildResult result = run_shell("sleep 1000 & echo $!");
  CHECK(result.status == 0);
  CHECK(kill(static_cast<pid_t>(std::stol(result.output)), SIGKILL) == 0);
}

TEST_CASE("a child's status is known where SIGCHLD is ignored") {
  CHECK(said_as(geteuid(), [] {
          signal(SIGCHLD, SIG_IGN);
          return std::to_string(run_child({"false"})->status);
        }) == "1");
}

TEST_CASE("a signal that would end us ends the child, and is an error that the caller can act on") {
  const Scratch scratch;
  const std::string pid_file = scratch.path("pid");
  const auto interrupted_by = [&](const std::string& name) {
    return said_as(geteuid(), [&] {
      for (const int number : {SIGHUP, SIGINT, SIGQUIT, SIGTERM}) signal(number, SIG_DFL);  // nohup(1) ignores some
      return failure_of("echo $$ >" + pid_file + "; kill -" + name + " $PPID; sleep 1000", seconds(10));
    });
  };
  for (const char* name : {"HUP", "INT", "QUIT", "TERM"}) {
    CAPTURE(name);
    CHECK(interrupted_by(name).ends_with("sleep 1000: interrupted by a signal (EINTR)"));
    CHECK_FALSE(is_running(static_cast<pid_t>(std::stol(content_of(pid_file)))));
  }
}

TEST_CASE("a signal that we were told to ignore does not end the child") {
  CHECK(said_as(geteuid(), [] {
          signal(SIGHUP, SIG_IGN);
          return run_shell("kill -HUP $PPID; echo end").output;
        }) == "end\n");
}
