// A program that is run to its end, for what it says.
//
// Invariant: it does not outlive us. When it takes too long, or a signal asks us
// to end, the whole process group that it leads is killed.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

struct ChildResult {
  int status;          // its exit status; 128 + N when signal N ended it
  std::string output;  // of stdout and stderr together, as far as max_child_output
};

constexpr std::size_t max_child_output = 1u << 20;

constexpr std::chrono::seconds answer_limit{10};                  // for who is asked something
constexpr std::chrono::seconds patience = std::chrono::hours(1);  // for what may rightly take its time

/// Nothing when there is no such program in PATH. Its stdin is empty; descriptors without O_CLOEXEC are its own, too.
/// Error when it goes on for longer than the limit, or when SIGHUP, SIGINT, SIGQUIT or SIGTERM comes meanwhile: the
/// caller can then take back what it has begun. What it leaves running in the background is not waited for.
std::optional<ChildResult> run_child(const std::vector<std::string>& argv, std::chrono::seconds limit = answer_limit);

/// The exit status, as above, of a program that has our terminal, descriptors and environment until it ends. Meanwhile, as in
/// system(3), what the keyboard sends (SIGINT, SIGQUIT) is its alone. Error when it cannot be started.
int run_in_terminal(const std::vector<std::string>& argv);
