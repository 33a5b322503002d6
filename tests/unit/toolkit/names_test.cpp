// SPDX-License-Identifier: Apache-2.0
#include "core/toolkit/names.h"

#include "catch.h"
#include "core/oci/hook.h"

TEST_CASE("the marker that a spec is searched for is the role of that name") {
  CHECK(is_marker(Hook{"/usr/bin/" + std::string(marker_role), {}, {}, {}}));
  CHECK_FALSE(is_marker(Hook{"/usr/bin/" + std::string(ctk_role), {}, {}, {}}));
}

TEST_CASE("what comes after a dot is the profile that a role is called with") {
  CHECK(profile_of("container-hooks-runtime.secure") == "secure");
  CHECK(profile_of("container-hooks-runtime.a.b") == "a.b");
  CHECK(profile_of("container-hooks-runtime").empty());
  CHECK(without_profile("container-hooks-runtime.a.b") == runtime_role);
  CHECK(without_profile("container-hooks-runtime") == runtime_role);
}
