// SPDX-License-Identifier: Apache-2.0
#include "core/cli/meaning.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "core/text/split.h"
#include "core/text/suggestion.h"

namespace {

// Words that mean the same, and those of ours for it, of which a group has one.
struct Meaning {
  std::string_view said;
  std::string_view ours;
};

constexpr std::array meanings = {
    Meaning{"ls list get view print cat", "list show status"},
    Meaning{"show inspect describe", "show list preview status"},
    Meaning{"rm del delete drop erase unlink purge uninstall remove unset", "remove unconfigure uninstall"},
    Meaning{"create new make register set install add insert put", "add configure install"},
    Meaning{"test validate verify lint", "check status"},
    Meaning{"explain why simulate dry-run try", "preview"},
    Meaning{"edit write init", "configure add"},
    Meaning{"doctor health info", "status"},
    Meaning{"logs journal", "log"},
};

bool contains(std::string_view list, std::string_view word) {
  const auto items = words(list);
  return std::ranges::find(items, word) != items.end();
}

// The command of that group, or with an empty one of any, whose last word is this.
std::string_view command_of(std::string_view group, std::string_view word, std::span<const std::string_view> commands) {
  const auto found = std::ranges::find_if(commands, [&](std::string_view command) {
    return group.empty() ? command == word || command.ends_with(fmt::format(" {}", word))
                         : command == fmt::format("{} {}", group, word);
  });
  return found == commands.end() ? "" : *found;
}

std::string_view meant_by(std::string_view group, std::string_view word, std::span<const std::string_view> commands) {
  if (const auto same = command_of(group, word, commands); !same.empty()) return same;
  for (const Meaning& meaning : meanings) {
    if (!contains(meaning.said, word)) continue;
    for (const std::string_view ours : words(meaning.ours))
      if (const auto found = command_of(group, ours, commands); !found.empty()) return found;
  }
  return "";
}

}  // namespace

std::string command_meant(std::string_view words, std::span<const std::string_view> commands) {
  const std::size_t blank = words.find(' ');
  const std::string_view group = blank == words.npos ? "" : words.substr(0, blank);
  const std::string_view meant = meant_by(group, blank == words.npos ? words : words.substr(blank + 1), commands);
  return meant.empty() ? did_you_mean(words, commands) : fmt::format(", did you mean \"{}\"?", meant);
}
