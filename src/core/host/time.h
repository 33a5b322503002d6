// The time of day, as logs and records have it.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string>
#include <string_view>

/// Since 1970, in UTC.
std::chrono::microseconds time_now();

/// RFC 3339 in UTC: "2026-11-24T23:10:05Z", and with six digits of a second: "2026-11-24T23:10:05.000042Z".
std::string utc_text(std::chrono::seconds since_1970);
std::string utc_text(std::chrono::microseconds since_1970);

/// What such a text says, with any number of digits of a second or none; zero for another text.
std::chrono::microseconds time_in(std::string_view text);
