// What is to be said of the files of hooks, each with its place: "FILE:LINE:COLUMN: WHERE: what".
//
// Readers collect all of it, so that `hooks check` can show it; the shim stops at the first error.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "core/error.h"

enum class Severity : std::uint8_t { error, warning };  // error: no container may start with it

struct Finding {
  Severity severity;
  std::string text;                  // with the place, as people read it
  std::string file = {};             // that it is about; empty: none
  std::size_t line = 0, column = 0;  // in it; 0: the whole file
};

using Findings = std::vector<Finding>;

/// What an Error says about a file.
Finding finding_of(Severity severity, const Error& error, std::string file);

bool has_errors(const Findings& findings);

/// Throws the first error, if there is one.
void require_no_errors(const Findings& findings);

/// Adds the findings of a part.
void append(Findings& findings, Findings&& part);

/// What a reader gives: the value, as far as it could be read, and what is to be said of it.
template <class T>
struct Parsed {
  T value;
  Findings findings;
};
