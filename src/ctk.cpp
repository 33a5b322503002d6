// Role: the operator's command-line tool.
//
// Its commands stand in groups, each in a file of core/cli with the rows that
// say their words, options and help, and the functions that they call.
//
// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "core/cli/commands.h"
#include "core/host/process.h"
#include "roles.h"

namespace {

constexpr std::array groups = {&toolkit_commands, &runtime_commands, &config_commands, &hooks_commands};

constexpr CommandSet commands = {
    "container-hooks-ctk", TOOLKIT_VERSION,
    "Configures engines, hooks and this toolkit: OCI lifecycle hooks for every container of every engine.", groups};

}  // namespace

int ctk_main(int argc, char** argv) {
  open_standard_descriptors();
  return run_command(commands, argc, argv);
}
