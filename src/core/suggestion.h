// What was meant by a word that is nearly right.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

/// `, did you mean "WORD"?` for the candidate nearest to word; empty when none is near.
std::string did_you_mean(std::string_view word, const std::vector<std::string_view>& candidates);
