// Who uses a runtime: the containers of engines that have a client to ask.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

/// The names of all containers of docker or podman whose runtime (field, as a template of `inspect`) is that; none where
/// the client is missing, fails or takes longer than ten seconds.
std::vector<std::string> containers_with(const std::string& runtime, const std::string& client,
                                         const std::string& field);
