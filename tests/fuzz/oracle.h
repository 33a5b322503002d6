// What every fuzz target has: its entry point, and the way to say that a promise was broken.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <fmt/core.h>

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

#include "core/error.h"
#include "core/text/printable.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

inline std::string text_of(const std::uint8_t* data, std::size_t size) { return {data, data + size}; }

/// Ends the process, which the fuzzer, and the replay, take for a finding.
template <class... Args>
[[noreturn]] void broken(fmt::format_string<Args...> promise, Args&&... args) {
  fmt::print(stderr, "broken promise: {}\n", fmt::format(promise, std::forward<Args>(args)...));
  std::abort();
}

/// An Error about a text says where: "FILE:LINE:COLUMN: why", and the engines get it in one line.
inline void expect_place(const Error& error, std::string_view file) {
  const std::string_view text = error.text;
  const std::size_t line = file.size() + 1;
  const bool named =
      text.starts_with(fmt::format("{}:", file)) && text.size() > line && text[line] >= '1' && text[line] <= '9';
  if (!named) broken("an error names file and line: {}", text);
  if (one_line(text).find('\n') != std::string::npos) broken("an error has one line: {}", text);
}
