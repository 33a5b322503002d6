// SPDX-License-Identifier: Apache-2.0
#include "core/host/output.h"

#include <cstdio>

#include "core/error.h"

void print(std::string_view text) {
  if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size()) throw system_error("write to standard output");
}

void flush_output() {
  if (std::fflush(stdout) != 0) throw system_error("write to standard output");
}

void print_error(std::string_view text) {
  std::fflush(stdout);
  std::fwrite(text.data(), 1, text.size(), stderr);
}
