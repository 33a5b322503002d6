// Role: the marker hook.
//
// Its presence in a spec says "the operator's hooks are already in here". Run as
// a hook it does nothing, successfully, whatever it is given: a failing prestart
// hook would stop the container. It reads the state to the end, so that the
// runtime that writes it never sees a broken pipe.
//
// SPDX-License-Identifier: Apache-2.0
#include <unistd.h>

#include <cerrno>

#include "roles.h"

int marker_main(int, char**) {
  char state[4096];
  ssize_t count = 0;
  do count = read(STDIN_FILENO, state, sizeof state);
  while (count > 0 || (count < 0 && errno == EINTR));
  return 0;
}
