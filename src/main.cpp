// One binary, three roles: the name it is called by chooses, as in busybox.
//
//   container-hooks, container-hooks-ctk, container-hooks-runtime   that role
//   container-hooks-runtime.NAME                                    the shim with profile NAME
//   container-hooks-toolkit ROLE ARGUMENTS...                       that role, by full or short name
//
// The only place that catches to print: one failure, one sentence, printed once.
//
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <string_view>
#include <vector>

#include "core/error.h"
#include "core/host/output.h"
#include "core/host/path.h"
#include "core/text/printable.h"
#include "core/toolkit/install.h"
#include "core/toolkit/names.h"
#include "roles.h"

namespace {

struct Role {
  std::string_view name;
  std::string_view word;  // what selects it after container-hooks-toolkit
  std::string_view summary;
  int (*main)(int argc, char** argv);
};

constexpr std::array roles = {
    Role{marker_role, "hook", "marker hook: says that hooks are already in this container", marker_main},
    Role{ctk_role, "ctk", "configure engines, hooks and this toolkit", ctk_main},
    Role{runtime_role, "runtime", "OCI runtime: inject hooks, then exec the low-level runtime", runtime_main},
};
static_assert(std::ranges::equal(roles, role_names, {}, &Role::name));

int print_version(std::string_view name) {
  print(fmt::format("{} {}\n", name, TOOLKIT_VERSION));
  return 0;
}

// The marker hook has no command line of its own, and a hook is never called with this one.
bool asks_version_of_marker(const Role& role, int argc, char** argv) {
  return role.main == marker_main && argc == 2 && std::string_view(argv[1]) == "--version";
}

constexpr int exit_unknown_role = 127;

const Role* role_called(std::string_view name) {
  const auto* role = std::ranges::find(roles, without_profile(name), &Role::name);
  return role == roles.end() ? nullptr : role;
}

const Role* role_selected(std::string_view word) {
  const auto* role = std::ranges::find(roles, word, &Role::word);
  return role == roles.end() ? role_called(word) : role;
}

void print_usage() {
  std::string text =
      "usage: container-hooks-toolkit ROLE [ARGUMENTS...]\n"
      "       container-hooks-toolkit --list | --version | --help\n"
      "       container-hooks-toolkit --install [-s] DIR\n\nRoles:\n";
  for (const Role& role : roles) text += fmt::format("  {:<8} {:<24} {}\n", role.word, role.name, role.summary);
  print(text);
}

void print_names() {
  for (const Role& role : roles) print(fmt::format("{}\n", role.name));
}

int run(const Role& role, int argc, char** argv) {
  try {
    const int status = asks_version_of_marker(role, argc, argv) ? print_version(role.name) : role.main(argc, argv);
    flush_output();
    return status;
  } catch (const UsageError& error) {
    print_error(fmt::format("{}: {}\n", role.name, one_line(error.text)));
    return 2;
  } catch (const std::exception& error) {
    print_error(fmt::format("{}: {}\n", role.name, one_line(message_of(error))));
    return 1;
  }
}

// As busybox has it: hard links, with -s symbolic ones.
int install_links(const std::vector<std::string_view>& operands) {
  const bool is_symbolic = !operands.empty() && operands.front() == "-s";
  if (operands.size() != (is_symbolic ? 2 : 1)) throw UsageError("--install [-s] DIR: one directory is expected");
  link_roles(std::string(operands.back()), is_symbolic ? LinkKind::symbolic : LinkKind::hard);
  return 0;
}

// The options of the binary itself.
int toolkit_main(int argc, char** argv) {
  const std::string_view word = argc > 1 ? argv[1] : "--help";
  if (word == "--help" || word == "-h") return print_usage(), 0;
  if (word == "--list") return print_names(), 0;
  if (word == "--version" || word == "-v") return print_version(toolkit_name);
  if (word == "--install") return install_links({argv + 2, argv + argc});
  print_error(
      fmt::format("{}: there is no role called {}, see {} --list\n", toolkit_name, one_line(word), toolkit_name));
  return exit_unknown_role;
}

constexpr Role toolkit = {toolkit_name, "", "", toolkit_main};

// The binary by its own name, or by one that is not a role's: the first argument decides.
int run_selected(int argc, char** argv) {
  const Role* role = argc > 1 ? role_selected(argv[1]) : nullptr;
  return role == nullptr ? run(toolkit, argc, argv) : run(*role, argc - 1, argv + 1);
}

}  // namespace

int main(int argc, char** argv) {
  const std::string_view name = argc > 0 ? base_name(argv[0]) : "";
  if (name.empty())
    return print_error("container-hooks-toolkit: called without a name in argv[0]\n"), exit_unknown_role;
  if (const Role* role = role_called(name)) return run(*role, argc, argv);
  return run_selected(argc, argv);
}
