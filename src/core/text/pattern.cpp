// SPDX-License-Identifier: Apache-2.0
#include "core/text/pattern.h"

#include <re2/re2.h>

#include <algorithm>

#include "core/error.h"
#include "core/text/json.h"

namespace {

re2::RE2::Options quiet() {
  re2::RE2::Options options;
  options.set_log_errors(false);  // the runtime's stderr is the container's
  return options;
}

// RE2's \C, a byte and maybe half a character, is no syntax of Go's.
bool has_byte_escape(std::string_view text) {
  for (std::size_t at = text.find('\\'); at < text.size(); at = text.find('\\', at + 2)) {
    const char escaped = at + 1 < text.size() ? text[at + 1] : '\0';
    if (escaped == 'C') return true;
    if (escaped == 'Q') at = std::min(text.find("\\E", at), text.size() - 2);
  }
  return false;
}

}  // namespace

Pattern::Pattern(std::string text) : text_(std::move(text)), compiled_(std::make_unique<re2::RE2>(text_, quiet())) {
  if (!compiled_->ok()) throw ::error("invalid pattern {}: {}", json_quoted(text_), compiled_->error());
  if (has_byte_escape(text_)) throw ::error("invalid pattern {}: invalid escape sequence: \\C", json_quoted(text_));
}

Pattern::Pattern(Pattern&&) noexcept = default;
Pattern& Pattern::operator=(Pattern&&) noexcept = default;
Pattern::~Pattern() = default;

bool Pattern::matches(std::string_view subject) const {
  return compiled_->Match({subject.data(), subject.size()}, 0, subject.size(), re2::RE2::UNANCHORED, nullptr, 0);
}

std::string literal_pattern(std::string_view text) {
  constexpr std::string_view special = "\\.+*?()|[]{}^$";
  std::string result = "^";
  for (const char c : text) {
    if (special.find(c) != special.npos) result += '\\';
    result += c;
  }
  return result + '$';
}
