// Paths in a mounted file system: an image, or a host seen from a container.
//
// Invariant: what in_root() returns is below root, whatever links the file
// system has: those in it lead to places in it, as they will where it runs. A
// link to /etc/docker/daemon.json never leads to this host's file. It knows the
// links of the moment: the file system's own users must not be at work in it.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

/// The path here of a path there, without a link behind root, whether it exists or not; an empty root is this very file
/// system, and the path stays as it is.
std::string in_root(const std::string& root, std::string_view path);

/// As in_root(), but of a link itself.
std::string link_in_root(const std::string& root, std::string_view path);
