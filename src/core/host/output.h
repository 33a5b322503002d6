// What a person or a program reads of this one: standard output, and standard error.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string_view>

/// To standard output, as printable() has it. Error when it cannot be written; some may be held back until
/// flush_output().
void print(std::string_view text);

/// The same for text with colours of ours, of which all that others wrote is printable.
void print_as_is(std::string_view text);

/// Error when what was printed cannot be written.
void flush_output();

/// To standard error, after what was printed, as printable() has it. That it cannot be written is not a failure: there is nobody to tell.
void print_error(std::string_view text);

/// How many columns a line of text for people may have: those of the terminal, at least 80; what is read by no terminal
/// has no limit, so that a row is a line for grep(1) and awk(1).
std::size_t text_width();

/// The same for prose, which nobody takes apart by lines: 80 where there is no terminal.
std::size_t page_width();

/// Whether standard output is a terminal that shows colours, and nobody has said NO_COLOR (https://no-color.org).
bool in_colour();
