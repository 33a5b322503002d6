// The one exception of this program and the chain of contexts it gathers.
//
// Thrown for what the caller cannot repair; main.cpp alone prints it, once.
// Its words reach users through docker, CRI-O and podman, which search them for
// a few phrases of strerror(3) and misread what they find: errno_text() has
// words of our own for those.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <fmt/core.h>

#include <cerrno>
#include <cstddef>
#include <exception>
#include <string>
#include <string_view>
#include <utility>

struct Error : std::exception {
  explicit Error(std::string message) : text(std::move(message)) {}
  const char* what() const noexcept override { return text.c_str(); }

  std::string text;                  // "outer: inner: cause"; in_context() grows it on the left
  std::size_t line = 0, column = 0;  // of the place in a file that it is about; 0: none
};

/// A wrong use of the command line: exit status 2 instead of 1.
struct UsageError : Error {
  using Error::Error;
};

/// What went wrong, in words that no engine takes for another error, with the symbol: "it does not exist (ENOENT)".
std::string errno_text(int error_number);

/// What an exception says; one that tells of no memory says so in our words.
std::string message_of(const std::exception& exception);

/// An Error "DOING: cause" for the errno of the call that has just failed.
template <class... Args>
[[nodiscard]] Error system_error(fmt::format_string<Args...> doing, Args&&... args) {
  const int error_number = errno;  // before formatting can change it
  return Error(fmt::format(doing, std::forward<Args>(args)...) + ": " + errno_text(error_number));
}

/// An Error with a formatted message.
template <class... Args>
[[nodiscard]] Error error(fmt::format_string<Args...> message, Args&&... args) {
  return Error(fmt::format(message, std::forward<Args>(args)...));
}

/// An Error "DOING: it does not exist (ENOENT)".
template <class... Args>
[[nodiscard]] Error missing(fmt::format_string<Args...> doing, Args&&... args) {
  return Error(fmt::format(doing, std::forward<Args>(args)...) + ": " + errno_text(ENOENT));
}

/// Runs body; an Error leaving it says what we were doing.
template <class Body>
decltype(auto) in_context(std::string_view doing, Body&& body) {
  try {
    return std::forward<Body>(body)();
  } catch (Error& error) {
    error.text = fmt::format("{}: {}", doing, error.text);
    throw;
  }
}
