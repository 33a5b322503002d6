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
  const Command* take_words();
  UsageError unknown_command() const;
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

Arguments CommandParser::arguments_of(const Command& command) {
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
}

int CommandParser::run() {
  take_global_options();
  const Command* command = rest_.empty() ? nullptr : take_words();
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
  try {
    return CommandParser(set, argc, argv).run();
  } catch (const cxxopts::exceptions::exception& error) {
    throw UsageError(fmt::format("{}, see --help", error.what()));
  }
}
