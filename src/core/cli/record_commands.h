// hooks log, hooks stats and hooks export: the commands that read the record. Their rows are with those of the group.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>
#include <vector>

#include "core/cli/common_options.h"

constexpr CommandOption record_file_option = {"file", "FILE", "The record to read (record-file of config.toml)"};

inline constexpr CommandOption log_options[] = {
    {"container", "ID", "Only of the containers whose id begins so, or of this name; with a timeline"},
    {"hook", "NAME", "Only of this hook"},
    {"failed", "", "Only runs that failed"},
    {"since", "TIME", "Only runs that began after 2026-11-24T23:10:05Z, 2026-11-24, or 10m, 2h, 3d ago"},
    {"f,follow", "", "Go on, and show runs as they come"},
    record_file_option,
    profile_option,
    {"json", "", "Print the records as they are, a line of JSON each"},
};
inline constexpr CommandOption stats_options[] = {record_file_option, profile_option, json_option};
inline constexpr CommandOption export_options[] = {
    {"format", "FORMAT", "prometheus, otlp or chrome"},
    record_file_option,
    profile_option,
};

/// What --format of `hooks export` takes.
std::vector<std::string_view> export_formats();

int run_hooks_log(const Arguments& arguments);
int run_hooks_stats(const Arguments& arguments);
int run_hooks_export(const Arguments& arguments);
