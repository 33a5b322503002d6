// Role: the operator's command-line tool.
//
// Its commands stand in groups, each in a file of core/cli with the rows that
// say their words, options and help, and the functions that they call.
//
// SPDX-License-Identifier: Apache-2.0
#include "core/cli/commands.h"
#include "core/host/process.h"
#include "core/toolkit/names.h"
#include "roles.h"

namespace {

constexpr CommandSet commands = {ctk_role, TOOLKIT_VERSION, ctk_summary, command_groups};

}  // namespace

int ctk_main(int argc, char** argv) {
  open_standard_descriptors();
  return run_command(commands, argc, argv);
}
