// A program that is run to its end, for what it says.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

struct ChildResult {
  int status;          // its exit status; 128 + N when signal N ended it
  std::string output;  // of stdout and stderr together
};

constexpr std::chrono::seconds patience = std::chrono::hours(1);  // with what may rightly take its time

/// Nothing when there is no such program in PATH. Its stdin is empty; descriptors without O_CLOEXEC are its own, too.
/// Error when it goes on for longer than the limit; it is killed then.
std::optional<ChildResult> run_child(const std::vector<std::string>& argv, std::chrono::seconds limit = patience);
