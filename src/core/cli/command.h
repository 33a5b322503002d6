// The machinery of a command line with subcommands: a table of commands gives
// matching, options, help and the errors of wrong use.
//
// cxxopts reads the options of one command; it never sees the words that chose
// the command, nor its operands.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

struct CommandOption {
  std::string_view names;     // "name", or "n,name", or "name,alias" when both are long
  std::string_view argument;  // what it takes, for help: "FILE"; empty: nothing
  std::string_view help;
};

/// How much a command says beside its result.
enum class Verbosity : std::uint8_t { quiet, normal, debug };

/// What a command was called with.
class Arguments {
 public:
  bool has(std::string_view option) const { return values_.contains(std::string(option)); }
  /// The last value given, or otherwise.
  std::string value(std::string_view option, std::string_view otherwise = "") const;
  /// All values given, in order.
  std::vector<std::string> values(std::string_view option) const;

  std::vector<std::string> operands;
  std::vector<std::string> mistakable;  // arguments of a program among them that could be meant as options of ours
  Verbosity verbosity = Verbosity::normal;

 private:
  friend class OptionReader;
  std::map<std::string, std::vector<std::string>> values_;  // by the option's first long name
};

/// A line on stdout; nothing with --quiet.
void say(const Arguments& arguments, std::string_view line);
/// A line on stderr, so that what a program reads from stdout stays clean; nothing with --quiet.
void warn(const Arguments& arguments, std::string_view line);
/// The same, with --debug only.
void explain(const Arguments& arguments, std::string_view line);

struct Command {
  std::string_view words;     // what selects it: "config", "runtime configure"
  std::string_view operands;  // for usage: "[FILE...]"; empty: it takes none
  std::string_view summary;   // its line in --help
  std::span<const CommandOption> options;
  std::string_view examples;
  int (*run)(const Arguments&);  // returns the exit status
  bool takes_program = false;    // its first operand is a program: nothing after that is an option of ours
};

/// Commands with a first word of their own.
struct CommandGroup {
  std::string_view word;  // empty: those of one word
  std::span<const Command> commands;
};

struct CommandSet {
  std::string_view program;
  std::string_view version;
  std::string_view summary;
  std::span<const CommandGroup* const> groups;
};

/// The commands of all groups, in order.
std::vector<Command> commands_of(const CommandSet& set);

/// Runs the command that argv names, or prints help or the version. Throws UsageError for wrong use.
int run_command(const CommandSet& set, int argc, const char* const* argv);
