// Changing the toolkit's own configuration by the names of its settings.
//
// Comments, order and everything else in the file stay as they are. A value that
// the shim would refuse is refused here.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/text/toml_layout.h"
#include "core/toolkit/config.h"

struct SettingName {
  const Setting* setting;
  Key key;              // in the file
  std::string profile;  // empty: in its own table
};

/// "container-hooks-runtime.log-level", "profiles.NAME.log-level", or the key alone where only one table has it.
/// UsageError, with what was probably meant, for a name that is none.
SettingName setting_named(std::string_view name);

enum class ConfigWritten : std::uint8_t { created, changed, unchanged };

/// Makes the file say what the assignments ("KEY=VALUE", a list as a,b) say; a missing file begins with the defaults.
ConfigWritten write_config(const RootedPath& path, const std::vector<std::string>& assignments);
