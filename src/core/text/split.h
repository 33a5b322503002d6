// Lists that are written as one text: "a,b", "/bin:/usr/bin", "systemctl restart docker".
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

/// Takes the first item off a list, and the separator after it; all that is left when there is no separator.
std::string_view take_item(std::string_view& list, char separator);

/// The items of a list; none of an empty one. A separator at the end does not begin another item.
std::vector<std::string_view> split(std::string_view list, char separator);

/// The words of a text, whatever blanks are between and around them.
std::vector<std::string_view> words(std::string_view text);

/// The items as one text again.
std::string join(const auto& items, std::string_view separator) {
  std::string result;
  for (const std::string_view item : items) (result += item) += separator;
  if (!result.empty()) result.resize(result.size() - separator.size());
  return result;
}
