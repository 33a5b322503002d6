// SPDX-License-Identifier: Apache-2.0
#include "core/cli/command.h"

#include <cctype>
#include <locale>

// cxxopts asks the classic locale what a letter is, which drags all locales into a static binary.
#define isalnum(character, locale) isalnum(static_cast<unsigned char>(character))
#include <cxxopts.hpp>
#undef isalnum

#include <algorithm>
#include <array>
#include <iterator>

#include "core/error.h"
#include "core/host/output.h"
#include "core/text/printable.h"
#include "core/text/split.h"
#include "core/text/suggestion.h"

namespace {

constexpr std::array global_options = {
    CommandOption{"h,help", "", "Show this help"},
    CommandOption{"d,debug", "", "Say more: which files are read, which changes are made"},
    CommandOption{"q,quiet", "", "Say nothing but errors"},
    CommandOption{"v,version", "", "Show the version"},
};

// "-n, --name FILE"
std::string spelled(const CommandOption& option) {
  std::string result;
  for (const std::string_view name : split(option.names, ',')) {
    result += fmt::format("{}{}{}", result.empty() ? "" : ", ", name.size() == 1 ? "-" : "--", name);
  }
  return option.argument.empty() ? result : fmt::format("{} {}", result, option.argument);
}

std::string listed(std::span<const CommandOption> options) {
  std::size_t width = 0;
  for (const CommandOption& option : options) width = std::max(width, spelled(option).size());
  std::string result;
  for (const CommandOption& option : options)
    result += fmt::format("  {:<{}}  {}\n", spelled(option), width, option.help);
  return result;
}

std::vector<Command> commands_of(const CommandSet& set) {
  std::vector<Command> result;
  for (const CommandGroup* group : set.groups)
    result.insert(result.end(), group->commands.begin(), group->commands.end());
  return result;
}

std::string help_of(const CommandSet& set) {
  const std::vector<Command> commands = commands_of(set);
  std::size_t width = 0;
  for (const Command& command : commands) width = std::max(width, command.words.size());
  std::string result = fmt::format("{}\n\nUsage:\n  {} [OPTIONS] COMMAND ...\n\nCommands:\n", set.summary, set.program);
  for (const Command& command : commands)
    result += fmt::format("  {:<{}}  {}\n", command.words, width, command.summary);
  return result + "\nOptions:\n" + listed(global_options) +
         fmt::format("\n{} COMMAND --help tells more of a command.\n", set.program);
}

std::string help_of(const CommandSet& set, const Command& command) {
  const std::string_view gap = command.operands.empty() ? "" : " ";
  std::vector<CommandOption> options(command.options.begin(), command.options.end());
  options.insert(options.end(), global_options.begin(), global_options.end());
  return fmt::format("{}\n\nUsage:\n  {} {} [OPTIONS]{}{}\n\nOptions:\n{}\nExamples:\n{}", command.summary, set.program,
                     command.words, gap, command.operands, listed(options), command.examples);
}

std::vector<std::string_view> words_of(std::span<const Command> commands) {
  std::vector<std::string_view> result;
  for (const Command& command : commands) result.push_back(command.words);
  return result;
}

std::string help_of(const CommandSet& set, const CommandGroup& group) {
  std::size_t width = 0;
  for (const Command& command : group.commands) width = std::max(width, command.words.size());
  std::string result = fmt::format("Usage:\n  {} {} COMMAND ...\n\nCommands:\n", set.program, group.word);
  for (const Command& command : group.commands)
    result += fmt::format("  {:<{}}  {}\n", command.words, width, command.summary);
  return result;
}

struct Alias {
  std::string_view word;
  std::string_view meaning;
};

// What other tools call the commands of a group.
constexpr std::array aliases = {Alias{"ls", "list"}, Alias{"rm", "remove"}, Alias{"inspect", "show"}};

// cxxopts quotes as typographers do.
std::string with_plain_quotes(std::string text) {
  for (const std::string_view quote : {"\u2018", "\u2019"})
    for (std::size_t at = text.find(quote); at != text.npos; at = text.find(quote, at))
      text.replace(at, quote.size(), "\"");
  return text;
}

// "--name" of each option that a command has.
std::vector<std::string> long_names(std::span<const CommandOption> options) {
  std::vector<std::string> result;
  for (const CommandOption& option : options)
    for (std::string_view rest = option.names; !rest.empty();) {
      const std::string_view name = rest.substr(0, rest.find(','));
      rest.remove_prefix(std::min(name.size() + 1, rest.size()));
      if (name.size() > 1) result.push_back(fmt::format("--{}", name));
    }
  return result;
}

// As strings alone: cxxopts' other types bring std::stringstream, and with it 200 KB of locales, into the binary.
void declare(cxxopts::Options& parser, std::span<const CommandOption> options) {
  for (const CommandOption& option : options) {
    std::shared_ptr<cxxopts::Value> type = cxxopts::value<bool>();
    if (!option.argument.empty()) type = cxxopts::value<std::string>();
    parser.add_options()(std::string(option.names), "", type);
  }
}

}  // namespace

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
  UsageError unknown_command() const;
  UsageError wrong_options(const Command& command, const std::string& what) const;
  Arguments arguments_of(const Command& command);

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

UsageError CommandParser::unknown_command() const {
  const std::string_view group = rest_[0];
  const bool is_group = std::ranges::find(set_.groups, group, &CommandGroup::word) != set_.groups.end();
  const std::string words = is_group && rest_.size() > 1 ? fmt::format("{} {}", group, rest_[1]) : std::string(group);
  return UsageError(fmt::format("there is no command {}{}", words, did_you_mean(words, words_of(commands_))));
}

UsageError CommandParser::wrong_options(const Command& command, const std::string& what) const {
  std::vector<std::string> known = long_names(command.options);
  std::ranges::move(long_names(global_options), std::back_inserter(known));
  const std::vector<std::string_view> candidates(known.begin(), known.end());
  for (const std::string& argument : rest_) {
    const std::string name = argument.substr(0, argument.find('='));
    if (name == "--") break;
    if (name.starts_with("--") && std::ranges::find(known, name) == known.end())
      return UsageError(fmt::format("{}: there is no option {}{}", command.words.empty() ? set_.program : command.words,
                                    name, did_you_mean(name, candidates)));
  }
  return UsageError(fmt::format("{}, see --help", with_plain_quotes(what)));
}

Arguments CommandParser::arguments_of(const Command& command) try {
  cxxopts::Options parser{std::string(set_.program)};
  declare(parser, command.options);
  declare(parser, global_options);
  const auto options_end = std::ranges::find(rest_, "--");
  std::vector<const char*> argv = {set_.program.data()};
  for (const std::string& argument : global_) argv.push_back(argument.c_str());
  for (auto argument = rest_.begin(); argument != options_end; ++argument) argv.push_back(argument->c_str());

  const cxxopts::ParseResult result = parser.parse(static_cast<int>(argv.size()), argv.data());
  Arguments arguments;
  for (const cxxopts::KeyValue& given : result.arguments()) arguments.values_[given.key()].push_back(given.value());
  arguments.operands = result.unmatched();
  if (options_end != rest_.end()) arguments.operands.insert(arguments.operands.end(), options_end + 1, rest_.end());
  arguments.verbosity = arguments.has("quiet")   ? Verbosity::quiet
                        : arguments.has("debug") ? Verbosity::debug
                                                 : Verbosity::normal;
  return arguments;
} catch (const cxxopts::exceptions::exception& error) {
  throw wrong_options(command, error.what());
}

int CommandParser::run() {
  take_global_options();
  take_help_and_version();
  take_alias();
  const Command* command = rest_.empty() ? nullptr : take_words();
  if (const CommandGroup* group = command == nullptr ? group_alone() : nullptr) return print(help_of(set_, *group)), 0;
  if (command == nullptr && !rest_.empty()) throw unknown_command();
  static const Command none = {"", "", "", {}, "", nullptr};
  const Arguments arguments = arguments_of(command != nullptr ? *command : none);
  if (arguments.has("version")) return print(fmt::format("{} {}\n", set_.program, set_.version)), 0;
  if (command == nullptr) return print(help_of(set_)), 0;
  if (arguments.has("help")) return print(help_of(set_, *command)), 0;
  if (command->operands.empty() && !arguments.operands.empty())
    throw UsageError(fmt::format("{}: unexpected {}", command->words, arguments.operands.front()));
  return command->run(arguments);
}

int run_command(const CommandSet& set, int argc, const char* const* argv) {
  return CommandParser(set, argc, argv).run();
}
