// SPDX-License-Identifier: Apache-2.0
#include "core/text/split.h"

#include <algorithm>

std::string_view take_item(std::string_view& list, char separator) {
  const std::string_view item = list.substr(0, list.find(separator));
  list.remove_prefix(std::min(item.size() + 1, list.size()));
  return item;
}

std::vector<std::string_view> split(std::string_view list, char separator) {
  std::vector<std::string_view> items;
  while (!list.empty()) items.push_back(take_item(list, separator));
  return items;
}

std::vector<std::string_view> words(std::string_view text) {
  std::vector<std::string_view> result = split(text, ' ');
  std::erase(result, "");
  return result;
}
