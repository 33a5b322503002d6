// A pipe whose ends no program inherits.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/host/fd.h"

/// The same file under a number that is no standard stream's. Empty when there is no descriptor left.
Fd above_standard_streams(Fd fd);

struct Pipe {
  Fd reader, writer;

  explicit operator bool() const { return reader && writer; }
};

/// Above the standard streams, since the number of one that is closed is not ours to take. Empty, with errno, when there is
/// no descriptor left.
Pipe new_pipe();
