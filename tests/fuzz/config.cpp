// Fuzz target: config.toml, with every profile in it.
//
// Oracle: what is read, spelled again setting by setting, reads the same; a
// profile gives its own keys and nothing else.
//
// SPDX-License-Identifier: Apache-2.0
#include "core/toolkit/config.h"

#include "core/text/toml_text.h"
#include "oracle.h"

namespace {

constexpr std::string_view file = "config.toml";

std::string spelled(const Config& config) {
  std::string result, table;
  for (const Setting& setting : settings) {
    if (setting.table != table) result += fmt::format("[{}]\n", setting.table);
    table = setting.table;
    result += fmt::format("{} = {}\n", setting.key, toml_spelling(setting, config));
  }
  return result;
}

bool same(const Setting& setting, const Config& a, const Config& b) {
  return std::visit([&](auto member) { return a.*member == b.*member; }, setting.member);
}

void round_trip(const Config& config) {
  const std::string text = spelled(config);
  try {
    const Config again = read_config(TomlText(std::string(file), text)).config;
    for (const Setting& setting : settings)
      if (!same(setting, config, again)) broken("{} reads as it was spelled: {}", setting.key, text);
  } catch (const Error& error) {
    broken("what was read can be spelled: {}: {}", error.text, text);
  }
}

void with_profile(const TomlText& text, const LoadedConfig& plain, const std::string& profile) {
  const LoadedConfig loaded = read_config(text, profile);
  for (std::size_t i = 0; i < settings.size(); ++i)
    if (loaded.origins[i] != Origin::profile && !same(settings[i], loaded.config, plain.config))
      broken("profile {} changes nothing but its own keys: {}", profile, settings[i].key);
  round_trip(loaded.config);
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  try {
    const TomlText text(std::string(file), text_of(data, size));
    const LoadedConfig plain = read_config(text);
    round_trip(plain.config);
    for (const std::string& profile : text.names({"profiles"}))
      if (!profile.empty()) with_profile(text, plain, profile);
  } catch (const Error& error) {
    expect_place(error, file);
  }
  return 0;
}
