// SPDX-License-Identifier: Apache-2.0
#include "core/host/trail.h"

#include "core/error.h"
#include "core/host/path.h"

std::optional<std::string> Trail::next() {
  while (!rest_.empty()) {
    const std::size_t slash = rest_.find('/');
    std::string component = rest_.substr(0, slash);
    rest_.erase(0, slash == rest_.npos ? slash : slash + 1);
    if (!component.empty() && component != ".") return component;
  }
  return std::nullopt;
}

void Trail::follow(std::string_view target) {
  if (++links_ > max_links) throw error("open {}: too many links", path_);
  rest_ = fmt::format("{}/{}", target, rest_);
}
