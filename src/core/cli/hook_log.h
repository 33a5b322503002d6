// Recorded runs, for people.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "core/record/record.h"
#include "core/record/statistics.h"

/// What bars are drawn with: parts of a character cell where the terminal and its locale have them.
enum class Bars : std::uint8_t { ascii, blocks };

struct Drawing {
  Bars bars;
  std::size_t width;  // columns of the text
};

/// A run a line, under headings.
std::string log_table(const std::vector<Record>& records, std::size_t width);
/// The same line for one that comes alone.
std::string log_line(const Record& record);

/// A bar for each run of one container, in its place in time: a chart for each time that hooks ran, since a container may
/// go on for days between them.
std::string timeline(const std::vector<Record>& records, Drawing drawing);

/// By hook and stage, with a bar for each bucket of its durations.
std::string statistics_table(const std::vector<HookStatistics>& all, Drawing drawing);
std::string as_json(const std::vector<HookStatistics>& all);
