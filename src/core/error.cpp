// SPDX-License-Identifier: Apache-2.0
#include "core/error.h"

#include <array>
#include <cstring>
#include <new>

namespace {

struct Wording {
  int number;
  std::string_view symbol;
  std::string_view text;
};

// Engines map "permission denied", "operation not permitted", "no such file or
// directory", "is a directory" and "not a directory" to other errors and exit
// codes; and the words of strerror(3) differ between C libraries and locales.
constexpr std::array wordings = {
    Wording{ENOENT, "ENOENT", "it does not exist"},
    Wording{EACCES, "EACCES", "access refused"},
    Wording{EPERM, "EPERM", "the system does not allow it"},
    Wording{EISDIR, "EISDIR", "a directory is in its place"},
    Wording{ENOTDIR, "ENOTDIR", "a part of the path is a file"},
    Wording{EROFS, "EROFS", "the file system is read-only"},
    Wording{ENOSPC, "ENOSPC", "no space is left on the device"},
    Wording{EDQUOT, "EDQUOT", "the disk quota is used up"},
    Wording{EIO, "EIO", "input/output error"},
    Wording{EINTR, "EINTR", "interrupted by a signal"},
    Wording{ENOMEM, "ENOMEM", "out of memory"},
    Wording{EEXIST, "EEXIST", "it exists already"},
    Wording{EBUSY, "EBUSY", "it is in use"},
    Wording{EINVAL, "EINVAL", "not possible here"},
    Wording{ELOOP, "ELOOP", "too many links"},
    Wording{ENAMETOOLONG, "ENAMETOOLONG", "the name is too long"},
    Wording{EMFILE, "EMFILE", "too many open files"},
    Wording{ENFILE, "ENFILE", "too many open files in the system"},
    Wording{EXDEV, "EXDEV", "it is on another file system"},
    Wording{ETXTBSY, "ETXTBSY", "the program is being written"},
    Wording{ENOEXEC, "ENOEXEC", "this system cannot run it"},
    Wording{E2BIG, "E2BIG", "the arguments are too long"},
};

}  // namespace

std::string errno_text(int error_number) {
  for (const Wording& wording : wordings)
    if (wording.number == error_number) return fmt::format("{} ({})", wording.text, wording.symbol);
  return fmt::format("{} (errno {})", std::strerror(error_number), error_number);
}

std::string message_of(const std::exception& exception) {
  if (dynamic_cast<const std::bad_alloc*>(&exception) != nullptr) return errno_text(ENOMEM);
  return exception.what();
}
