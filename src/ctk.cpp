// Role: the operator's command-line tool.
//
// `commands` is the table of contents: each command's words, help and options
// stand in its row, and its function below says what it does in terms of core.
//
// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <cstdio>
#include <string>
#include <vector>

#include "core/command.h"
#include "core/error.h"
#include "core/install.h"
#include "roles.h"

namespace {

void say(const Arguments& arguments, std::string_view line) {
  if (arguments.verbosity != Verbosity::quiet) fmt::print("{}\n", line);
}

std::string absolute_folder(const Arguments& arguments, std::string_view option, std::string_view otherwise) {
  std::string folder = arguments.value(option, otherwise);
  while (folder.ends_with('/')) folder.pop_back();
  if (!folder.empty() && !folder.starts_with('/'))
    throw UsageError(fmt::format("--{} {}: an absolute path is expected", option, folder));
  return folder;
}

InstallPlan install_plan(const Arguments& arguments) {
  InstallPlan plan;
  if (arguments.has("toolkit-root"))
    plan.binary = arguments.value("toolkit-root") + "/container-hooks-toolkit";
  plan.bindir = absolute_folder(arguments, "bindir", plan.bindir);
  plan.root = absolute_folder(arguments, "root", "");
  return plan;
}

int run_install(const Arguments& arguments) {
  for (const std::string& path : install_toolkit(install_plan(arguments))) say(arguments, "installed " + path);
  return 0;
}

constexpr CommandOption root_option = {"root", "DIR", "Work on the file system that is mounted at DIR"};

const std::array commands = {
    Command{"install",
            "",
            "Put the toolkit and its links into /usr/bin",
            {{"toolkit-root", "DIR", "The folder that holds the container-hooks-toolkit to install (the running one)"},
             {"bindir", "DIR", "Where to put it (/usr/bin)"},
             root_option},
            "  container-hooks-ctk install --toolkit-root=./build\n"
            "  container-hooks-ctk install --root=/mnt/image\n",
            run_install},
};

}  // namespace

int ctk_main(int argc, char** argv) {
  return run_command({"container-hooks-ctk", TOOLKIT_VERSION,
                      "Configures engines, hooks and this toolkit: OCI lifecycle hooks for every container of every engine.",
                      commands},
                     argc, argv);
}
