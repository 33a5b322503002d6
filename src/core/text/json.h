// JSON as it is written: for whoever writes some and reads none.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

enum class JsonKind : std::uint8_t { null, boolean, number, string, array, object };

/// "an object", "a string" …: for messages.
std::string_view with_article(JsonKind kind);

/// text as a JSON string, quotes included. Bytes that are not UTF-8 pass as they are.
std::string json_quoted(std::string_view text);

struct JsonPair {
  std::string name;   // as it is
  std::string value;  // as JSON
};

/// "name":value, and so on: what stands between the braces of an object.
std::string json_members(const std::vector<JsonPair>& pairs);

/// The pairs as a JSON object, in one line.
std::string json_object(const std::vector<JsonPair>& pairs);

/// Values, which are JSON already, as an array, one a line.
std::string json_array(const std::vector<std::string>& values);

/// Texts as an array, in one line.
std::string json_strings(const std::vector<std::string>& texts);

inline std::string json_boolean(bool value) { return value ? "true" : "false"; }
