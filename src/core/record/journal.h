// One entry in systemd's journal, by its native protocol (systemd.io, "Native Journal Protocol").
//
// The names of the fields are those of Docker's journald log driver, so that one filter shows a container's output and
// its hooks: journalctl CONTAINER_NAME=web.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "core/record/record.h"

constexpr std::string_view journal_socket = "/run/systemd/journal/socket";

/// The datagram: KEY=value lines, and a value with a line break with its length before it.
std::string journal_entry(const Record& record);

/// Sends it. Nothing happens where nobody listens: what cannot be recorded never fails a container.
void send_to_journal(const Record& record, std::string_view socket = journal_socket);
