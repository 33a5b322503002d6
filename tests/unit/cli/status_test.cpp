// SPDX-License-Identifier: Apache-2.0
#include "core/cli/status.h"

#include "catch.h"
#include "core/cli/table.h"

namespace {

const Subject toolkit = {"toolkit", "toolkit", {{"path", "\"/usr/bin/x\""}}, {{Health::good, "/usr/bin/x", ""}}};
const Subject config = {"config", "config.toml", {}, {{Health::absent, "it does not exist", "make it"}}};
const Subject broken = {
    "engines",
    "docker",
    {{"engine", "\"docker\""}},
    {{Health::good, "fine", ""}, {Health::broken, "it is not", "mend it"}, {Health::warning, "hm", ""}}};
const Subject quiet = {"engines", "podman", {}, {}};

}  // namespace

TEST_CASE("a subject is as well as its worst remark; without any it is absent") {
  CHECK(toolkit.health() == Health::good);
  CHECK(broken.health() == Health::broken);
  CHECK(quiet.health() == Health::absent);
}

TEST_CASE("a host is healthy when nothing is broken: absent and warnings are not") {
  CHECK(is_healthy({}));
  CHECK(is_healthy({toolkit, config, quiet, {"hooks", "hooks", {}, {{Health::warning, "hm", ""}}}}));
  CHECK_FALSE(is_healthy({toolkit, broken}));
}

TEST_CASE("people read a line for each remark, the name at the first, the cure after it") {
  CHECK(status_as_text({toolkit, config, broken}, no_width_limit, false) ==
        "toolkit      ok       /usr/bin/x\n"
        "config.toml  -        it does not exist (make it)\n"
        "docker       ok       fine\n"
        "             BROKEN   it is not (mend it)\n"
        "             warning  hm\n");
}

TEST_CASE("colour is around the word of health alone, and only if wanted") {
  const std::string text = status_as_text({toolkit}, no_width_limit, true);
  CHECK_THAT(text, ContainsSubstring("\033[32mok\033[0m"));
  CHECK(status_as_text({toolkit}, no_width_limit, false).find('\033') == std::string::npos);
}

TEST_CASE("programs read one object: an array of those of which there may be several, with what is wrong with each") {
  std::string text = status_as_json({toolkit, config, broken, quiet});
  std::erase_if(text, [](char c) { return c == ' ' || c == '\n'; });
  CHECK(text ==
        R"({"healthy":false,"toolkit":{"path":"/usr/bin/x","health":"ok","problems":[]},)"
        R"("config":{"health":"absent","problems":[]},)"
        R"("engines":[{"engine":"docker","health":"broken","problems":[)"
        R"({"severity":"broken","text":"itisnot","cure":"mendit"},{"severity":"warning","text":"hm","cure":null}]},)"
        R"({"health":"absent","problems":[]}]})");
}
