// SPDX-License-Identifier: Apache-2.0
#include "core/cli/help.h"

#include <fmt/format.h>

#include "core/cli/option_reader.h"
#include "core/cli/table.h"
#include "core/text/split.h"

namespace {

// Names that are there for who comes from nvidia-ctk; its shorter ones are shown.
constexpr std::string_view other_tool = "nvidia-";

// "-n, --name FILE"
std::string spelled(const CommandOption& option) {
  const std::string result = join(shown_names(option), ", ");
  return option.argument.empty() ? result : fmt::format("{} {}", result, option.argument);
}

std::string paragraph(std::string_view text, std::size_t width) {
  return fmt::format("{}\n\n", join(wrapped(text, width), "\n"));
}

// An empty first column is an indentation.
std::vector<Cell> indented(std::string term, std::string_view meaning) {
  return {Cell(std::string()), Cell(std::move(term)), Cell(std::string(meaning))};
}

std::string listed(std::span<const CommandOption> options, std::size_t width) {
  Table table;
  for (const CommandOption& option : options) table.add(indented(spelled(option), option.help));
  return "Options:\n" + table.as_text(width);
}

void add(Table& table, const CommandGroup& group) {
  for (const Command& command : group.commands) table.add(indented(std::string(command.words), command.summary));
}

}  // namespace

std::vector<std::string> shown_names(const CommandOption& option) {
  std::vector<std::string> result;
  for (const std::string_view name : split(option.names, ','))
    if (!name.starts_with(other_tool)) result.push_back(fmt::format("{}{}", name.size() == 1 ? "-" : "--", name));
  return result;
}

std::string help_of(const CommandSet& set, std::size_t width) {
  Table table;
  for (const CommandGroup* group : set.groups) add(table, *group);
  return paragraph(set.summary, width) +
         fmt::format(
             "Usage:\n  {} [OPTIONS] COMMAND ...\n\nCommands:\n{}\n{}\n{} COMMAND --help tells more about a command.\n",
             set.program, table.as_text(width), listed(global_options, width), set.program);
}

std::string help_of(const CommandSet& set, const CommandGroup& group, std::size_t width) {
  Table table;
  add(table, group);
  return fmt::format("Usage:\n  {} {} COMMAND ...\n\nCommands:\n{}\n{} {} COMMAND --help tells more about a command.\n",
                     set.program, group.word, table.as_text(width), set.program, group.word);
}

std::string help_of(const CommandSet& set, const Command& command, std::size_t width) {
  const std::string_view gap = command.operands.empty() ? "" : " ";
  return paragraph(command.summary, width) + fmt::format("Usage:\n  {} {} [OPTIONS]{}{}\n\n{}\nExamples:\n{}",
                                                         set.program, command.words, gap, command.operands,
                                                         listed(options_of(command), width), command.examples);
}
