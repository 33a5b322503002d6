// Numbers of things in sentences.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

/// "1 hook", "7 hooks": for a noun whose plural has an s.
std::string counted(std::size_t count, std::string_view noun);
