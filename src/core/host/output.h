// What a person or a program reads of this one: standard output, and standard error.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

/// To standard output. Error when it cannot be written; some may be held back until flush_output().
void print(std::string_view text);

/// Error when what was printed cannot be written.
void flush_output();

/// To standard error, behind what was printed. That it cannot be written is no failure: there is nobody to tell.
void print_error(std::string_view text);
