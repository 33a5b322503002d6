// Whether the toolkit works on a host, and if not, where the chain breaks:
// engine -> its files -> the shim -> config.toml -> hooks -> low-level runtime.
//
// An engine that runs and answers is the truth; its files explain it. Of what
// cannot be known nothing is said.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/text/json.h"

enum class Health : std::uint8_t { absent, good, warning, broken };  // absent: not there, and not needed

/// One thing that was seen, in a sentence.
struct Remark {
  Health health;
  std::string text;
  std::string cure;  // what to do about it; or empty
};

/// One link of the chain.
struct Subject {
  std::string_view kind;        // "toolkit", "config", "hooks", "low_level_runtime", "engines"
  std::string name;             // for people
  std::vector<JsonPair> facts;  // for programs
  std::vector<Remark> remarks;

  /// That of its worst remark.
  Health health() const;
};

/// The host whose file system is at root; empty: this one, whose daemons and programs are asked, too.
std::vector<Subject> examine_host(const std::string& root);

/// Whether nothing is broken.
bool is_healthy(const std::vector<Subject>& subjects);
