// What the toolkit keeps on a host beside its programs: configuration, hooks, the log and the record.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "core/host/change.h"
#include "core/toolkit/config.h"

/// Removes the files of the default places, and the log and the record wherever config has them: those that are there.
/// What else an operator keeps there, such as programs, or hooks elsewhere, is not ours.
Plan plan_purge(const std::string& root, const Config& config);

/// Removes the directories of the default places that are empty.
void remove_own_directories(const std::string& root);
