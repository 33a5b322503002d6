// SPDX-License-Identifier: Apache-2.0
#include "core/toolkit/config_edit.h"

#include "scratch.h"

namespace {

// What the file says after the assignments.
std::string edited(const std::string& before, const std::vector<std::string>& assignments) {
  const Scratch scratch;
  const std::string path = scratch.file("config.toml", before);
  write_config(path, assignments);
  return content_of(path);
}

std::string refusal(const std::vector<std::string>& assignments) {
  const Scratch scratch;
  const std::string path = scratch.file("config.toml", "# mine\n");
  const std::string message = message_of([&] { write_config(path, assignments); });
  CHECK(content_of(path) == "# mine\n");
  return message;
}

}  // namespace

TEST_CASE("a setting is named by its table and key, by its key where that is enough, or below a profile") {
  CHECK(setting_named("container-hooks-runtime.log-level").key == Key{"container-hooks-runtime", "log-level"});
  CHECK(setting_named("log-level").key == Key{"container-hooks-runtime", "log-level"});
  const SettingName of_profile = setting_named("profiles.a.b.log-level");
  CHECK(of_profile.profile == "a.b");
  CHECK(of_profile.key == Key{"profiles", "a.b", "log-level"});
}

TEST_CASE("a name that is none is a wrong use, with what was probably meant") {
  CHECK_THROWS_AS(setting_named("log-levl"), UsageError);
  CHECK(message_of([] { setting_named("log-levl"); }) == "there is no setting log-levl, did you mean \"log-level\"?");
  CHECK(message_of([] { setting_named("path"); }) ==
        "path is a key of two tables: container-hooks.path or container-hooks-ctk.path?");
  for (const char* name : {"profiles.log-level", "profiles..log-level", "profiles.a.nothing", ""})
    CHECK_THROWS_AS(setting_named(name), UsageError);
}

TEST_CASE("values are written as TOML, each by the kind of its setting, and all else stays") {
  struct Row {
    const char* assignment;
    const char* line;
  };
  for (const Row& row : {Row{"sandbox=true", "sandbox = true"}, Row{"on-error=ignore", "on-error = \"ignore\""},
                         Row{"runtimes=crun,runc", "runtimes = [\"crun\", \"runc\"]"},
                         Row{"debug=/a=b \"c\"", "debug = \"/a=b \\\"c\\\"\""}, Row{"debug=", "debug = \"\""}}) {
    INFO(row.assignment);
    const std::string text = edited("# mine\n", {row.assignment});
    CHECK_THAT(text, ContainsSubstring(std::string("\n") + row.line + "\n"));
    CHECK(text.starts_with("# mine\n"));
  }
  CHECK(edited("[container-hooks-runtime]\nlog-level = 'info' # why\n", {"log-level=debug"}) ==
        "[container-hooks-runtime]\nlog-level = \"debug\" # why\n");
}

TEST_CASE("of two assignments to one setting the last one counts") {
  CHECK(edited("[container-hooks]\nsandbox = false\n", {"sandbox=true", "sandbox=false"}) ==
        "[container-hooks]\nsandbox = false\n");
}

TEST_CASE("what the shim would refuse is refused, and the file stays") {
  CHECK(refusal({"sandbox"}) == "--set sandbox: KEY=VALUE is expected");
  CHECK_THAT(refusal({"sandbox=yes"}), ContainsSubstring("true or false is expected"));
  CHECK_THAT(refusal({"log-level=loud"}), ContainsSubstring("one of error warning info debug trace is expected"));
  CHECK_THAT(refusal({"dirs=relative"}), ContainsSubstring("an absolute path is expected"));
  CHECK_THAT(refusal({"runtimes=./crun"}), ContainsSubstring("a name or an absolute path is expected"));
  CHECK_THAT(refusal({"sandbox=true", "dirs=relative"}), ContainsSubstring("an absolute path is expected"));
}

TEST_CASE("a missing file begins with the defaults, and what changes nothing writes nothing") {
  const Scratch scratch;
  const std::string path = scratch.path("etc/config.toml");
  CHECK(write_config(path, {}) == ConfigWritten::created);
  CHECK(content_of(path) == default_config_text());
  const struct stat before = status_of_path(path);
  CHECK(write_config(path, {"log-level=info"}) == ConfigWritten::unchanged);
  CHECK(status_of_path(path).st_ino == before.st_ino);
  CHECK(write_config(path, {"log-level=debug"}) == ConfigWritten::changed);
}
