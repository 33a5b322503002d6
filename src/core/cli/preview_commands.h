// What one container gets: the commands that look at its spec.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/cli/common_options.h"

constexpr CommandOption bundle_option = {"bundle", "DIR", "The bundle of the container"};
constexpr CommandOption spec_option = {"spec", "FILE", "Its config.json, wherever that is; -: standard input"};
constexpr CommandOption id_option = {"id", "ID", "Its id (the name of the bundle's directory)"};

inline constexpr CommandOption preview_options[] = {
    bundle_option,  spec_option,
    id_option,      {"no-precreate", "", "Run no precreate hook, and show the spec without their work"},
    profile_option, json_option,
};
inline constexpr CommandOption variables_options[] = {bundle_option, spec_option, id_option, profile_option,
                                                      json_option};

int run_hooks_preview(const Arguments& arguments);
int run_hooks_variables(const Arguments& arguments);
