// A program that reads a text on its standard input and answers with another one.
//
// It has an environment, a directory and a session of its own, no descriptor of ours but its standard streams, and the
// signals as we were given them. It does not outlive us. What it leaves running is neither waited for nor killed, unless it
// took too long: then its whole process group is.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

struct Filter {
  std::string program;            // absolute
  std::vector<std::string> argv;  // at least one
  std::vector<std::string> environment;
  std::string directory;
  std::chrono::seconds limit;
};

struct Answer {
  int status;             // its exit status; 128 + N when signal N ended it
  std::string output;     // all that it wrote while it ran
  std::string complaint;  // the last of what it wrote on stderr
};

constexpr std::size_t max_answer = 64u << 20;
constexpr std::size_t max_complaint = 4096;

/// Error when it cannot be started, answers more than max_answer, or takes longer than the limit. It need not read its input.
/// SIGHUP, SIGINT, SIGQUIT and SIGTERM end it with all that it has started, and then us.
Answer answer_of(const Filter& filter, std::string_view input);
