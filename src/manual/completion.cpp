// SPDX-License-Identifier: Apache-2.0
#include "manual/completion.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/cli/help.h"
#include "core/cli/option_reader.h"
#include "core/text/split.h"
#include "manual/values.h"

namespace {

std::string replaced(std::string_view text, char what, std::string_view with) {
  std::string result;
  for (const char c : text) result += c == what ? std::string(with) : std::string(1, c);
  return result;
}

// One word of a shell, whatever is in it.
std::string quoted(std::string_view text) { return fmt::format("'{}'", replaced(text, '\'', R"('\'')")); }

// fish knows escapes between quotes.
std::string fish_quoted(std::string_view text) {
  return fmt::format("'{}'", replaced(replaced(text, '\\', R"(\\)"), '\'', R"(\')"));
}

// A function of that name, which prints what its first argument chooses.
class Choice {
 public:
  explicit Choice(std::string_view name) : text_(fmt::format("{}() {{\n  case $1 in\n", name)) {}
  void add(std::string_view choice, const auto& words) {
    if (!words.empty()) text_ += fmt::format("    {}) printf '%s\\n' {} ;;\n", quoted(choice), join(words, " "));
  }
  std::string text() const { return text_ + "  esac\n}\n"; }

 private:
  std::string text_;
};

std::vector<std::string> long_names(const CommandOption& option) {
  std::vector<std::string> names = shown_names(option);
  std::erase_if(names, [](const std::string& name) { return !name.starts_with("--"); });
  return names;
}

// "--name=" of an option that takes a value.
std::vector<std::string> option_words(const Command& command) {
  std::vector<std::string> result;
  for (const CommandOption& option : options_of(command))
    for (const std::string& name : long_names(option)) result.push_back(name + (option.argument.empty() ? "" : "="));
  return result;
}

std::string choice_of_values(std::string_view function) {
  Choice values(function);
  for (const FixedValues& each : fixed_values()) values.add(each.kind, each.words);
  for (const SettingValues& each : setting_values()) values.add(each.name + '=', each.words);
  return values.text();
}

std::string choice_of_kinds(const CommandSet& set, std::string_view function) {
  Choice kinds(function);
  for (const Command& command : commands_of(set)) {
    for (const CommandOption& option : command.options)
      for (const std::string& name : long_names(option))
        if (!option.argument.empty())
          kinds.add(fmt::format("{} {}", command.words, name), std::vector{quoted(kind_of(option))});
    if (const std::string_view kind = kind_of_operands(command); !kind.empty())
      kinds.add(command.words, std::vector{quoted(kind)});
  }
  return kinds.text();
}

// What _arguments reads in brackets, and after a colon. An action after a blank is called as it stands.
std::string zsh_escaped(std::string_view text) {
  return replaced(replaced(replaced(replaced(text, '\\', R"(\\)"), '[', R"(\[)"), ']', R"(\])"), ':', R"(\:)");
}

std::string zsh_option(const CommandOption& option, const std::string& name) {
  if (option.argument.empty()) return quoted(fmt::format("*{}[{}]", name, zsh_escaped(option.help)));
  const std::string_view kind = kind_of(option);
  return quoted(fmt::format("*{}=[{}]:{}:{}", name, zsh_escaped(option.help), zsh_escaped(option.argument),
                            kind.empty() ? " " : fmt::format(" _container_hooks_ctk_of {}", kind)));
}

std::vector<std::string> zsh_arguments(const Command& command) {
  std::vector<std::string> result;
  for (const CommandOption& option : options_of(command))
    for (const std::string& name : long_names(option)) result.push_back(zsh_option(option, name));
  if (const std::string_view kind = kind_of_operands(command); !kind.empty())
    result.push_back(quoted(fmt::format("*:{}: _container_hooks_ctk_of {}", zsh_escaped(command.operands), kind)));
  return result;
}

std::string fish_option(const Command& command, const CommandOption& option, const std::string& name) {
  std::string line = fmt::format("complete -c container-hooks-ctk -n {} -l {} -d {}",
                                 fish_quoted(fmt::format("__container_hooks_ctk_runs {}", fish_quoted(command.words))),
                                 name.substr(2), fish_quoted(option.help));
  if (option.argument.empty()) return line + '\n';
  const std::string_view kind = kind_of(option);
  const bool is_file = kind == "files" || kind == "directories";
  line += is_file ? " -r -F" : " -x";
  if (!is_file && !kind.empty()) line += fmt::format(" -a '(__container_hooks_ctk_of {})'", kind);
  return line + '\n';
}

std::string fish_operands(const Command& command) {
  const std::string_view kind = kind_of_operands(command);
  if (kind.empty()) return "";
  const bool is_file = kind == "files" || kind == "directories" || kind == "programs";
  return fmt::format("complete -c container-hooks-ctk -n {} {}\n",
                     fish_quoted(fmt::format("__container_hooks_ctk_runs {}", fish_quoted(command.words))),
                     is_file ? "-F" : fmt::format("-a '(__container_hooks_ctk_of {})'", kind));
}

// The last word of a command, after those before it.
std::string fish_words(std::string_view command, std::string_view summary) {
  const std::vector<std::string_view> parts = words(command);
  const std::string before = parts.size() == 1 ? "" : std::string(parts.front());
  const std::string description = summary.empty() ? "" : " -d " + fish_quoted(summary);
  return fmt::format("complete -c container-hooks-ctk -n {} -a {}{}\n",
                     fish_quoted(fmt::format("__container_hooks_ctk_after {}", fish_quoted(before))), parts.back(),
                     description);
}

std::string fish_values() {
  std::string text = "function __container_hooks_ctk_fixed\n  switch $argv[1]\n";
  for (const FixedValues& each : fixed_values())
    text += fmt::format("    case {}\n      printf '%s\\n' {}\n", each.kind, join(each.words, " "));
  for (const SettingValues& each : setting_values())
    if (!each.words.empty())
      text += fmt::format("    case {}=\n      printf '%s\\n' {}\n", each.name, join(each.words, " "));
  return text + "  end\nend\n";
}

}  // namespace

std::string bash_rows(const CommandSet& set) {
  std::vector<std::string> names;
  Choice options("_container_hooks_ctk_options");
  options.add("", option_words({}));
  for (const Command& command : commands_of(set)) {
    names.push_back(quoted(command.words));
    options.add(command.words, option_words(command));
  }
  return fmt::format("_container_hooks_ctk_commands=({})\n", join(names, " ")) + options.text() +
         choice_of_kinds(set, "_container_hooks_ctk_kind") + choice_of_values("_container_hooks_ctk_fixed");
}

std::string zsh_rows(const CommandSet& set) {
  std::string text = "_container_hooks_ctk_commands=(\n";
  for (const Command& command : commands_of(set))
    text += fmt::format("  {}\n", quoted(fmt::format("{}:{}", command.words, zsh_escaped(command.summary))));
  text += ")\n" + choice_of_values("_container_hooks_ctk_fixed") + "_container_hooks_ctk_arguments() {\n  case $1 in\n";
  std::vector<Command> commands = commands_of(set);
  commands.emplace_back();  // before a command: the options of all
  for (const Command& command : commands)
    text += fmt::format("    {}) _arguments -S {} ;;\n", quoted(command.words), join(zsh_arguments(command), " "));
  return text + "  esac\n}\n";
}

std::string fish_rows(const CommandSet& set) {
  std::string names, rows;
  for (const CommandGroup* group : set.groups)
    if (!group->word.empty()) rows += fish_words(group->word, "");
  for (const Command& command : commands_of(set)) {
    names += ' ' + fish_quoted(command.words);
    rows += fish_words(command.words, command.summary) + fish_operands(command);
    for (const CommandOption& option : options_of(command))
      for (const std::string& name : long_names(option)) rows += fish_option(command, option, name);
  }
  return fmt::format("set -g __container_hooks_ctk_commands{}\n", names) + fish_values() + rows;
}
