// SPDX-License-Identifier: Apache-2.0
#include "error.h"

#include <array>
#include <cstring>

namespace {

struct Wording {
  int number;
  const char* text;
};

// Engines map "permission denied", "operation not permitted", "no such file or
// directory", "is a directory" and "not a directory" to other errors and exit codes.
constexpr std::array wordings = {
    Wording{ENOENT, "it does not exist (ENOENT)"},
    Wording{EACCES, "access refused (EACCES)"},
    Wording{EPERM, "the system does not allow it (EPERM)"},
    Wording{EISDIR, "it is a folder (EISDIR)"},
    Wording{ENOTDIR, "a part of the path is no folder (ENOTDIR)"},
};

}  // namespace

std::string errno_text(int error_number) {
  for (const Wording& wording : wordings)
    if (wording.number == error_number) return wording.text;
  return std::strerror(error_number);
}
