// SPDX-License-Identifier: Apache-2.0
#include "manual/tables.h"

#include <algorithm>
#include <array>

#include "core/error.h"
#include "core/text/split.h"
#include "manual/completion.h"
#include "manual/mdoc.h"

namespace {

struct NamedTable {
  std::string_view name;
  std::string (*text)(const CommandSet& set);
};

constexpr std::array tables = {
    NamedTable{"commands", mdoc_commands},
    NamedTable{"global-options", mdoc_global_options},
    NamedTable{"engines", mdoc_engines},
    NamedTable{"settings", mdoc_settings},
    NamedTable{"default-config", mdoc_default_config},
    NamedTable{"stages", mdoc_stages},
    NamedTable{"variables", mdoc_variables},
    NamedTable{"pages", mdoc_pages},
    NamedTable{"bash", bash_rows},
    NamedTable{"zsh", zsh_rows},
    NamedTable{"fish", fish_rows},
};

std::string_view name_in(std::string_view line) {
  const bool is_name = line.size() > 2 && line.starts_with('@') && line.ends_with('@');
  return is_name ? line.substr(1, line.size() - 2) : "";
}

std::string with_version(std::string_view line, std::string_view version) {
  constexpr std::string_view mark = "@version@";
  const std::size_t at = line.find(mark);
  if (at == line.npos) return std::string(line);
  return fmt::format("{}{}{}", line.substr(0, at), version, line.substr(at + mark.size()));
}

std::string line_filled(std::string_view line, const CommandSet& set) {
  const std::string_view name = name_in(line);
  if (name.empty()) return with_version(line, set.version) + '\n';
  const auto* table = std::ranges::find(tables, name, &NamedTable::name);
  if (table == tables.end()) throw error("there is no table @{}@", name);
  return table->text(set);
}

}  // namespace

std::string filled(std::string_view text, const CommandSet& set) {
  std::string result;
  for (const std::string_view line : split(text, '\n')) result += line_filled(line, set);
  return result;
}
