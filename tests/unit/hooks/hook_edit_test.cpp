// SPDX-License-Identifier: Apache-2.0
#include "core/hooks/hook_edit.h"

#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "catch.h"
#include "core/hooks/hook_file.h"
#include "core/text/pattern.h"

namespace {

namespace fs = std::filesystem;

struct Directory {
  Directory() : path((fs::temp_directory_path() / fmt::format("hook_edit_test.{}", getpid())).string()) {}
  ~Directory() { fs::remove_all(path); }
  std::string path;
};

NewHook simple(std::string name) { return {std::move(name), Hook{"/bin/true", {}, {}, {}}, {Stage::poststop}, {}, {}}; }

}  // namespace

TEST_CASE("what is written is what the reader reads") {
  NewHook hook = simple("a");
  hook.hook.args = {"true", "a \"b\"", "{{id}}"};
  hook.hook.timeout = 7;
  hook.annotations = {{"^a\\.b$", "c"}};
  hook.commands = {"^/bin/sh$"};
  const std::optional<HookFile> read = parse_hook_file("a.json", to_json(hook)).value;
  REQUIRE(read);
  CHECK(read->hook.args == hook.hook.args);
  CHECK(read->hook.timeout == 7);
  CHECK(read->stages == hook.stages);
  CHECK(description_of(read->when) == R"(annotation "^a\\.b$" = "c" and command "^/bin/sh$")");
}

TEST_CASE("a hook without conditions is one for every container") {
  CHECK(description_of(parse_hook_file("a.json", to_json(simple("a"))).value->when) == "always");
}

TEST_CASE("a file is written into a directory that need not exist, and one that is there is not replaced") {
  const Directory directory;
  CHECK(add_hook(simple("a"), directory.path + "/d") == directory.path + "/d/a.json");
  CHECK_THROWS_WITH(add_hook(simple("a.json"), directory.path + "/d"),
                    "write " + directory.path + "/d/a.json: it is there already; `hooks remove a.json` removes it");
}

TEST_CASE("nothing is written that the shim would refuse") {
  const Directory directory;
  NewHook hook = simple("a");
  hook.commands = {"["};
  CHECK_THROWS_AS(add_hook(hook, directory.path), Error);
  hook = simple("a");
  hook.hook.path = "/not/there";
  CHECK_THROWS_AS(add_hook(hook, directory.path), Error);
  CHECK_FALSE(fs::exists(directory.path + "/a.json"));
  CHECK_THROWS_AS(add_hook(simple("../a"), directory.path), UsageError);
}

TEST_CASE("a file is removed from the last directory alone, and who takes its place is told") {
  const Directory directory;
  const std::vector<std::string> directories = {directory.path + "/0", directory.path + "/1", directory.path + "/2"};
  for (const std::string& each : {directories[1], directories[2]}) add_hook(simple("a"), each);
  add_hook(simple("b"), directories[2]);
  const RemovedHook removed = remove_hook("a.json", directories);
  CHECK(removed.path == directories[2] + "/a.json");
  CHECK(removed.in_force == directories[1] + "/a.json");
  CHECK_FALSE(fs::exists(removed.path));
  CHECK(remove_hook("b", directories).in_force.empty());
  CHECK_THROWS_WITH(remove_hook("a", directories), "remove a.json: it is not in " + directories[2] + ", and " +
                                                       directories[1] + "/a.json belongs to whoever put it there");
  CHECK(fs::exists(directories[1] + "/a.json"));
  CHECK_THROWS_WITH(remove_hook("c", directories), "remove c.json: there is no such file in " + directories[2]);
  CHECK_THROWS_AS(remove_hook("a", {}), Error);
}

TEST_CASE("a literal pattern matches its text and nothing else") {
  for (const std::string text : {"a.b/c-d", "[x]", "\\", "a+b*c?", "(|){}^$", ""}) {
    CHECK(Pattern(literal_pattern(text)).matches(text));
    CHECK_FALSE(Pattern(literal_pattern(text)).matches(text + "x"));
  }
  CHECK_FALSE(Pattern(literal_pattern("a.b")).matches("axb"));
}
