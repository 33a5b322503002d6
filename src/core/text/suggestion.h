// What was meant by a word that is nearly right.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <string_view>

/// `, did you mean "WORD"?` for the candidate nearest to word; empty when none is near.
std::string did_you_mean(std::string_view word, std::span<const std::string_view> candidates);
