// Runs a recorded hook: the role of the marker's binary when it is called with `run`.
//
// The hook gets the standard input, environment, working directory, signal dispositions and descriptors that the runner
// was given, but pipes of its own for both outputs, which are passed on as they come, and a session of its own, so that
// its time-out ends the whole process group and nobody who keeps a pipe open holds the engine up. A hook does not
// outlive a runner that is killed.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

/// arguments: argv, the program's name first. The hook's exit status; 124 when it was killed at its time-out, 128 + n
/// when signal n ended it, 127 or 126 when it could not be started. After a failure the last line on standard error
/// says which hook it was, from which file, and how it ended.
int run_recorded_hook(const std::vector<std::string>& arguments);
