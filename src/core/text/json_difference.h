// What would have to be edited in a JSON text to make it say what another says.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "core/text/edit.h"
#include "core/text/json_text.h"
#include "core/text/json_tree.h"

/// What is the same in both stays byte for byte, whatever its place among the members of an object. What wanted has beyond
/// that comes in without blanks, what it lacks goes with one comma.
std::vector<Edit> json_difference(const JsonText& text, const JsonNode& wanted);
