// SPDX-License-Identifier: Apache-2.0
#include "core/host/process.h"

#include <fcntl.h>
#include <sys/auxv.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <string_view>

#include "core/error.h"
#include "core/host/fd.h"
#include "core/host/path.h"

namespace {

constexpr const char* self = "/proc/self/exe";

const char* path_given_to_exec() { return reinterpret_cast<const char*>(getauxval(AT_EXECFN)); }

}  // namespace

// user_namespaces(7): the initial namespace maps every id to itself, in one line.
bool is_host_root() {
  if (geteuid() != 0) return false;
  const Fd map(open("/proc/self/uid_map", O_RDONLY | O_CLOEXEC));
  char text[64];
  const ssize_t length = map ? read(map.number(), text, sizeof text) : 0;
  if (length <= 0) return true;
  return std::string_view(text, static_cast<std::size_t>(length)).find(" 4294967295") != std::string_view::npos;
}

std::string binary_path() {
  std::optional<std::string> path = link_target(self);
  if (!path) return path_given_to_exec() ? path_given_to_exec() : "";
  constexpr std::string_view replaced = " (deleted)";  // proc(5)
  if (path->ends_with(replaced)) path->resize(path->size() - replaced.size());
  return std::move(*path);
}

bool is_this_binary(const struct stat& status) {
  struct stat binary;
  for (const char* path : {self, path_given_to_exec()})
    if (path != nullptr && stat(path, &binary) == 0 && is_same_file(binary, status)) return true;
  return false;
}

// open(2) takes the lowest number that is free.
void open_standard_descriptors() {
  for (int number = STDIN_FILENO; number <= STDERR_FILENO; ++number)
    if (fcntl(number, F_GETFD) < 0 && open("/dev/null", O_RDWR) != number)  // NOLINT(android-cloexec-open): as usual
      throw system_error("open /dev/null as descriptor {}", number);
}

IgnoredSignal::IgnoredSignal(int number) : number_(number) {
  struct sigaction ignore = {};
  ignore.sa_handler = SIG_IGN;
  sigaction(number_, &ignore, &old_);
}

IgnoredSignal::~IgnoredSignal() { give_back(); }

void IgnoredSignal::give_back() const { sigaction(number_, &old_, nullptr); }

std::vector<char*> argument_pointers(std::span<const std::string> strings) {
  std::vector<char*> result;
  for (const std::string& string : strings) result.push_back(const_cast<char*>(string.c_str()));
  result.push_back(nullptr);
  return result;
}

int exit_status_of(int wait_status) {
  return WIFSIGNALED(wait_status) ? 128 + WTERMSIG(wait_status) : WEXITSTATUS(wait_status);
}

const char* environment(const char* name) {
  const char* value = getauxval(AT_SECURE) != 0 ? nullptr : std::getenv(name);
  return value != nullptr && *value != '\0' ? value : nullptr;
}
