// SPDX-License-Identifier: Apache-2.0
#include "core/error.h"

#include "catch.h"

TEST_CASE("no errno is worded as engines read another error from") {
  constexpr std::string_view misread[] = {"permission denied", "operation not permitted", "no such file or directory",
                                          "is a directory",    "not a directory",         "executable file not found"};
  for (int number = 0; number < 200; ++number) {
    std::string text = errno_text(number);
    for (char& c : text) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    for (const std::string_view phrase : misread) {
      INFO(number << ": " << text);
      CHECK(text.find(phrase) == text.npos);
    }
  }
}

TEST_CASE("the symbol says which errno it was, where the words are ours") {
  CHECK(errno_text(ENOENT).find("(ENOENT)") != std::string::npos);
  CHECK(errno_text(EACCES).find("(EACCES)") != std::string::npos);
  CHECK(errno_text(EPERM).find("(EPERM)") != std::string::npos);
  CHECK(errno_text(EISDIR).find("(EISDIR)") != std::string::npos);
  CHECK(errno_text(ENOTDIR).find("(ENOTDIR)") != std::string::npos);
  CHECK(errno_text(ENOSPC) == "no space is left on the device (ENOSPC)");
  CHECK(errno_text(9999).ends_with(" (errno 9999)"));
}

TEST_CASE("a system error is what was done, then why it failed") {
  errno = ENOENT;
  CHECK(system_error("open {}", "/x").text == "open /x: it does not exist (ENOENT)");
  CHECK(error("{} of {}", 1, "two").text == "1 of two");
}

TEST_CASE("each context stands before what it held") {
  const auto fail = [] { in_context("outer", [] { in_context("inner", [] { throw Error("cause"); }); }); };
  try {
    fail();
    FAIL("nothing was thrown");
  } catch (const Error& error) {
    CHECK(std::string_view(error.what()) == "outer: inner: cause");
  }
  CHECK(in_context("outer", [] { return 5; }) == 5);
}

TEST_CASE("a wrong use of the command line stays one through contexts") {
  CHECK_THROWS_AS(in_context("outer", [] { throw UsageError("x"); }), UsageError);
}
