// SPDX-License-Identifier: Apache-2.0
#include "core/host/pipe.h"

#include <fcntl.h>
#include <unistd.h>

Fd above_standard_streams(Fd fd) {
  if (!fd || fd.number() > STDERR_FILENO) return fd;
  return Fd(fcntl(fd.number(), F_DUPFD_CLOEXEC, STDERR_FILENO + 1));
}

Pipe new_pipe() {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) return {};
  Pipe pipe = {Fd(ends[0]), Fd(ends[1])};
  return {above_standard_streams(std::move(pipe.reader)), above_standard_streams(std::move(pipe.writer))};
}
