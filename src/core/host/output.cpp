// SPDX-License-Identifier: Apache-2.0
#include "core/host/output.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <cstdio>

#include "core/error.h"
#include "core/host/process.h"
#include "core/text/printable.h"

namespace {

constexpr std::size_t least_width = 80;

// Whoever reads no more knows that: as `| head` has it, also where our parent ignores the signal.
[[noreturn]] void fail_to_write() {
  if (errno != EPIPE) throw system_error("write to standard output");
  std::signal(SIGPIPE, SIG_DFL);
  std::raise(SIGPIPE);
  _exit(128 + SIGPIPE);
}

void write_out(const std::string& text) {
  if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size()) fail_to_write();
}

}  // namespace

void print(std::string_view text) { write_out(printable(text)); }

void print_as_is(std::string_view text) { write_out(std::string(text)); }

void flush_output() {
  if (std::fflush(stdout) != 0) fail_to_write();
}

void print_error(std::string_view text) {
  std::fflush(stdout);
  const std::string shown = printable(text);
  std::fwrite(shown.data(), 1, shown.size(), stderr);
}

std::size_t page_width() { return isatty(STDOUT_FILENO) == 0 ? least_width : text_width(); }

std::size_t text_width() {
  if (isatty(STDOUT_FILENO) == 0) return SIZE_MAX;
  winsize size = {};
  ioctl(STDOUT_FILENO, TIOCGWINSZ, &size);
  return std::max<std::size_t>(least_width, size.ws_col);
}

bool in_colour() {
  const char* terminal = environment("TERM");
  const bool is_dumb = terminal != nullptr && std::string_view(terminal) == "dumb";
  return isatty(STDOUT_FILENO) != 0 && !is_dumb && environment("NO_COLOR") == nullptr;
}
