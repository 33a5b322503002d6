// SPDX-License-Identifier: Apache-2.0
#include "core/host/path.h"

#include <unistd.h>

#include <array>
#include <climits>
#include <cstdlib>
#include <memory>

#include "core/error.h"
#include "core/host/process.h"
#include "core/text/split.h"

namespace {

std::string current_directory() {
  const std::unique_ptr<char, void (*)(void*)> path(getcwd(nullptr, 0), std::free);
  if (!path || *path != '/') throw system_error("find the current directory");
  return path.get();
}

struct UserVariable {
  const char* name;
  std::string_view otherwise;  // below $HOME
};

constexpr std::array user_variables = {
    UserVariable{"XDG_CONFIG_HOME", "/.config"},
    UserVariable{"XDG_STATE_HOME", "/.local/state"},
};

const UserVariable& variable_of(UserFiles files) { return user_variables[static_cast<std::size_t>(files)]; }

// "If an implementation encounters a relative path [...] it should consider the path invalid and ignore it."
const char* absolute_in(const char* variable) {
  const char* path = environment(variable);
  return path != nullptr && *path == '/' ? path : nullptr;
}

}  // namespace

std::string directory_of(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  if (slash == path.npos) return ".";
  return std::string(path.substr(0, slash == 0 ? 1 : slash));
}

std::optional<std::string> dangling_link(std::string path) {
  struct stat status;
  while (lstat(path.c_str(), &status) != 0) {
    if (errno != ENOENT || path == directory_of(path)) return std::nullopt;
    path = directory_of(path);
  }
  const bool leads_nowhere = S_ISLNK(status.st_mode) && stat(path.c_str(), &status) != 0 && errno == ENOENT;
  return leads_nowhere ? std::optional(std::move(path)) : std::nullopt;
}

std::optional<std::string> link_target(const std::string& path) {
  char target[PATH_MAX];
  const ssize_t length = readlink(path.c_str(), target, sizeof target);
  if (length < 0) return std::nullopt;
  return std::string(target, static_cast<std::size_t>(length));
}

std::string absolute_path(std::string_view path) {
  if (path.empty()) return "";
  std::string result = path.starts_with('/') ? "" : current_directory();
  if (result == "/") result.clear();
  for (const std::string_view component : split(path, '/'))
    if (!component.empty() && component != ".") (result += '/') += component;
  return result.empty() ? "/" : result;
}

std::string canonical_path(std::string_view path) {
  const std::string absolute = absolute_path(path);
  const std::unique_ptr<char, void (*)(void*)> real(realpath(absolute.c_str(), nullptr), std::free);
  if (real) return real.get();
  if (errno != ENOENT) throw system_error("find {}", absolute);
  const std::string directory = directory_of(absolute);
  if (const std::optional<std::string> target = link_target(absolute))
    return canonical_path(target->starts_with('/') ? *target : directory + '/' + *target);
  const std::string parent = canonical_path(directory);
  if (base_name(absolute) == "..") return directory_of(parent);
  return (parent == "/" ? "" : parent) + '/' + std::string(base_name(absolute));
}

std::optional<std::string> user_directory(UserFiles files) {
  const UserVariable& variable = variable_of(files);
  if (const char* directory = absolute_in(variable.name)) return directory;
  if (const char* home = absolute_in("HOME")) return fmt::format("{}{}", home, variable.otherwise);
  return std::nullopt;
}

std::string require_user_directory(UserFiles files) {
  if (std::optional<std::string> directory = user_directory(files)) return std::move(*directory);
  throw error("find the directory of this user's files: neither ${} nor $HOME is an absolute path",
              variable_of(files).name);
}
