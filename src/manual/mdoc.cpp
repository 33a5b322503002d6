// SPDX-License-Identifier: Apache-2.0
#include "manual/mdoc.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <vector>

#include "core/cli/help.h"
#include "core/cli/option_reader.h"
#include "core/cli/table.h"
#include "core/hooks/variables.h"
#include "core/oci/hook.h"
#include "core/text/split.h"
#include "core/toolkit/config.h"
#include "manual/values.h"

namespace {

constexpr std::string_view date = "November 25, 2026";

// Text that stays what it is: a backslash begins an escape, and so does a dot or a quote at the beginning of a line.
std::string escaped(std::string_view text) {
  std::string result = text.starts_with('.') || text.starts_with('\'') ? "\\&" : "";
  for (const char c : text) {
    if (c == '\\')
      result += "\\e";
    else if (c == '-')
      result += "\\-";
    else
      result += c;
  }
  return result;
}

// One argument of a macro, also where it looks like another macro.
std::string quoted(std::string_view text) {
  std::string result;
  for (const char c : escaped(text)) result += c == '"' ? std::string("\\(dq") : std::string(1, c);
  return fmt::format("\"\\&{}\"", result);
}

std::string literal(std::string_view lines) {
  std::string result = ".Bd -literal -offset indent\n";
  for (const std::string_view line : split(lines, '\n')) result += escaped(line) + '\n';
  return result + ".Ed\n";
}

// Sentences begin lines of their own, and end with a full stop.
std::string sentence(std::string_view text) {
  constexpr std::size_t width = 78;
  std::string result;
  for (std::size_t end = 0; end != text.npos; text.remove_prefix(std::min(text.size(), end + 2))) {
    end = text.find(". ");
    for (const std::string& line : wrapped(text.substr(0, end), width)) result += escaped(line) + '\n';
    result.insert(result.size() - 1, result.ends_with(".\n") ? "" : ".");
  }
  return result;
}

class List {
 public:
  explicit List(std::string_view width = "Ds") : text_(fmt::format(".Bl -tag -width {}\n", width)) {}
  void add(std::string_view macros, std::string_view meaning) {
    text_ += fmt::format(".It {}\n{}", macros, sentence(meaning));
  }
  std::string text() const { return text_ + ".El\n"; }

 private:
  std::string text_;
};

std::string spelled(const CommandOption& option) {
  std::string result;
  for (const std::string& name : shown_names(option))
    result += fmt::format("{}Fl {}", result.empty() ? "" : " , ", escaped(std::string_view(name).substr(1)));
  return option.argument.empty() ? result : fmt::format("{} Ar {}", result, escaped(option.argument));
}

std::string listed(std::span<const CommandOption> options) {
  List list;
  for (const CommandOption& option : options) list.add(spelled(option), option.help);
  return list.text();
}

std::string in_capitals(std::string text) {
  std::ranges::transform(text, text.begin(), [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  return text;
}

// "Write a file" as mdoc wants it after the name: without a capital.
std::string as_name_description(std::string_view summary) {
  std::string result(summary);
  result.front() = static_cast<char>(std::tolower(static_cast<unsigned char>(result.front())));
  return escaped(result);
}

std::string head(const CommandSet& set, const Command& command) {
  const std::string name = page_name(set, command);
  return fmt::format(".Dd {}\n.Dt {} 8\n.Os\n.Sh NAME\n.Nm {}\n.Nd {}\n", date, in_capitals(name), name,
                     as_name_description(command.summary));
}

std::string synopsis(const CommandSet& set, const Command& command) {
  const std::string operands = command.operands.empty() ? "" : fmt::format(".Ar {}\n", quoted(command.operands));
  return fmt::format(".Sh SYNOPSIS\n.Nm {} {}\n.Op Ar OPTIONS\n{}", set.program, escaped(command.words), operands);
}

std::string examples(const Command& command) {
  std::string lines;
  for (const std::string_view line : split(command.examples, '\n'))
    lines += fmt::format("# {}\n", line.substr(std::min(line.find_first_not_of(' '), line.size())));
  return ".Sh EXAMPLES\n" + literal(lines);
}

constexpr std::string_view end_of_page =
    ".Sh EXIT STATUS\n0 for success, 1 for a failure, 2 for a wrong use.\n"
    ".Sh SEE ALSO\n.Xr container-hooks-ctk 8 ,\n.Xr container-hooks-runtime 8\n";

// What a stage is, in the order of stage_names.
constexpr std::array<std::string_view, stage_names.size()> stage_meanings = {
    "Before create, on the host: the program writes the spec; of hooks.d alone",
    "At create, on the host, before the container's root is set up; a failure stops the container. Deprecated by the "
    "runtime specification",
    "At create, on the host, after prestart; a failure stops the container",
    "At create, a program of the host in the container's namespaces, before pivot_root(2); a failure stops the "
    "container",
    "At start, a program of the container in the container, before its own; a failure stops the container",
    "At start, on the host, when the container's program runs; a failure is an error since version 1.3 of the "
    "specification",
    "After delete, on the host; a failure is a warning",
};

}  // namespace

std::string page_name(const CommandSet& set, const Command& command) {
  return fmt::format("{}-{}", set.program, join(words(command.words), "-"));
}

std::string mdoc_page(const CommandSet& set, const Command& command, std::string_view description) {
  return head(set, command) + synopsis(set, command) + ".Sh DESCRIPTION\n" + sentence(command.summary) +
         std::string(description) + ".Sh OPTIONS\n" + listed(options_of(command)) +
         std::string(end_of_page.substr(0, end_of_page.find(".Sh SEE"))) + examples(command) +
         std::string(end_of_page.substr(end_of_page.find(".Sh SEE")));
}

std::string mdoc_commands(const CommandSet& set) {
  List list;
  for (const Command& command : commands_of(set))
    list.add(fmt::format("Xr {} 8", page_name(set, command)), command.summary);
  return list.text();
}

std::string mdoc_global_options(const CommandSet& /*set*/) { return listed(global_options); }

std::string mdoc_engines(const CommandSet& /*set*/) {
  List list;
  for (const auto& [name, what] : engine_lines()) list.add(fmt::format("Cm {}", name), what);
  return list.text();
}

std::string mdoc_settings(const CommandSet& /*set*/) {
  std::string text;
  std::string_view table;
  for (const Setting& setting : settings) {
    if (setting.table != table)
      text += fmt::format("{}.Ss Table {}\n.Bl -tag -width Ds\n", text.empty() ? "" : ".El\n", escaped(setting.table));
    table = setting.table;
    text += fmt::format(".It Cm {} = {}\n{}", escaped(setting.key), quoted(toml_spelling(setting, Config())),
                        sentence(setting.comment));
  }
  return text + ".El\n";
}

std::string mdoc_default_config(const CommandSet& /*set*/) { return literal(default_config_text()); }

std::string mdoc_stages(const CommandSet& /*set*/) {
  List list;
  for (std::size_t stage = 0; stage < stage_names.size(); ++stage)
    list.add(fmt::format("Cm {}", stage_names[stage]), stage_meanings[stage]);
  return list.text();
}

std::string mdoc_variables(const CommandSet& /*set*/) {
  List list;
  for (const auto& [name, meaning] : Variables::help())
    list.add(fmt::format("Li {}", quoted(fmt::format("{{{{{}}}}}", name))), meaning);
  return list.text();
}

std::string mdoc_pages(const CommandSet& set) {
  std::vector<std::string> names;
  for (const Command& command : commands_of(set)) names.push_back(page_name(set, command));
  std::ranges::sort(names);
  std::string text;
  for (const std::string& name : names) text += fmt::format(".Xr {} 8 ,\n", name);
  return text;
}
