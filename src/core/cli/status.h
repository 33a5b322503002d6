// How an examination is told: to people a line for each remark, to programs one object.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "core/cli/examination.h"

/// Aligned, wrapped at width, and in colour if wanted.
std::string status_as_text(const std::vector<Subject>& subjects, std::size_t width, bool in_colour);

/// {"healthy": …, "toolkit": {…}, "config": {…}, "hooks": [{…}], "low_level_runtime": [{…}], "engines": [{…}]}: the facts
/// of each subject, with its "health" and its "problems": [{"severity", "text", "cure"}].
std::string status_as_json(const std::vector<Subject>& subjects);
