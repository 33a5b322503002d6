// RE2's log, in place of upstream's: says nothing, since what a low-level runtime prints lands in
// the container's output, and needs no streams, whose locales are a third of a static binary.
//
// SPDX-License-Identifier: Apache-2.0
#ifndef UTIL_LOGGING_H_
#define UTIL_LOGGING_H_

#include <assert.h>
#include <stdlib.h>

#include "util/util.h"

#define DCHECK(condition) assert(condition)
#define DCHECK_EQ(a, b) assert((a) == (b))
#define DCHECK_NE(a, b) assert((a) != (b))
#define DCHECK_LE(a, b) assert((a) <= (b))
#define DCHECK_LT(a, b) assert((a) < (b))
#define DCHECK_GE(a, b) assert((a) >= (b))
#define DCHECK_GT(a, b) assert((a) > (b))

#define CHECK(condition) \
  if (condition) {       \
  } else                 \
    abort()
#define CHECK_EQ(a, b) CHECK((a) == (b))
#define CHECK_LT(a, b) CHECK((a) < (b))

#define LOG(severity) UnsaidMessage()

struct UnsaidMessage {
  template <class Part>
  const UnsaidMessage& operator<<(const Part&) const {
    return *this;
  }
};

#endif  // UTIL_LOGGING_H_
