// Whether a file may decide what runs as root.
//
// Refused, when this process is root on the host: a file that belongs to another
// user or that others can write, and one in a directory, or below one, where they
// could put another in its place. Root's group counts as root, but not with an
// access control list, in which its permissions may be somebody else's (acl(5)).
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/stat.h>

#include <cstdint>
#include <string>

/// Whether the content decides what runs as root.
enum class Trust : std::uint8_t { not_needed, required };

/// Error that says who can write the file or directory, and how to mend that.
void require_trust(const struct stat& status, const std::string& path);

/// The same of a directory, given by its descriptor, too, and of all those above it.
void require_trusted_directories(int directory, const std::string& path);
