// When a hook applies to a container: the `when` of oci-hooks(5) and what is beyond it, and why it does or does not.
//
// The decision and its explanation come from one place, so that `hooks preview`
// cannot say anything else than what the shim does.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/oci/spec.h"
#include "core/text/pattern.h"

class Variables;

/// Of an annotation or a label.
struct PairPattern {
  Pattern key;
  Pattern value;
};

/// What is empty is not a condition; where all are, the hook never applies.
struct Condition {
  enum class Needs : std::uint8_t { all, any };  // 1.0.0, and 0.1.0

  Needs needs = Needs::all;
  std::optional<bool> always;
  std::optional<bool> has_bind_mounts;   // false holds for no container
  std::vector<PairPattern> annotations;  // each is a condition of its own
  std::vector<Pattern> commands;         // one match is enough, as for all that follow but labels
  // Beyond oci-hooks(5). What the engine does not tell matches nothing.
  std::vector<Pattern> images;      // what {{image}} gives
  std::vector<PairPattern> labels;  // each is a condition of its own
  std::vector<Pattern> namespaces;  // of Kubernetes
};

/// Whether it says nothing.
bool is_empty(const Condition& condition);

/// Whether it has what is beyond oci-hooks(5): podman and CRI-O do not look at that.
bool is_beyond_oci_hooks(const Condition& condition);

/// The condition of a hook for every container.
Condition unconditional();

struct Decision {
  bool applies;
  std::string why;  // for people: which condition, which pattern against which value
};

/// Error when commands are to be matched and the container's process has no arguments, as in podman.
Decision decide(const Condition& condition, const Spec& spec, const Variables& variables);

/// The conditions in a few words: `annotation "^gpu$" = "true" and command "^/bin/sh$"`.
std::string description_of(const Condition& condition);
