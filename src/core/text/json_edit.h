// Edits of a JSON text.
//
// Each leaves every other byte alone. Who edits a file that people read inserts
// in the style of the text around; who edits one that programs read adds without
// a blank.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/text/edit.h"
#include "core/text/json_text.h"

/// Adds members, or elements, at least one, after the last one.
Edit edit_to_add_members(const JsonText& text, const JsonText::Value& object, const std::vector<JsonPair>& members);
Edit edit_to_add_elements(const JsonText& text, const JsonText::Value& array, const std::vector<std::string>& values);

/// Adds one member after the last one, with the line breaks, indentation and blanks of the text around.
Edit edit_to_insert(const JsonText& text, const JsonText::Value& object, const JsonPair& member);

/// Takes the member of that name away, with the comma on one side; changes nothing when there is none.
Edit edit_to_remove(const JsonText& text, const JsonText::Value& object, std::string_view name);
