// What has changed between two texts, as diff -u shows it.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

/// Empty when both are the same. The names go into its head: "/dev/null" where there is no file.
std::string unified_diff(std::string_view before_name, std::string_view before, std::string_view after_name,
                         std::string_view after);
