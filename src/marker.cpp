// Role: the marker hook, and the runner of recorded hooks.
//
// The marker's presence in a spec says "the operator's hooks are already in here". Run as
// a hook it does nothing, successfully, whatever it is given: a failing prestart
// hook would stop the container. It reads the state to the end, so that the
// runtime that writes it never sees a broken pipe.
// Called as `container-hooks run … -- PROGRAM` it stands in for a hook whose runs are recorded.
//
// SPDX-License-Identifier: Apache-2.0
#include <unistd.h>

#include <cerrno>
#include <string>
#include <vector>

#include "core/oci/recorded_hook.h"
#include "core/record/runner.h"
#include "roles.h"

namespace {

void read_to_the_end(int descriptor) {
  char state[4096];
  ssize_t count = 0;
  do count = read(descriptor, state, sizeof state);
  while (count > 0 || (count < 0 && errno == EINTR));
}

}  // namespace

int marker_main(int argc, char** argv) {
  const std::vector<std::string> arguments(argv, argv + argc);
  if (is_recorded_run(arguments)) return run_recorded_hook(arguments);
  read_to_the_end(STDIN_FILENO);
  return 0;
}
