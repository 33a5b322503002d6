// Which command was meant by a word that other tools have for it.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <string_view>

/// `, did you mean "hooks remove"?` for "hooks delete": by what the word means, and else by what is spelled like it; empty
/// when neither finds any of the commands.
std::string command_meant(std::string_view words, std::span<const std::string_view> commands);
