// Edits of a TOML text, in the style of the text around them.
//
// Nothing here is proven: TomlText parses the edited text and compares. Shapes
// that no edit is known for (a key below an array of tables, a value where a
// table is) yield an edit that fails that proof.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/text/edit.h"
#include "core/text/toml_layout.h"

/// The text after the edit has key = value; value is spelled as TOML already. key is not empty.
std::vector<Edit> edits_to_set(std::string_view text, const Key& key, std::string_view value);

/// The text after the edit has neither key nor anything below it.
std::vector<Edit> edits_to_remove(std::string_view text, const Key& key);

/// The text after the edit has a second table, of another name, next to an existing one, without its comments.
std::vector<Edit> edits_to_copy(std::string_view text, const Key& table, std::string_view name);

/// text as a TOML string in quotes of the kind that this document uses most, where they can hold it.
std::string toml_quoted(std::string_view text, std::string_view document);

/// A dotted key as messages show it.
std::string spelled(const Key& key);
