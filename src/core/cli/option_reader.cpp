// SPDX-License-Identifier: Apache-2.0
#include "core/cli/option_reader.h"

#include <cctype>
#include <locale>

// cxxopts asks the classic locale what a letter is, which drags all locales into a static binary.
#define isalnum(character, locale) isalnum(static_cast<unsigned char>(character))
#include <cxxopts.hpp>
#undef isalnum

#include <algorithm>

#include "core/error.h"
#include "core/text/split.h"
#include "core/text/suggestion.h"

namespace {

bool is_option(std::string_view argument) { return argument.size() > 1 && argument.starts_with('-'); }

std::string_view name_of(std::string_view argument) { return argument.substr(0, argument.find('=')); }

bool has_name(const CommandOption& option, std::string_view name) {
  const std::vector<std::string_view> names = split(option.names, ',');
  return std::ranges::find(names, name) != names.end();
}

}  // namespace

class OptionReader {
 public:
  OptionReader(const Command& command, std::span<const std::string> given)
      : command_(command), options_(options_of(command)), rest_(given) {}

  Arguments read();

 private:
  std::string take();
  void take_all_as_operands();
  void take_program_arguments();
  void take_option();
  void take_letters(const std::string& letters);
  const CommandOption& option_called(std::string_view name) const;
  const CommandOption* find(std::string_view name) const;
  void parse();
  template <class... Args>
  UsageError wrong(fmt::format_string<Args...> what, Args&&... args) const {
    const std::string text = fmt::format(what, std::forward<Args>(args)...);
    return UsageError(command_.words.empty() ? text : fmt::format("{}: {}", command_.words, text));
  }

  const Command& command_;
  std::vector<CommandOption> options_;
  std::span<const std::string> rest_;  // what is not yet read
  std::vector<std::string> found_;     // the options, each with its value: what cxxopts reads
  Arguments result_;
};

std::string OptionReader::take() {
  const std::string& first = rest_.front();
  rest_ = rest_.subspan(1);
  return first;
}

const CommandOption* OptionReader::find(std::string_view name) const {
  const auto found = std::ranges::find_if(options_, [&](const CommandOption& each) { return has_name(each, name); });
  return found == options_.end() ? nullptr : &*found;
}

const CommandOption& OptionReader::option_called(std::string_view name) const {
  if (const CommandOption* option = name.size() > 1 ? find(name) : nullptr) return *option;
  std::vector<std::string> known;
  for (const CommandOption& option : options_)
    for (const std::string_view each : split(option.names, ','))
      if (each.size() > 1) known.push_back(fmt::format("--{}", each));
  const std::string spelled = fmt::format("--{}", name);
  const std::vector<std::string_view> candidates(known.begin(), known.end());
  throw wrong("there is no option {}{}", spelled, did_you_mean(spelled, candidates));
}

void OptionReader::take_letters(const std::string& letters) {
  for (const char letter : letters.substr(1))
    if (find({&letter, 1}) == nullptr) throw wrong("there is no option -{}, see --help", letter);
  found_.push_back(letters);
}

void OptionReader::take_option() {
  const std::string argument = take();
  if (!argument.starts_with("--")) return take_letters(argument);
  const std::string_view name = name_of(argument);
  const CommandOption& option = option_called(name.substr(2));
  const bool has_value = name.size() < argument.size();
  if (option.argument.empty() && has_value) throw wrong("{} takes no value", name);
  if (option.argument.empty() || has_value) return found_.push_back(argument);
  if (rest_.empty()) throw wrong("{} needs a value: {} {}", name, name, option.argument);
  found_.push_back(fmt::format("{}={}", name, take()));
}

void OptionReader::take_all_as_operands() {
  result_.operands.insert(result_.operands.end(), rest_.begin(), rest_.end());
  rest_ = {};
}

// A `--` between the program and its arguments is not one of them.
void OptionReader::take_program_arguments() {
  if (!rest_.empty() && rest_.front() == "--")
    take();
  else
    result_.mistakable = {rest_.begin(), std::ranges::find(rest_, "--")};
  std::erase_if(result_.mistakable, [&](const std::string& each) {
    return !each.starts_with("--") || find(name_of(each).substr(2)) == nullptr;
  });
  take_all_as_operands();
}

// As strings alone: cxxopts' other types bring std::stringstream, and with it 200 KB of locales, into the binary.
void OptionReader::parse() try {
  cxxopts::Options parser{std::string(command_.words)};
  for (const CommandOption& option : options_) {
    std::shared_ptr<cxxopts::Value> type = cxxopts::value<bool>();
    if (!option.argument.empty()) type = cxxopts::value<std::string>();
    parser.add_options()(std::string(option.names), "", type);
  }
  std::vector<const char*> argv = {""};
  for (const std::string& option : found_) argv.push_back(option.c_str());
  const cxxopts::ParseResult parsed = parser.parse(static_cast<int>(argv.size()), argv.data());
  for (const cxxopts::KeyValue& given : parsed.arguments()) result_.values_[given.key()].push_back(given.value());
} catch (const cxxopts::exceptions::exception& error) {
  throw wrong("{}, see --help", error.what());
}

Arguments OptionReader::read() {
  while (!rest_.empty()) {
    if (rest_.front() == "--") {
      take();
      take_all_as_operands();
    } else if (is_option(rest_.front())) {
      take_option();
    } else {
      result_.operands.push_back(take());
      if (command_.takes_program) take_program_arguments();
    }
  }
  parse();
  result_.verbosity = result_.has("quiet")   ? Verbosity::quiet
                      : result_.has("debug") ? Verbosity::debug
                                             : Verbosity::normal;
  return std::move(result_);
}

std::vector<CommandOption> options_of(const Command& command) {
  std::vector<CommandOption> result(command.options.begin(), command.options.end());
  result.insert(result.end(), global_options.begin(), global_options.end());
  return result;
}

Arguments read_arguments(const Command& command, std::span<const std::string> given) {
  return OptionReader(command, given).read();
}
