// Who uses a runtime: the containers of engines that have a client to ask.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

/// The names of all containers of docker or podman whose runtime (field, as a template of `inspect`) is that; none where
/// the client is missing, fails or takes longer than ten seconds.
std::vector<std::string> containers_with(const std::string& runtime, const std::string& client,
                                         const std::string& field);

/// "NAMESPACE/ID" of each bundle of containerd's, Docker's (namespace moby) among them, whose runtime is that program or a link
/// beside it with a profile's name: these containers cannot be stopped without it. Below the mounted file system root.
std::vector<std::string> bundles_with(std::string_view program, const std::string& root);

/// The ids of the containers that podman and CRI-O run with that program, by the command lines of their monitors on this host.
std::vector<std::string> monitored_with(std::string_view program);
