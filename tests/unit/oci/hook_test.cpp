// SPDX-License-Identifier: Apache-2.0
#include "core/oci/hook.h"

#include "core/host/process.h"
#include "scratch.h"

TEST_CASE("stages have the names of the specification, exactly") {
  for (const std::string_view name : spec_stage_names) CHECK(stage_name(stage_named(name).value()) == name);
  CHECK_FALSE(stage_named("preStart"));
  CHECK_FALSE(stage_named("Prestart"));
  CHECK_FALSE(stage_named(""));
  CHECK_FALSE(stage_named("hooks"));
}

TEST_CASE("a hook is written with the fields that are set") {
  CHECK(to_json(Hook{"/h", {}, {}, {}}) == R"({"path":"/h"})");
  CHECK(to_json(Hook{"/h", {{"h", "a b"}}, {{"A=\"1\""}}, 5}) ==
        R"({"path":"/h","args":["h","a b"],"env":["A=\"1\""],"timeout":5})");
  CHECK(to_json(Hook{"/h\\\n", {std::vector<std::string>()}, {std::vector<std::string>()}, {}}) ==
        R"({"path":"/h\\\u000a","args":[],"env":[]})");
}

TEST_CASE("a hook on the host is never without env, one in the container has the container's, an empty one stays") {
  for (const Stage stage : spec_stages) {
    INFO(stage_name(stage));
    const std::string env = to_json(in_stage(Hook{"/h", {}, {}, {}}, stage));
    const std::string with_default =
        R"({"path":"/h","env":["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"]})";
    CHECK(env == (stage == Stage::start_container ? R"({"path":"/h"})" : with_default));
    CHECK(to_json(in_stage(Hook{"/h", {}, {std::vector<std::string>()}, {}}, stage)) == R"({"path":"/h","env":[]})");
    CHECK(to_json(in_stage(Hook{"/h", {}, {{"A=1"}}, {}}, stage)) == R"({"path":"/h","env":["A=1"]})");
  }
}

TEST_CASE("hooks are counted over all stages") {
  HooksByStage hooks;
  CHECK(hooks.count() == 0);
  hooks[Stage::prestart].resize(2);
  hooks[Stage::poststop].resize(1);
  CHECK(hooks.count() == 3);
}

TEST_CASE("a marker is known by its program's name, or by the name that it gives this very binary") {
  struct Row {
    Hook hook;
    bool is_marker;
  };
  const Row rows[] = {
      {{"/usr/bin/container-hooks", {}, {}, {}}, true},
      {{"/opt/container-hooks", {{"anything"}}, {}, {}}, true},
      {{"/opt/container-hooks", {{"container-hooks", "run", "--", "/bin/true"}}, {}, {}}, true},
      {{binary_path(), {{"container-hooks"}}, {}, {}}, true},
      {{binary_path(), {{"/x/container-hooks", "run", "--", "/bin/true"}}, {}, {}}, true},
      {{"container-hooks", {}, {}, {}}, true},
      {{"/usr/bin/container-hooks-ctk", {}, {}, {}}, false},
      {{"/usr/bin/container-hooks/", {}, {}, {}}, false},
      {{"/bin/sh", {{"container-hooks"}}, {}, {}}, false},
      {{binary_path(), {}, {}, {}}, false},
      {{binary_path(), {{"toolkit", "container-hooks"}}, {}, {}}, false},
      {{binary_path(), {std::vector<std::string>()}, {}, {}}, false},
      {{"", {}, {}, {}}, false},
  };
  for (const Row& row : rows) {
    INFO(to_json(row.hook));
    CHECK(is_marker(row.hook) == row.is_marker);
  }
}

TEST_CASE("the marker that is offered exists, beside the binary or as the binary itself") {
  const Hook marker = marker_hook();
  const std::string binary = binary_path();
  CHECK(is_marker(marker));
  CHECK(access(marker.path.c_str(), X_OK) == 0);
  CHECK(marker.path.substr(0, marker.path.rfind('/')) == binary.substr(0, binary.rfind('/')));
  CHECK(marker.args.has_value() == (marker.path == binary));
}
