// SPDX-License-Identifier: Apache-2.0
#include "core/cli/command.h"

#include <algorithm>
#include <array>

#include "core/cli/help.h"
#include "core/cli/meaning.h"
#include "core/cli/option_reader.h"
#include "core/error.h"
#include "core/host/output.h"
#include "core/text/printable.h"

namespace {

std::vector<std::string_view> words_of(std::span<const Command> commands) {
  std::vector<std::string_view> result;
  for (const Command& command : commands) result.push_back(command.words);
  return result;
}

struct Alias {
  std::string_view word;
  std::string_view meaning;
};

// What other tools call the commands of a group.
constexpr std::array aliases = {Alias{"ls", "list"}, Alias{"rm", "remove"}, Alias{"inspect", "show"}};

}  // namespace

std::vector<Command> commands_of(const CommandSet& set) {
  std::vector<Command> result;
  for (const CommandGroup* group : set.groups)
    result.insert(result.end(), group->commands.begin(), group->commands.end());
  return result;
}

std::string Arguments::value(std::string_view option, std::string_view otherwise) const {
  const auto found = values_.find(std::string(option));
  return found == values_.end() ? std::string(otherwise) : found->second.back();
}

std::vector<std::string> Arguments::values(std::string_view option) const {
  const auto found = values_.find(std::string(option));
  return found == values_.end() ? std::vector<std::string>() : found->second;
}

void say(const Arguments& arguments, std::string_view line) {
  if (arguments.verbosity != Verbosity::quiet) print(printable_line(line) + '\n');
}

void warn(const Arguments& arguments, std::string_view line) {
  if (arguments.verbosity != Verbosity::quiet) print_error(printable_line(line) + '\n');
}

void explain(const Arguments& arguments, std::string_view line) {
  if (arguments.verbosity == Verbosity::debug) warn(arguments, line);
}

class CommandParser {
 public:
  CommandParser(const CommandSet& set, int argc, const char* const* argv)
      : set_(set), commands_(commands_of(set)), rest_(argv + 1, argv + argc) {}

  int run();

 private:
  void take_global_options();
  void take_help_and_version();
  void take_alias();
  const Command* take_words();
  const CommandGroup* group_alone() const;
  bool is_group(std::string_view word) const;
  UsageError unknown_command(const std::string& words) const;
  UsageError unexpected(const Command& command, const std::string& operand) const;
  Arguments arguments_of(const Command& command) const;

  const CommandSet& set_;
  std::vector<Command> commands_;
  std::vector<std::string> rest_;    // what is not yet read
  std::vector<std::string> global_;  // options that stood before the words
};

// Those without a value; any other option needs its command first.
void CommandParser::take_global_options() {
  const auto first_word =
      std::ranges::find_if(rest_, [](const std::string& argument) { return !argument.starts_with('-'); });
  global_.assign(rest_.begin(), first_word);
  rest_.erase(rest_.begin(), first_word);
}

// "help COMMAND" is "COMMAND --help", and "version" is "--version".
void CommandParser::take_help_and_version() {
  if (rest_.empty() || (rest_[0] != "help" && rest_[0] != "version")) return;
  global_.push_back("--" + rest_[0]);
  rest_.erase(rest_.begin());
}

void CommandParser::take_alias() {
  if (rest_.size() < 2) return;
  const auto* alias = std::ranges::find(aliases, rest_[1], &Alias::word);
  if (alias == aliases.end()) return;
  const std::string words = fmt::format("{} {}", rest_[0], alias->meaning);
  if (std::ranges::find(commands_, words, &Command::words) != commands_.end()) rest_[1] = alias->meaning;
}

// The group whose first word is all that is given, but for options.
const CommandGroup* CommandParser::group_alone() const {
  if (rest_.empty() || (rest_.size() > 1 && !rest_[1].starts_with('-'))) return nullptr;
  const auto group = std::ranges::find(set_.groups, rest_[0], &CommandGroup::word);
  return group == set_.groups.end() ? nullptr : *group;
}

// The longest words that fit: "config get" before "config".
const Command* CommandParser::take_words() {
  const Command* found = nullptr;
  for (std::size_t count = 1; count <= std::min<std::size_t>(rest_.size(), 2); ++count) {
    const std::string words = count == 1 ? rest_[0] : rest_[0] + ' ' + rest_[1];
    const auto command = std::ranges::find(commands_, words, &Command::words);
    if (command != commands_.end()) found = &*command;
  }
  if (found != nullptr) rest_.erase(rest_.begin(), rest_.begin() + 1 + std::ranges::count(found->words, ' '));
  return found;
}

bool CommandParser::is_group(std::string_view word) const {
  return std::ranges::find(set_.groups, word, &CommandGroup::word) != set_.groups.end();
}

UsageError CommandParser::unknown_command(const std::string& words) const {
  return UsageError(fmt::format("there is no command {}{}", words, command_meant(words, words_of(commands_))));
}

// A word after that of a group was meant to choose a command of it.
UsageError CommandParser::unexpected(const Command& command, const std::string& operand) const {
  if (is_group(command.words)) return unknown_command(fmt::format("{} {}", command.words, operand));
  return UsageError(fmt::format("{}: unexpected {}", command.words, operand));
}

Arguments CommandParser::arguments_of(const Command& command) const {
  std::vector<std::string> given = global_;
  given.insert(given.end(), rest_.begin(), rest_.end());
  return read_arguments(command, given);
}

int CommandParser::run() {
  take_global_options();
  take_help_and_version();
  take_alias();
  const Command* command = rest_.empty() ? nullptr : take_words();
  if (const CommandGroup* group = command == nullptr ? group_alone() : nullptr)
    return print(help_of(set_, *group, page_width())), 0;
  if (command == nullptr && !rest_.empty())
    throw unknown_command(is_group(rest_[0]) && rest_.size() > 1 ? fmt::format("{} {}", rest_[0], rest_[1]) : rest_[0]);
  static const Command none = {"", "", "", {}, "", nullptr};
  const Arguments arguments = arguments_of(command != nullptr ? *command : none);
  if (arguments.has("version")) return print(fmt::format("{} {}\n", set_.program, set_.version)), 0;
  if (command == nullptr) return print(help_of(set_, page_width())), 0;
  if (arguments.has("help")) return print(help_of(set_, *command, page_width())), 0;
  if (command->operands.empty() && !arguments.operands.empty()) throw unexpected(*command, arguments.operands.front());
  return command->run(arguments);
}

int run_command(const CommandSet& set, int argc, const char* const* argv) {
  return CommandParser(set, argc, argv).run();
}
