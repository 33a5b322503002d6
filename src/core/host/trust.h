// Whether a file may decide what runs as root.
//
// Refused, when this process is root, in whatever user namespace: what belongs to
// another user or what others can write, and all that stands where they could put
// another in its place: below a directory of theirs, or where one of their links leads.
// Root's group counts as root, but not with an access control list, in which its
// permissions may be somebody else's (acl(5)). In a user namespace the ids that it
// does not map count as root, too, since the host's root is one of them.
//
// A path is looked at from the root directory on, no link followed before its
// owner is known. Each directory that is found trusted can be changed by root
// alone, so what was seen in it stays true, and it is looked at once. A directory
// like /tmp, of root and sticky, keeps what is in it safe if that is root's; but
// what is missing there anyone can create, so that it cannot be said to be missing.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/stat.h>

#include <cstdint>
#include <optional>
#include <string>

#include "core/host/root.h"

/// Whether the content decides what runs as root.
enum class Trust : std::uint8_t { not_needed, required };

/// Whether anything is refused at all: this process is root, on the host or in a user namespace.
bool is_trust_needed();

/// What the path leads to, when all on the way is trusted; nothing when there is no such file, and nobody else can make
/// one. Not yet whether that itself is trusted. Error that names the directory or link, and how to mend it.
std::optional<struct stat> trusted_status(const RootedPath& path);

/// Error when that is not root's alone.
void require_trust(const struct stat& status, const std::string& path);

/// A directory, all of whose entries root has made; there may be none of this name.
void require_trusted_directory(const RootedPath& path);

/// Why root should not run the program; nothing when it is trusted, or missing.
std::optional<std::string> program_refusal(const RootedPath& path);
