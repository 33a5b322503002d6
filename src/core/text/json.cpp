// SPDX-License-Identifier: Apache-2.0
#include "core/text/json.h"

#include <fmt/core.h>

#include "core/text/split.h"

std::string_view with_article(JsonKind kind) {
  switch (kind) {
    case JsonKind::null: return "null";
    case JsonKind::boolean: return "a boolean";
    case JsonKind::number: return "a number";
    case JsonKind::string: return "a string";
    case JsonKind::array: return "an array";
    case JsonKind::object: return "an object";
  }
  return "";
}

std::string json_quoted(std::string_view text) {
  std::string result = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\')
      result += {'\\', c};
    else if (static_cast<unsigned char>(c) < 0x20)
      result += fmt::format("\\u{:04x}", static_cast<unsigned char>(c));
    else
      result += c;
  }
  return result + '"';
}

std::string json_members(const std::vector<JsonPair>& pairs) {
  std::vector<std::string> items;
  for (const JsonPair& pair : pairs) items.push_back(json_quoted(pair.name) + ':' + pair.value);
  return join(items, ",");
}

std::string json_object(const std::vector<JsonPair>& pairs) { return '{' + json_members(pairs) + '}'; }

std::string json_array(const std::vector<std::string>& values) { return fmt::format("[{}]", join(values, ",\n ")); }

std::string json_strings(const std::vector<std::string>& texts) {
  std::vector<std::string> quoted;
  for (const std::string& text : texts) quoted.push_back(json_quoted(text));
  return fmt::format("[{}]", join(quoted, ","));
}
