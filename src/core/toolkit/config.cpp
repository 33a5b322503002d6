// SPDX-License-Identifier: Apache-2.0
#include "core/toolkit/config.h"

#include <unistd.h>

#include <algorithm>

#include "core/host/file.h"
#include "core/host/path.h"
#include "core/host/process.h"
#include "core/text/json.h"
#include "core/text/split.h"
#include "core/text/suggestion.h"
#include "core/text/toml_edit.h"
#include "core/text/toml_text.h"

namespace {

constexpr std::size_t max_size = 1u << 20;
constexpr const char* path_variable = "CONTAINER_HOOKS_CONFIG";

using Kind = TomlValue::Kind;

// The user's own, where there is one. Root on the host reads the system's alone.
std::optional<std::string> user_config_path() {
  const std::optional<std::string> directory = user_directory(UserFiles::config);
  if (!directory) return std::nullopt;
  std::string path = fmt::format("{}/{}", *directory, user_config_name);
  if (access(path.c_str(), F_OK) != 0 || is_host_root()) return std::nullopt;
  return path;
}

bool is_absolute(std::string_view path) { return path.starts_with('/'); }

// Puts one value of the text into one member of the configuration.
class Assignment {
 public:
  Assignment(const TomlText& text, const Setting& setting, const TomlValue& value, Config& config)
      : text_(text), setting_(setting), value_(value), config_(config) {}

  void operator()(std::string Config::*member) const {
    if (value_.kind != Kind::string) throw wrong("a string is expected");
    require_absolute({value_.string});
    config_.*member = value_.string;
  }
  void operator()(std::vector<std::string> Config::*member) const {
    if (!value_.all_strings) throw wrong("an array of strings is expected");
    require_absolute(value_.strings);
    config_.*member = value_.strings;
  }
  void operator()(bool Config::*member) const {
    if (value_.kind != Kind::boolean) throw wrong("true or false is expected");
    config_.*member = value_.boolean;
  }
  void operator()(std::int64_t Config::*member) const {
    if (value_.kind != Kind::integer || value_.integer < 0) throw wrong("a number, 0 or more, is expected");
    config_.*member = value_.integer;
  }
  template <class Choice>
  void operator()(Choice Config::*member) const {
    const auto names = names_of(Choice());
    if (value_.kind != Kind::string) throw wrong("a string is expected");
    const auto found = std::ranges::find(names, value_.string);
    if (found == names.end()) throw wrong(fmt::format("one of {} is expected", join(names, " ")));
    config_.*member = static_cast<Choice>(found - names.begin());
  }

 private:
  void require_absolute(const std::vector<std::string>& values) const {
    if (setting_.form == Form::absolute && !objection(setting_, values).empty())
      throw wrong(objection(setting_, values));
  }
  Error wrong(std::string_view why) const {
    return text_.error_at(value_.offset, fmt::format("{}: {}", setting_.key, why));
  }

  const TomlText& text_;
  const Setting& setting_;
  const TomlValue& value_;
  Config& config_;
};

class ConfigReader {
 public:
  ConfigReader(const TomlText& text, LoadedConfig& loaded) : text_(text), loaded_(loaded) {}

  void read_tables();
  void read_profile(std::string_view profile);

 private:
  void read(const Key& table, std::size_t row, Origin origin);
  void require_table(const Key& key) const;
  void refuse_unknown(const Key& table, const std::vector<std::string_view>& known) const;

  const TomlText& text_;
  LoadedConfig& loaded_;
};

Error unknown_profile(std::string_view profile, const std::string& path, const std::vector<std::string>& known) {
  const std::vector<std::string_view> names(known.begin(), known.end());
  return error("{}: there is no [profiles.{}]{}", path, profile, did_you_mean(profile, names));
}

constexpr std::string_view profiles_table = "profiles";
constexpr std::string_view ctk_table = "container-hooks-ctk";

std::vector<std::string_view> tables() {
  std::vector<std::string_view> result = {profiles_table};
  for (const Setting& setting : settings)
    if (result.back() != setting.table) result.push_back(setting.table);
  return result;
}

// Those of one table, or, for a profile, those of all tables but the ctk's.
std::vector<std::string_view> keys_of(std::string_view table) {
  std::vector<std::string_view> result;
  for (const Setting& setting : settings)
    if (table == profiles_table ? setting.table != ctk_table : setting.table == table) result.push_back(setting.key);
  return result;
}

void ConfigReader::require_table(const Key& key) const {
  const std::optional<TomlValue> value = text_.value(key);
  if (value && value->kind != Kind::table)
    throw text_.error_at(value->offset, fmt::format("{}: a table is expected", key.back()));
}

void ConfigReader::refuse_unknown(const Key& table, const std::vector<std::string_view>& known) const {
  for (const std::string& name : text_.names(table)) {
    if (std::ranges::find(known, name) != known.end()) continue;
    Key key = table;
    key.push_back(name);
    throw text_.error_at(text_.value(key)->offset,
                         fmt::format("unknown key {}{}", json_quoted(name), did_you_mean(name, known)));
  }
}

void ConfigReader::read(const Key& table, std::size_t row, Origin origin) {
  const Setting& setting = settings[row];
  Key key = table;
  key.emplace_back(setting.key);
  const std::optional<TomlValue> value = text_.value(key);
  if (!value) return;
  std::visit(Assignment(text_, setting, *value, loaded_.config), setting.member);
  loaded_.origins[row] = origin;
}

void ConfigReader::read_tables() {
  refuse_unknown({}, tables());
  for (const std::string_view table : tables()) require_table({std::string(table)});
  for (const std::string_view table : tables())
    if (table != profiles_table) refuse_unknown({std::string(table)}, keys_of(table));
  for (std::size_t row = 0; row < settings.size(); ++row) read({std::string(settings[row].table)}, row, Origin::file);
}

void ConfigReader::read_profile(std::string_view profile) {
  const std::vector<std::string> profiles = text_.names({std::string(profiles_table)});
  if (std::ranges::find(profiles, profile) == profiles.end()) throw unknown_profile(profile, text_.name(), profiles);
  const Key table = {std::string(profiles_table), std::string(profile)};
  require_table(table);
  refuse_unknown(table, keys_of(profiles_table));
  for (std::size_t row = 0; row < settings.size(); ++row)
    if (settings[row].table != ctk_table) read(table, row, Origin::profile);
}

enum class Language : std::uint8_t { plain, toml, json };

// How a list stands between brackets or between nothing, and a string between quotes or between nothing.
struct Spelling {
  std::string operator()(std::string Config::*member) const { return quoted(config.*member); }
  std::string operator()(bool Config::*member) const { return config.*member ? "true" : "false"; }
  std::string operator()(std::int64_t Config::*member) const { return std::to_string(config.*member); }
  template <class Choice>
  std::string operator()(Choice Config::*member) const {
    return quoted(std::string(names_of(Choice())[static_cast<std::size_t>(config.*member)]));
  }
  std::string operator()(std::vector<std::string> Config::*member) const {
    std::vector<std::string> items;
    for (const std::string& string : config.*member) items.push_back(quoted(string));
    return language == Language::plain ? join(items, ",") : fmt::format("[{}]", join(items, ", "));
  }
  std::string quoted(const std::string& string) const {
    if (language == Language::plain) return string;
    return language == Language::json ? json_quoted(string) : toml_quoted(string, "");
  }

  const Config& config;
  Language language;
};

}  // namespace

std::string config_path() {
  if (const char* path = environment(path_variable)) return path;
  return user_config_path().value_or(std::string(system_config_path));
}

std::string own_config_path() {
  return fmt::format("{}/{}", require_user_directory(UserFiles::config), user_config_name);
}

std::string own_hooks_directory() { return directory_of(own_config_path()) + "/hooks.d"; }

bool has_own_config() { return !is_host_root() && environment(path_variable) == nullptr; }

LoadedConfig load_config(std::string_view profile) {
  const std::string path = config_path();
  LoadedConfig loaded = load_config_file(path, profile);
  if (loaded.path.empty() && environment(path_variable) != nullptr)
    throw missing("read {}, named by ${}", path, path_variable);
  return loaded;
}

LoadedConfig load_config_file(const RootedPath& path, std::string_view profile) {
  const std::optional<std::string> content = read_if_exists(path, Trust::required, max_size);
  if (const auto link = content ? std::nullopt : dangling_link(link_in_root(path.root, path.path)))
    throw error("read {}: the link {} leads nowhere", path.shown(), *link);
  if (!content && !profile.empty()) throw unknown_profile(profile, path.shown(), {});
  if (!content) return {};
  LoadedConfig loaded = read_config(TomlText(path.shown(), *content), profile);
  loaded.path = path.shown();
  return loaded;
}

std::vector<std::string> profiles_in(const RootedPath& path) {
  const std::optional<std::string> content = read_if_exists(path, Trust::required, max_size);
  return content ? TomlText(path.shown(), *content).names({std::string(profiles_table)}) : std::vector<std::string>();
}

LoadedConfig read_config(const TomlText& text, std::string_view profile) {
  LoadedConfig loaded;
  ConfigReader reader(text, loaded);
  reader.read_tables();
  if (!profile.empty()) reader.read_profile(profile);
  return loaded;
}

std::string_view objection(const Setting& setting, const std::vector<std::string>& values) {
  if (setting.form == Form::absolute && !std::ranges::all_of(values, is_absolute))
    return "an absolute path is expected";
  if (setting.form == Form::program && !std::ranges::all_of(values, is_name_or_absolute))
    return "a name or an absolute path is expected";
  return "";
}

std::string toml_spelling(const Setting& setting, const Config& config) {
  return std::visit(Spelling{config, Language::toml}, setting.member);
}

std::string plain_spelling(const Setting& setting, const Config& config) {
  return std::visit(Spelling{config, Language::plain}, setting.member);
}

std::string json_spelling(const Setting& setting, const Config& config) {
  return std::visit(Spelling{config, Language::json}, setting.member);
}

std::string default_config_text() {
  std::string result;
  std::string_view table;
  for (const Setting& setting : settings) {
    if (setting.table != table) result += fmt::format("{}[{}]\n", table.empty() ? "" : "\n", setting.table);
    table = setting.table;
    result += fmt::format("# {}\n{} = {}\n", setting.comment, setting.key, toml_spelling(setting, Config()));
  }
  return result;
}
