// SPDX-License-Identifier: Apache-2.0
#include "core/text/edit.h"

std::vector<std::string_view> pieces(std::string_view text, const std::vector<Edit>& edits) {
  std::vector<std::string_view> result;
  std::size_t copied = 0;
  for (const Edit& edit : edits) {
    result.push_back(text.substr(copied, edit.begin - copied));
    result.push_back(edit.replacement);
    copied = edit.end;
  }
  result.push_back(text.substr(copied));
  return result;
}

std::string apply(std::string_view text, const std::vector<Edit>& edits) {
  std::string result;
  for (std::string_view piece : pieces(text, edits)) result += piece;
  return result;
}
