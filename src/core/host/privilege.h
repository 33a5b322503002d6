// What a user who is not root is told before anything is tried.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "core/host/change.h"
#include "core/host/root.h"

/// Error, "needs root: PATH is not writable", where this user is not root and may not write the file, or make it in the
/// nearest directory that is there. For root there is no such error: what it cannot write has another reason. Way is what
/// somebody without root can do instead, if there is anything.
void require_writable(const RootedPath& path, std::string_view way = "");

/// The same of each file that the plan changes.
void require_writable(const Plan& plan, std::string_view way = "");
