// The file that runs are recorded in: lines of JSON, appended by many at once.
//
// Invariants:
// 1. A line is appended by one write to a descriptor with O_APPEND, so that no two mix.
// 2. Who appends holds a lock (flock) on the file that the path names then; who rotates holds it too. So nobody appends
//    to a file that was rotated away, and no line is lost or doubled.
// 3. A line that could not be written whole (the disk is full) is taken back; one that a crash tore is ended by the next.
// 4. Nothing here waits long, and nothing fails: what cannot be recorded never fails a container.
// 5. Root writes neither through a link nor where others could put a file of theirs in its place.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

/// Appends a line, after renaming a file that it would make larger than size to PATH.1. size 0: never. Makes the
/// directory, for its owner alone.
void append_record(const std::string& path, std::uint64_t size, std::string_view line);

/// The whole lines of the older file and then of this one, each once, also while others append; none when there are no
/// such files. Error when one cannot be read.
std::vector<std::string> record_lines(const std::string& path);
