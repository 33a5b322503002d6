// The containers of this host, by what people call them.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

struct FoundContainer {
  std::string id;
  std::string bundle;
  std::string name = {};  // as its engine has it; empty: it is not known
};

/// The container whose id, the beginning of it, or name that is, as Docker, containerd, podman and CRI-O keep bundles:
/// containerd, and so Docker, while the container runs, the others until it is removed. An id, and a name, come before a
/// beginning. Error when there is none, or when there are several.
FoundContainer container_called(std::string_view word);
