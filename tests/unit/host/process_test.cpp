// SPDX-License-Identifier: Apache-2.0
#include "core/host/process.h"

#include <fcntl.h>

#include <cerrno>
#include <cstdlib>

#include "catch.h"
#include "in_child.h"
#include "scratch.h"

TEST_CASE("the running binary knows its path and its file") {
  CHECK(binary_path().ends_with("/unit"));
  CHECK(is_this_binary(status_of_path(binary_path())));
  const Scratch scratch;
  CHECK_FALSE(is_this_binary(status_of_path(scratch.file("other", ""))));
}

TEST_CASE("a variable that is empty counts as not set") {
  setenv("CONTAINER_HOOKS_TEST", "", 1);
  CHECK(environment("CONTAINER_HOOKS_TEST") == nullptr);
  setenv("CONTAINER_HOOKS_TEST", "value", 1);
  CHECK(std::string(environment("CONTAINER_HOOKS_TEST")) == "value");
  unsetenv("CONTAINER_HOOKS_TEST");
  CHECK(environment("CONTAINER_HOOKS_TEST") == nullptr);
}

TEST_CASE("a signal is ignored for a while, and then what it was before") {
  struct sigaction during, after;
  {
    const IgnoredSignal ignored(SIGUSR1);
    sigaction(SIGUSR1, nullptr, &during);
  }
  sigaction(SIGUSR1, nullptr, &after);
  CHECK(during.sa_handler == SIG_IGN);
  CHECK(after.sa_handler == SIG_DFL);
}

TEST_CASE("standard descriptors that are closed are opened, and those that are open stay") {
  const Scratch scratch;
  const std::string mine = scratch.file("mine", "");
  // Which of 0 to 2 are closed, as bits: all combinations.
  for (int closed = 0; closed < 8; ++closed) {
    CAPTURE(closed);
    const std::string opened = said_as(geteuid(), [&] {
      const int file = open(mine.c_str(), O_WRONLY);
      for (int number = 0; number < 3; ++number) {
        dup2(file, number);
        if ((closed & 1 << number) != 0) close(number);
      }
      open_standard_descriptors();
      struct stat status, null;
      stat("/dev/null", &null);
      std::string result;
      for (int number = 0; number < 3; ++number)
        result += fstat(number, &status) != 0 ? '-' : status.st_rdev == null.st_rdev ? 'n' : 'm';
      return result;
    });
    for (int number = 0; number < 3; ++number)
      CHECK(opened[static_cast<std::size_t>(number)] == ((closed & 1 << number) != 0 ? 'n' : 'm'));
  }
}
