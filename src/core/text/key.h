// The path of a value in a document: {"plugins", "io.containerd.grpc.v1.cri", "containerd"}.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <string>
#include <vector>

using Key = std::vector<std::string>;

/// parent + name...
template <class... Names>
Key operator/(Key parent, const Names&... names) {
  (parent.emplace_back(names), ...);
  return parent;
}

inline Key operator+(Key parent, const Key& rest) {
  parent.insert(parent.end(), rest.begin(), rest.end());
  return parent;
}

/// Without its last part; key is not empty.
inline Key parent_of(Key key) {
  key.pop_back();
  return key;
}

/// Whether key is parent itself or lies below it.
inline bool is_within(const Key& key, const Key& parent) {
  return key.size() >= parent.size() && std::equal(parent.begin(), parent.end(), key.begin());
}
