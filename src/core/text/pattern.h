// A regular expression of a hooks.d file, in the dialect of Go's regexp package.
//
// Invariant: a Pattern exists only for an expression that compiles. RE2 is what
// Go's package was made from: the same syntax, no look-around and no
// back-references, and a time linear in the text, whoever wrote it.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace re2 {
class RE2;
}

class Pattern {
 public:
  /// Throws Error `invalid pattern "TEXT": why`.
  explicit Pattern(std::string text);
  Pattern(Pattern&&) noexcept;
  Pattern& operator=(Pattern&&) noexcept;
  ~Pattern();

  /// Whether it is found anywhere in subject, as Go's MatchString does.
  bool matches(std::string_view subject) const;

  const std::string& text() const { return text_; }

 private:
  std::string text_;
  std::unique_ptr<re2::RE2> compiled_;
};

/// The pattern that matches exactly this text.
std::string literal_pattern(std::string_view text);
