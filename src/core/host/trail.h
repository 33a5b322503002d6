// The steps along a path.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

/// The components of a path, one by one, with those of the links on the way put in where the links stand.
class Trail {
 public:
  explicit Trail(std::string_view path) : path_(path), rest_(path) {}

  /// The next one, which is neither empty nor "."; nothing at the end.
  std::optional<std::string> next();

  /// The last component was a link: what it names comes next. Error when there are more links than the kernel follows.
  void follow(std::string_view target);

  const std::string& rest() const { return rest_; }

 private:
  std::string path_;
  std::string rest_;
  int links_ = 0;
};
