// SPDX-License-Identifier: Apache-2.0
#include "core/text/count.h"

#include <fmt/core.h>

std::string counted(std::size_t count, std::string_view noun) {
  return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
}
