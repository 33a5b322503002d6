// A hook as it stands in a spec when its runs are recorded: a call of the marker's binary that runs it.
//
//   container-hooks run --stage=createRuntime --hook=verify --timeout=5 ... -- /usr/local/bin/verify verify --strict
//
// Everything that the runner needs is on its command line, since it reads no configuration and trusts no environment.
// The shim writes the options and the runner reads them by one table.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/oci/hook.h"

/// What a run is recorded with. What is not known is empty.
struct RunLabels {
  std::string stage = {}, hook = {}, file = {};  // of the hook: its stage, its name, the file that it is from
  // Of the container; space: the namespace.
  std::string container = {}, bundle = {}, image = {}, name = {}, space = {}, pod = {};
  std::string engine = {};
};

enum class Recording : std::uint8_t { off, failures, all };

constexpr std::array<std::string_view, 3> recording_names = {"off", "failures", "all"};

/// Where to, and which.
struct RecordTarget {
  Recording which = Recording::off;
  std::string file;
  std::uint64_t size = 0;  // bytes, at which the file is rotated; 0: never
  bool journal = false;    // to journald as well
};

struct RecordedRun {
  RunLabels labels;
  RecordTarget target;
  std::uint64_t timeout = 0;         // seconds; 0: none
  std::vector<std::string> command;  // the program's path, then its argv; only the path: argv is the path
};

/// The hook that runs this one by the binary of that marker, and records it. run: what else is known; its command and
/// time-out are the hook's. The time-out of the spec leaves the runner two seconds for its own.
Hook recorded_hook(const Hook& hook, const Hook& marker, RecordedRun run);

/// Whether these arguments, argv[0] first, are those of a recorded hook.
bool is_recorded_run(const std::vector<std::string>& arguments);

/// What they say. An option that is not known is passed over: another version may have written the spec. Error when
/// there is no program to run.
RecordedRun parse_recorded_run(const std::vector<std::string>& arguments);

/// The hook as it was before recorded_hook(); any other hook as it is.
Hook unrecorded_hook(const Hook& hook);
