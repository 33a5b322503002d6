// SPDX-License-Identifier: Apache-2.0
#include "core/host/output.h"

#include <fcntl.h>

#include <cerrno>

#include "catch.h"
#include "in_child.h"
#include "scratch.h"

namespace {

// What printing leaves in a file that is standard output, and in one that is standard error.
struct Printed {
  std::string output, error;
};

template <class Body>
Printed printed_by(Body&& body) {
  const Scratch scratch;
  const std::string output = scratch.file("output", "");
  const std::string error = scratch.file("error", "");
  said_as(geteuid(), [&] {
    dup2(open(output.c_str(), O_WRONLY | O_APPEND), STDOUT_FILENO);
    dup2(open(error.c_str(), O_WRONLY | O_APPEND), STDERR_FILENO);
    body();
    return "";
  });
  return {content_of(output), content_of(error)};
}

std::string failure_at_full(int descriptor, void (*body)()) {
  return said_as(geteuid(), [&] {
    dup2(open("/dev/full", O_WRONLY), descriptor);
    return message_of(body);
  });
}

}  // namespace

TEST_CASE("what is printed is in standard output once it is flushed, with control characters escaped") {
  const Printed printed = printed_by([] {
    print(std::string_view("one\n\0two\x1b[2J\n", 13));
    flush_output();
  });
  CHECK(printed.output == "one\n\\u0000two\\u001b[2J\n");
  CHECK(printed.error.empty());
}

TEST_CASE("what is printed as it is is there to the byte") {
  const std::string text("one\n\0two\n", 9);
  const Printed printed = printed_by([&] {
    print_as_is(text);
    flush_output();
  });
  CHECK(printed.output == text);
}

TEST_CASE("an error is printed after what was printed before it") {
  const Printed printed = printed_by([] {
    dup2(STDOUT_FILENO, STDERR_FILENO);
    print("first\n");
    print_error("second\n");
    print("third\n");
    flush_output();
  });
  CHECK(printed.output == "first\nsecond\nthird\n");
}

TEST_CASE("output that is lost is an error, however much it is") {
  const std::string lost = "write to standard output: no space is left on the device (ENOSPC)";
  CHECK(failure_at_full(STDOUT_FILENO, [] {
          print("short");
          flush_output();
        }) == lost);
  CHECK(failure_at_full(STDOUT_FILENO, [] { print(std::string(1u << 20, 'x')); }) == lost);
}

TEST_CASE("an error message that is lost is not a failure") {
  CHECK(failure_at_full(STDERR_FILENO, [] { print_error("lost\n"); }) == "no error");
}
