// What runc would make of a command line, by the grammar of its own parser and not by ours.
//
// Go's flag package and urfave/cli v1 (app.go, command.go: reorderArgs), with the
// flags of runc 1.1 to 1.3. Values are not judged, but for those of flags that are on or off.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

struct RuncCall {
  enum class Outcome : std::uint8_t { creates, other, refused };  // other: another subcommand, help, the version

  Outcome outcome;
  std::string subcommand;
  std::string id;
  std::string bundle;  // empty: the current directory
  std::string log;
  std::string log_format;
};

RuncCall runc_call(const std::vector<std::string_view>& arguments);
