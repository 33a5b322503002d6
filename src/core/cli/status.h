// Whether the toolkit works on this host, and if not, where the chain breaks:
// engine -> its configuration -> the shim -> our configuration -> hooks -> low-level runtime.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

enum class Health : std::uint8_t { good, absent, broken };  // absent: not there, and not needed

struct StatusLine {
  std::string subject;
  Health health;
  std::string text;
};

/// Of the host whose file system is at root (empty: this one, whose daemons and programs are asked, too).
std::vector<StatusLine> host_status(const std::string& root);

/// Whether nothing is broken.
bool is_healthy(const std::vector<StatusLine>& lines);

/// For people, in colour if wanted; and for programs, an array of objects.
std::string status_as_text(const std::vector<StatusLine>& lines, bool in_colour);
std::string status_as_json(const std::vector<StatusLine>& lines);
