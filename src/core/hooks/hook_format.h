// The keys of the files of hooks, as tables: for their readers, and for the JSON Schemas that `hooks schema` prints.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/text/json.h"

struct FormatKey {
  std::string_view name;
  JsonKind kind;
  std::string_view rest = {};  // of its schema, beyond the type
  bool is_required = false;
};

inline constexpr std::string_view strings_schema = R"("items":{"type":"string"})";
inline constexpr std::string_view patterns_schema = R"("items":{"type":"string","format":"regex"})";
inline constexpr std::string_view pairs_schema =
    R"("propertyNames":{"format":"regex"},"additionalProperties":{"type":"string","format":"regex"})";
inline constexpr std::string_view path_schema = R"("pattern":"^/")";
inline constexpr std::string_view stages_schema = R"("items":{"$ref":"#/$defs/stage"})";

/// Of a hook (runtime-spec, config.md, "POSIX-platform Hooks").
inline constexpr std::array hook_keys = {
    FormatKey{"path", JsonKind::string, path_schema, true},
    FormatKey{"args", JsonKind::array, strings_schema},
    FormatKey{"env", JsonKind::array, R"("items":{"type":"string","pattern":"^[^=]+="})"},
    FormatKey{"timeout", JsonKind::number, R"("minimum":1,"multipleOf":1)"},
};

/// Of `when` and `unless`.
inline constexpr std::array condition_keys = {
    FormatKey{"always", JsonKind::boolean},
    FormatKey{"hasBindMounts", JsonKind::boolean},
    FormatKey{"annotations", JsonKind::object, pairs_schema},
    FormatKey{"commands", JsonKind::array, patterns_schema},
    FormatKey{"images", JsonKind::array, patterns_schema},
    FormatKey{"labels", JsonKind::object, pairs_schema},
    FormatKey{"namespaces", JsonKind::array, patterns_schema},
};

/// Of a file of hooks.d, version 1.0.0.
inline constexpr std::array file_keys = {
    FormatKey{"version", JsonKind::string, R"("const":"1.0.0")", true},
    FormatKey{"hook", JsonKind::object, R"("$ref":"#/$defs/hook")", true},
    FormatKey{"when", JsonKind::object, R"("$ref":"#/$defs/condition")"},
    FormatKey{"unless", JsonKind::object, R"("$ref":"#/$defs/condition")"},
    FormatKey{"stages", JsonKind::array, stages_schema, true},
};

/// The same, version 0.1.0.
inline constexpr std::array old_file_keys = {
    FormatKey{"version", JsonKind::string, R"("enum":["0.1.0","",null])"},
    FormatKey{"hook", JsonKind::string, path_schema, true},
    FormatKey{"arguments", JsonKind::array, strings_schema},
    FormatKey{"stages", JsonKind::array, stages_schema},
    FormatKey{"stage", JsonKind::array, stages_schema},
    FormatKey{"cmds", JsonKind::array, patterns_schema},
    FormatKey{"cmd", JsonKind::array, patterns_schema},
    FormatKey{"annotations", JsonKind::array, patterns_schema},
    FormatKey{"annotation", JsonKind::array, patterns_schema},
    FormatKey{"hasbindmounts", JsonKind::boolean},
};

std::vector<std::string_view> names_of(std::span<const FormatKey> keys);

/// JSON Schemas (2020-12). They do not say what a schema cannot: which patterns RE2 takes, names that differ in case or stand
/// twice, and what check says of a program.
std::string hooks_json_schema();
std::string hook_file_schema();
