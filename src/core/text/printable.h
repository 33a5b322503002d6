// Text that somebody else wrote, as a terminal, a log and an engine may show it.
//
// Nothing in it moves the cursor, colours, renames a window or turns the
// direction of what stands around it. Escapes are those of JSON, so that a JSON
// text stays one and means the same.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

/// UTF-8 with \uXXXX for each control character (C0, DEL, C1) and each that sets the direction of text or ends a line
/// where '\n' does not. Line breaks and tabs stay. U+FFFD for bytes that belong to no character.
std::string printable(std::string_view text);

/// The same on one line: line breaks and tabs are escaped, too.
std::string printable_line(std::string_view text);

/// A message as people and engines get it: one printable line, not longer than conmon reads.
std::string one_line(std::string_view message);
