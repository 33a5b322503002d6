// The processes of this host that run a program, as /proc has them.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <ctime>
#include <string>
#include <string_view>
#include <vector>

struct Process {
  pid_t pid;
  std::vector<std::string> argv;
  timespec started;  // of the real-time clock, give or take a few hundredths of a second
};

/// Those whose argv[0] has this base name and that have this root file system, as far as /proc tells: a program in a
/// container reads other files than ours.
std::vector<Process> processes_of(std::string_view program);

/// What follows option on its command line; empty: nothing.
std::string argument_after(const Process& process, std::string_view option);
