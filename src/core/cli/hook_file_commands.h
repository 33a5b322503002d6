// The files of hooks.d: written, shown, edited, switched off and removed.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/cli/common_options.h"

inline constexpr CommandOption add_options[] = {
    {"stage", "STAGE", "When it runs; can be repeated"},
    {"name", "NAME", "The file's name (the program's)"},
    {"replace", "", "Also where a file of that name says something else"},
    {"when-annotation", "KEY=VALUE", "Only for containers with this annotation; can be repeated"},
    {"when-command", "REGEX", "Only for containers whose command matches; can be repeated"},
    {"when-image", "REGEX", "Only for containers whose image's name matches; can be repeated"},
    {"when-label", "KEY=VALUE", "Only for containers with this label; can be repeated"},
    {"when-namespace", "NAME", "Only for containers of this Kubernetes namespace; can be repeated"},
    {"when-bind-mounts", "", "Only for containers with bind mounts that are not the engine's own"},
    {"unless-annotation", "KEY=VALUE", "Not for containers with this annotation; can be repeated"},
    {"unless-command", "REGEX", "Not for containers whose command matches; can be repeated"},
    {"unless-image", "REGEX", "Not for containers whose image's name matches; can be repeated"},
    {"unless-label", "KEY=VALUE", "Not for containers with this label; can be repeated"},
    {"unless-namespace", "NAME", "Not for containers of this Kubernetes namespace; can be repeated"},
    {"unless-bind-mounts", "", "Not for containers with bind mounts that are not the engine's own"},
    {"timeout", "SECONDS", "How long it may take"},
    {"env", "NAME=VALUE", "A variable of its environment, which has no others then; can be repeated"},
    {"dry-run", "", "Show the file it would write and write nothing"},
    profile_option,
    user_option,
    root_option,
};
inline constexpr CommandOption named_options[] = {profile_option, root_option};

int run_hooks_add(const Arguments& arguments);
int run_hooks_show(const Arguments& arguments);
int run_hooks_edit(const Arguments& arguments);
int run_hooks_disable(const Arguments& arguments);
int run_hooks_enable(const Arguments& arguments);
int run_hooks_remove(const Arguments& arguments);
