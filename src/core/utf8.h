// Text that is UTF-8, whatever bytes somebody put into it.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

/// text with U+FFFD for each byte that belongs to no character, as Go's encoding/json reads it.
std::string valid_utf8(std::string_view text);
