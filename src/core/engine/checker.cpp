// SPDX-License-Identifier: Apache-2.0
#include "core/engine/checker.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "core/error.h"
#include "core/host/child.h"
#include "core/host/fd.h"

namespace {

// A text as a file that children can open and that is gone when it is closed. Its number is none of their 0 to 2.
Fd text_as_file(const std::string& text) {
  const Fd made(memfd_create("configuration", MFD_CLOEXEC));
  Fd file(made ? fcntl(made.number(), F_DUPFD, STDERR_FILENO + 1) : -1);
  if (!file) throw system_error("make a file for the engine's checker");
  const ssize_t written = write(file.number(), text.data(), text.size());
  if (written < 0) throw system_error("write the file for the engine's checker");
  if (static_cast<std::size_t>(written) != text.size())
    throw error("write the file for the engine's checker: only {} of {} bytes", written, text.size());
  return file;
}

// Why the engine's own program rejects the text; nothing when it accepts it, or cannot be asked.
std::optional<std::string> objection(const Engine& engine, const std::string& text) {
  if (engine.checker.front().empty()) return std::nullopt;
  const Fd file = text_as_file(text);
  std::vector<std::string> argv;
  for (const std::string_view word : engine.checker)
    if (!word.empty())
      argv.push_back(word == "FILE" ? fmt::format("/proc/self/fd/{}", file.number()) : std::string(word));
  const std::optional<ChildResult> child = run_child(argv);
  if (!child || child->status == 0) return std::nullopt;
  if (!engine.unknown_to_checker.empty() && child->output.find(engine.unknown_to_checker) != child->output.npos)
    return std::nullopt;
  std::string reason = child->output.substr(0, child->output.find_last_not_of(" \n") + 1);
  return reason.empty() ? fmt::format("exit status {}", child->status) : reason;
}

}  // namespace

Notes check(const Engine& engine, const Change& change) {
  if (!change.after) return {};
  const std::optional<std::string> reason = objection(engine, *change.after);
  if (!reason) return {};
  if (!change.before || !objection(engine, *change.before))
    throw error("{}: {} rejects what would be written: {}", change.path, engine.checker.front(), *reason);
  return {fmt::format("{}: {} rejects it, with these changes and without: {}", change.path, engine.checker.front(),
                      *reason)};
}
