// An engine's service, as systemd has it: on this host, or on the one whose file system is mounted at a root.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ctime>
#include <optional>
#include <string>
#include <string_view>

#include "core/engine/engine.h"

class Service {
 public:
  Service(const Engine& engine, std::string root) : engine_(engine), root_(std::move(root)) {}

  /// Since when it has been running; nothing: it is not, or there is no systemd that could tell: sd_booted(3).
  std::optional<timespec> running_since() const;
  /// What the running engine says; not reachable where it cannot be asked.
  EngineAnswer ask() const;
  /// Has systemd do `systemctl reload UNIT` or the like, and waits until the service has settled. Error, with the last
  /// lines of its log, when it does not come up.
  void carry_out(std::string_view command) const;

 private:
  std::string unit() const;
  std::string last_lines() const;
  void require_settled() const;

  const Engine& engine_;
  std::string root_;
};
