// A host's systemd, asked over its own socket: /run/systemd/private.
//
// systemctl does the same, but not from a container that does not see the host's
// processes: it wants to know who is at the other end. org.freedesktop.systemd1(5).
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/host/fd.h"

struct UnitState {
  std::string active;                 // "active", "failed" …
  std::uint64_t since_monotonic = 0;  // when it became active, in microseconds of CLOCK_MONOTONIC; 0: never
};

class Systemd {
 public:
  /// Of the host whose file system is mounted at root; empty: this one. Nothing where no systemd runs: sd_booted(3).
  static std::optional<Systemd> connect(const std::string& root);

  UnitState unit(const std::string& name);
  /// Has it done what `systemctl VERB UNIT` does: restart, or reload. Returns when that is done, well or not; Error when it
  /// is refused, or takes longer than five minutes.
  void carry_out(std::string_view verb, const std::string& unit);

 private:
  explicit Systemd(Fd socket) : socket_(std::move(socket)) {}

  std::string path_of(const std::string& unit);
  std::string property(const std::string& path, std::string_view name);

  Fd socket_;
};
