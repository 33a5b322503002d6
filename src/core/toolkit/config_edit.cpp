// SPDX-License-Identifier: Apache-2.0
#include "core/toolkit/config_edit.h"

#include <algorithm>
#include <charconv>

#include "core/error.h"
#include "core/host/directory.h"
#include "core/host/file.h"
#include "core/host/path.h"
#include "core/host/privilege.h"
#include "core/text/split.h"
#include "core/text/suggestion.h"
#include "core/text/toml_text.h"

namespace {

constexpr std::string_view profile_prefix = "profiles.";

std::string full_name(const Setting& setting) { return fmt::format("{}.{}", setting.table, setting.key); }

UsageError unknown_setting(std::string_view name) {
  std::vector<std::string> names;
  for (const Setting& setting : settings) names.push_back(full_name(setting));
  for (const Setting& setting : settings) names.emplace_back(setting.key);
  const std::vector<std::string_view> candidates(names.begin(), names.end());
  return UsageError(fmt::format("there is no setting {}{}", name, did_you_mean(name, candidates)));
}

// The row whose key, alone or after its table, is name.
const Setting& row_named(std::string_view name) {
  std::vector<const Setting*> found;
  for (const Setting& setting : settings)
    if (name == setting.key || name == full_name(setting)) found.push_back(&setting);
  if (found.empty()) throw unknown_setting(name);
  if (found.size() > 1)
    throw UsageError(
        fmt::format("{} is a key of two tables: {} or {}?", name, full_name(*found[0]), full_name(*found[1])));
  return *found.front();
}

SettingName setting_of_profile(std::string_view name) {
  const std::string_view rest = name.substr(profile_prefix.size());
  const std::size_t dot = rest.rfind('.');
  if (dot == rest.npos || dot == 0) throw unknown_setting(name);
  const std::string_view key = rest.substr(dot + 1);
  const auto* row = std::ranges::find(settings, key, &Setting::key);  // a profile has no key of the ctk's table
  if (row == settings.end()) throw unknown_setting(key);
  const std::string profile(rest.substr(0, dot));
  return {row, {"profiles", profile, std::string(key)}, profile};
}

// Puts a value, as it stands on the command line, into a setting.
struct FromCommandLine {
  void operator()(std::string Config::*member) { config.*member = value; }
  void operator()(bool Config::*member) {
    if (value != "true" && value != "false") throw UsageError(fmt::format("{}: true or false is expected", value));
    config.*member = value == "true";
  }
  void operator()(std::int64_t Config::*member) {
    const char* end = value.data() + value.size();
    const auto [stop, failure] = std::from_chars(value.data(), end, config.*member);
    if (failure != std::errc() || stop != end)
      throw UsageError(fmt::format("{}={}: a number is expected", setting.key, value));
  }
  void operator()(std::vector<std::string> Config::*member) {
    std::vector<std::string>& list = config.*member;
    list.clear();
    for (const std::string_view item : split(value, ',')) list.emplace_back(item);
    if (const std::string_view wrong = objection(setting, list); !wrong.empty())
      throw UsageError(fmt::format("{}={}: {}", setting.key, value, wrong));
  }
  template <class Choice>
  void operator()(Choice Config::*member) {
    const auto names = names_of(Choice());
    const auto found = std::ranges::find(names, value);
    if (found == names.end()) throw UsageError(fmt::format("{}: one of {} is expected", value, join(names, " ")));
    config.*member = static_cast<Choice>(found - names.begin());
  }

  const Setting& setting;
  std::string_view value;
  Config config = {};
};

// The assigned value as a configuration with nothing else changed: what the file would then say.
Config assigned(const Setting& setting, std::string_view value) {
  FromCommandLine assignment{setting, value};
  std::visit(assignment, setting.member);
  return assignment.config;
}

void assign(TomlText& text, std::string_view assignment) {
  const std::size_t equals = assignment.find('=');
  if (equals == assignment.npos) throw UsageError(fmt::format("--set {}: KEY=VALUE is expected", assignment));
  const SettingName name = setting_named(assignment.substr(0, equals));
  text.set(name.key, toml_spelling(*name.setting, assigned(*name.setting, assignment.substr(equals + 1))));
  read_config(text, name.profile);  // refuses what the shim would refuse
}

}  // namespace

SettingName setting_named(std::string_view name) {
  if (name.starts_with(profile_prefix)) return setting_of_profile(name);
  const Setting& row = row_named(name);
  return {&row, {std::string(row.table), std::string(row.key)}, ""};
}

ConfigWritten write_config(const RootedPath& path, const std::vector<std::string>& assignments) {
  require_writable(path);
  create_directories(path.directory());
  const File file = read_file(path);
  TomlText text(path.shown(), file.status ? file.content : default_config_text());
  for (const std::string& assignment : assignments) assign(text, assignment);
  if (file.status && text.content() == file.content) return ConfigWritten::unchanged;
  if (replace_file(file, {text.content()}, Durability::synced) != Replaced::done)
    throw error("write {}: another process is replacing it; try again", path.shown());
  return file.status ? ConfigWritten::changed : ConfigWritten::created;
}
