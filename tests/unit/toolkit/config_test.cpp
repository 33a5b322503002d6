// SPDX-License-Identifier: Apache-2.0
#include "core/toolkit/config.h"

#include <map>

#include "core/text/split.h"
#include "core/text/toml_text.h"
#include "in_child.h"
#include "scratch.h"

namespace {

// Sets environment variables, or removes them, until the end of the scope.
class Environment {
 public:
  explicit Environment(const std::map<std::string, std::optional<std::string>>& variables) {
    for (const auto& [name, value] : variables) {
      const char* old = std::getenv(name.c_str());
      old_[name] = old == nullptr ? std::nullopt : std::optional<std::string>(old);
      set(name, value);
    }
  }
  ~Environment() {
    for (const auto& [name, value] : old_) set(name, value);
  }
  Environment(const Environment&) = delete;
  Environment& operator=(const Environment&) = delete;

 private:
  static void set(const std::string& name, const std::optional<std::string>& value) {
    if (value)
      setenv(name.c_str(), value->c_str(), 1);
    else
      unsetenv(name.c_str());
  }
  std::map<std::string, std::optional<std::string>> old_;
};

LoadedConfig loaded(std::string_view content, std::string_view profile = "") {
  const Scratch scratch;
  const std::string path = scratch.file("config.toml", content);
  const Environment environment({{"CONTAINER_HOOKS_CONFIG", path}});
  LoadedConfig result = load_config(profile);
  CHECK(result.path == path);
  return result;
}

// Without the directory that the file is in.
std::string refusal(std::string_view content, std::string_view profile = "") {
  const Scratch scratch;
  const std::string path = scratch.file("config.toml", content);
  const Environment environment({{"CONTAINER_HOOKS_CONFIG", path}});
  std::string message = message_of([&] { load_config(profile); });
  const std::size_t at = message.find(scratch.path());
  return at == message.npos ? message : message.replace(at, scratch.path().size() + 1, "");
}

// All values, for comparisons.
std::string spelled(const Config& config) {
  std::string result;
  for (const Setting& setting : settings) result += plain_spelling(setting, config) + '|';
  return result;
}

constexpr std::string_view every_setting = R"(
# comment
[container-hooks]
path = "/p"
dirs = ["/d1", '/d2']
sandbox = true
on-error = "ignore"
record = "failures"
record-file = "/r"
record-size = 0
journal = true
[container-hooks-ctk]
path = "/ctk"
[container-hooks-runtime]
debug = "/log"
log-level = "trace"
runtimes = [
  "/usr/bin/crun", # first
  "runc",
]
)";

}  // namespace

TEST_CASE("every setting is read") {
  const LoadedConfig result = loaded(every_setting);
  CHECK(spelled(result.config) == "/p|/d1,/d2|true|ignore|failures|/r|0|true|/ctk|/log|trace|/usr/bin/crun,runc|");
  for (const Origin origin : result.origins) CHECK(origin == Origin::file);
}

TEST_CASE("what a file does not say is the default") {
  for (const std::string_view content :
       {"", "# only a comment\n", "[container-hooks]\n", "[profiles.x]\npath = \"/x\"\n"}) {
    const LoadedConfig result = loaded(content);
    CHECK(spelled(result.config) == spelled(Config()));
    for (const Origin origin : result.origins) CHECK(origin == Origin::built_in);
  }
  const LoadedConfig result = loaded("[container-hooks-runtime]\nlog-level = \"error\"\n");
  CHECK(result.config.log_level == LogLevel::error);
  CHECK(result.config.runtimes == Config().runtimes);
}

TEST_CASE("the file with the defaults says the defaults, a comment above each key") {
  const std::string text = default_config_text();
  CHECK(spelled(loaded(text).config) == spelled(Config()));
  for (const Origin origin : loaded(text).origins) CHECK(origin == Origin::file);
  for (const Setting& setting : settings) {
    INFO(setting.table << "." << setting.key);
    CHECK(text.find(fmt::format("# {}\n{} = ", setting.comment, setting.key)) != text.npos);
  }
}

TEST_CASE("a value is spelled so that it reads the same, whatever is in it") {
  Config config;
  config.hooks_path = "/a \"b\\\x7f\n\t\x01é";
  config.runtimes = {"a,b", "", "'"};
  const auto spelling = [&](std::string_view key) {
    return toml_spelling(*std::ranges::find(settings, key, &Setting::key), config);
  };
  const Config read =
      read_config(TomlText("f", fmt::format("[container-hooks]\npath = {}\n[container-hooks-runtime]\nruntimes = {}\n",
                                            spelling("path"), spelling("runtimes"))))
          .config;
  CHECK(read.hooks_path == config.hooks_path);
  CHECK(read.runtimes == config.runtimes);
}

TEST_CASE("a value of the wrong type is refused, with the place") {
  struct Row {
    std::string_view content;
    std::string_view message;
  };
  constexpr Row rows[] = {
      {"[container-hooks]\npath = 5\n", "config.toml:2:8: path: a string is expected"},
      {"[container-hooks]\npath = [\"/x\"]\n", "config.toml:2:8: path: a string is expected"},
      {"[container-hooks]\ndirs = \"/d\"\n", "config.toml:2:8: dirs: an array of strings is expected"},
      {"[container-hooks]\ndirs = [1]\n", "config.toml:2:8: dirs: an array of strings is expected"},
      {"[container-hooks]\nsandbox = \"true\"\n", "config.toml:2:11: sandbox: true or false is expected"},
      {"[container-hooks]\nsandbox = 1\n", "config.toml:2:11: sandbox: true or false is expected"},
      {"[container-hooks]\non-error = \"warn\"\n", "config.toml:2:12: on-error: one of fail ignore is expected"},
      {"[container-hooks]\non-error = \"\"\n", "config.toml:2:12: on-error: one of fail ignore is expected"},
      {"[container-hooks]\non-error = \"fail ignore\"\n", "config.toml:2:12: on-error: one of fail ignore is expected"},
      {"[container-hooks-ctk]\npath = true\n", "config.toml:2:8: path: a string is expected"},
      {"[container-hooks-runtime]\ndebug = 1\n", "config.toml:2:9: debug: a string is expected"},
      {"[container-hooks-runtime]\nlog-level = \"warn\"\n",
       "config.toml:2:13: log-level: one of error warning info debug trace is expected"},
      {"[container-hooks-runtime]\nlog-level = 1979-05-27\n", "config.toml:2:13: log-level: a string is expected"},
      {"[container-hooks-runtime]\nruntimes = \"runc\"\n",
       "config.toml:2:12: runtimes: an array of strings is expected"},
      {"[container-hooks-runtime]\nruntimes = [[\"runc\"]]\n",
       "config.toml:2:12: runtimes: an array of strings is expected"},
      {"[container-hooks.path]\n", "config.toml:1:1: path: a string is expected"},
      {"container-hooks = 5\n", "config.toml:1:19: container-hooks: a table is expected"},
      {"container-hooks-runtime = [\"runc\"]\n", "config.toml:1:27: container-hooks-runtime: a table is expected"},
      {"[[container-hooks-runtime]]\nruntimes = [\"runc\"]\n",
       "config.toml:1:1: container-hooks-runtime: a table is expected"},
      {"profiles = true\n", "config.toml:1:12: profiles: a table is expected"},
  };
  for (const Row& row : rows) {
    INFO(row.content);
    CHECK(refusal(row.content) == row.message);
  }
  CHECK(refusal("[profiles]\nsecure = 5\n", "secure") == "config.toml:2:10: secure: a table is expected");
  CHECK(refusal("[profiles.secure]\nruntimes = 5\n", "secure") ==
        "config.toml:2:12: runtimes: an array of strings is expected");
}

TEST_CASE("an unknown key is refused, with the one that was meant") {
  struct Row {
    std::string_view content;
    std::string_view message;
  };
  constexpr Row rows[] = {
      {"[container-hook]\n", "unknown key \"container-hook\", did you mean \"container-hooks\"?"},
      {"[container-hooks-runtimes]\n",
       "unknown key \"container-hooks-runtimes\", did you mean \"container-hooks-runtime\"?"},
      {"[profile.x]\n", "unknown key \"profile\", did you mean \"profiles\"?"},
      {"[container-hooks]\npaths = \"/x\"\n", "unknown key \"paths\", did you mean \"path\"?"},
      {"[container-hooks]\non_error = \"fail\"\n", "unknown key \"on_error\", did you mean \"on-error\"?"},
      {"[container-hooks]\nruntimes = []\n", "unknown key \"runtimes\""},
      {"[container-hooks-runtime]\nruntime = [\"runc\"]\n", "unknown key \"runtime\", did you mean \"runtimes\"?"},
      {"[container-hooks-runtime]\nlog_level = \"info\"\n", "unknown key \"log_level\", did you mean \"log-level\"?"},
      {"[container-hooks-ctk]\ndebug = \"x\"\n", "unknown key \"debug\""},
      {"top = 1\n", "unknown key \"top\""},
  };
  for (const Row& row : rows) {
    INFO(row.content);
    const std::string message = refusal(row.content);
    CHECK(message.find("config.toml:") == 0);
    CHECK(message.substr(message.find(": ") + 2) == row.message);
  }
  CHECK(refusal("[profiles.x]\nruntime = [\"runc\"]\n", "x").find("did you mean \"runtimes\"?") != std::string::npos);
}

TEST_CASE("a file that is no TOML is refused, with the place") {
  CHECK(refusal("[container-hooks\n").find("config.toml:1:") == 0);
  CHECK(refusal("[container-hooks]\npath = \"/a\"\npath = \"/b\"\n").find("config.toml:3:") == 0);
}

TEST_CASE("a profile's keys are over those of the tables, and only when it is asked for") {
  const std::string content =
      std::string(every_setting) +
      "[profiles.secure]\npath = \"/sp\"\nruntimes = [\"/usr/bin/crun\"]\nsandbox = false\ndebug = \"/sl\"\n"
      "[profiles.\"a.b\"]\ndirs = []\non-error = \"fail\"\nlog-level = \"error\"\n";
  CHECK(spelled(loaded(content).config) == spelled(loaded(every_setting).config));
  const LoadedConfig secure = loaded(content, "secure");
  CHECK(spelled(secure.config) == "/sp|/d1,/d2|false|ignore|failures|/r|0|true|/ctk|/sl|trace|/usr/bin/crun|");
  for (std::size_t row = 0; row < settings.size(); ++row) {
    INFO(settings[row].key);
    const bool of_profile = settings[row].table != "container-hooks-ctk" &&
                            (settings[row].key == "path" || settings[row].key == "runtimes" ||
                             settings[row].key == "sandbox" || settings[row].key == "debug");
    CHECK((secure.origins[row] == Origin::profile) == of_profile);
  }
  CHECK(spelled(loaded(content, "a.b").config) ==
        "/p||true|fail|failures|/r|0|true|/ctk|/log|error|/usr/bin/crun,runc|");
}

TEST_CASE("a profile that does not exist is refused, with the one that was meant") {
  CHECK(refusal("[profiles.secure]\n", "secur") ==
        "config.toml: there is no [profiles.secur], did you mean \"secure\"?");
  CHECK(refusal("", "secure") == "config.toml: there is no [profiles.secure]");
  const Scratch scratch;
  const Environment environment({{"CONTAINER_HOOKS_CONFIG", scratch.path("none.toml")}});
  CHECK(
      message_of([] { load_config(); }) ==
      fmt::format("read {}, named by $CONTAINER_HOOKS_CONFIG: it does not exist (ENOENT)", scratch.path("none.toml")));
}

TEST_CASE("the file that counts: the variable, then the user's own, then the system's") {
  const Scratch scratch;
  REQUIRE(chmod(scratch.path().c_str(), 0755) == 0);
  for (const std::string_view directory :
       {"xdg", "xdg/container-hooks", "home", "home/.config", "home/.config/container-hooks", "empty"})
    REQUIRE(mkdir(scratch.path(directory).c_str(), 0755) == 0);
  const std::string in_xdg = scratch.file("xdg/container-hooks/config.toml", "");
  const std::string in_home = scratch.file("home/.config/container-hooks/config.toml", "");
  struct Row {
    std::optional<std::string> variable, xdg, home;
    std::string as_user;
  };
  const std::string system = "/etc/container-hooks/config.toml";
  const Row rows[] = {
      {"/v", scratch.path("xdg"), scratch.path("home"), "/v"},
      {"", scratch.path("xdg"), scratch.path("home"), in_xdg},
      {{}, scratch.path("xdg"), scratch.path("home"), in_xdg},
      {{}, {}, scratch.path("home"), in_home},
      {{}, "", scratch.path("home"), in_home},
      {{}, scratch.path("empty"), scratch.path("home"), system},
      {{}, {}, scratch.path("empty"), system},
      {{}, {}, {}, system},
  };
  for (const Row& row : rows) {
    const Environment environment(
        {{"CONTAINER_HOOKS_CONFIG", row.variable}, {"XDG_CONFIG_HOME", row.xdg}, {"HOME", row.home}});
    CHECK(said_as(1000, config_path) == row.as_user);
    CHECK(config_path() == (row.variable.value_or("").empty() ? system : *row.variable));
  }
}

TEST_CASE("a configuration that others can write is refused to root, and to nobody else") {
  const Scratch scratch;
  REQUIRE(chmod(scratch.path().c_str(), 0755) == 0);
  const std::string path = scratch.file("config.toml", "", 0666);
  const Environment environment({{"CONTAINER_HOOKS_CONFIG", path}});
  const auto message = [] { return message_of([] { load_config(); }); };
  CHECK(message().find("refuse " + path) == 0);
  CHECK(said_as(1000, message) == "no error");
}
