// SPDX-License-Identifier: Apache-2.0
#include "core/hooks/hook_edit.h"

#include <unistd.h>

#include "catch.h"
#include "core/hooks/hook_file.h"
#include "core/host/directory.h"
#include "core/text/pattern.h"
#include "scratch.h"

namespace {

bool exists(const std::string& path) { return access(path.c_str(), F_OK) == 0; }

NewHook simple(std::string name) { return {std::move(name), Hook{"/bin/true", {}, {}, {}}, {Stage::poststop}, {}, {}}; }

}  // namespace

TEST_CASE("what is written is what the reader reads") {
  NewHook hook = simple("a");
  hook.hook.args = {"true", "a \"b\"", "{{id}}"};
  hook.hook.timeout = 7;
  hook.when.annotations = {{"^a\\.b$", "c"}};
  hook.when.commands = {"^/bin/sh$"};
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

TEST_CASE("env and bind mounts are written as the reader reads them") {
  NewHook hook = simple("a");
  hook.hook.env = {"A=b", "C="};
  hook.when.needs_bind_mounts = true;
  const std::optional<HookFile> read = parse_hook_file("a.json", to_json(hook)).value;
  REQUIRE(read);
  CHECK(read->hook.env == hook.hook.env);
  CHECK(description_of(read->when) == "bind mounts");
}

TEST_CASE("a file is written into a directory that need not exist; the same hook again changes nothing") {
  const Scratch directory;
  CHECK(add_hook(simple("a"), directory.path() + "/d").is_needed());
  const HookFileChange again = add_hook(simple("a.json"), directory.path() + "/d");
  CHECK(again.path == directory.path() + "/d/a.json");
  CHECK_FALSE(again.is_needed());
}

TEST_CASE("a file that says something else is replaced only where that is asked for, and a link never") {
  const Scratch directory;
  NewHook hook = simple("a");
  add_hook(hook, directory.path());
  hook.hook.timeout = 3;
  CHECK_THROWS_WITH(add_hook(hook, directory.path()),
                    "write " + directory.path() +
                        "/a.json: it is there already and says something else; --replace "
                        "replaces it, `hooks remove a` removes it");
  CHECK(plan_hook(hook, directory.path(), IfThere::replace).before == to_json(simple("a")));
  CHECK_FALSE(add_hook(simple("a"), directory.path()).is_needed());
  CHECK(add_hook(hook, directory.path(), IfThere::replace).is_needed());
  CHECK_FALSE(add_hook(hook, directory.path()).is_needed());
  replace_link(directory.path() + "/b.json", "a.json");
  CHECK_THROWS_WITH(add_hook(simple("b"), directory.path(), IfThere::replace),
                    "write " + directory.path() + "/b.json: it is a link; remove it first");
}

TEST_CASE("a plan writes nothing, no directory either") {
  const Scratch directory;
  CHECK(plan_hook(simple("a"), directory.path() + "/d", IfThere::refuse).is_needed());
  CHECK_FALSE(exists(directory.path() + "/d"));
}

TEST_CASE("nothing is written that the shim would refuse") {
  const Scratch directory;
  NewHook hook = simple("a");
  hook.when.commands = {"["};
  CHECK_THROWS_AS(add_hook(hook, directory.path()), Error);
  hook = simple("a");
  hook.hook.path = "/not/there";
  CHECK_THROWS_AS(add_hook(hook, directory.path()), Error);
  CHECK_FALSE(exists(directory.path() + "/a.json"));
  CHECK_THROWS_AS(add_hook(simple("../a"), directory.path()), UsageError);
}

TEST_CASE("a file is removed from the last directory alone, and who takes its place is told") {
  const Scratch directory;
  const std::vector<std::string> directories = {directory.path() + "/0", directory.path() + "/1",
                                                directory.path() + "/2"};
  for (const std::string& each : {directories[1], directories[2]}) add_hook(simple("a"), each);
  add_hook(simple("b"), directories[2]);
  const RemovedHook removed = remove_hooks({"a.json"}, directories).front();
  CHECK(removed.path == directories[2] + "/a.json");
  CHECK(removed.in_force == directories[1] + "/a.json");
  CHECK_FALSE(exists(removed.path));
  CHECK(remove_hooks({"b"}, directories).front().in_force.empty());
  CHECK_THROWS_WITH(remove_hooks({"a"}, directories), "remove a.json: it is not in " + directories[2] + ", and " +
                                                          directories[1] + "/a.json belongs to whoever put it there");
  CHECK(exists(directories[1] + "/a.json"));
  CHECK_THROWS_WITH(remove_hooks({"c"}, directories), "remove c.json: there is no such file in " + directories[2]);
  CHECK_THROWS_AS(remove_hooks({"a"}, {}), Error);
}

TEST_CASE("several files are removed together or not at all") {
  const Scratch directory;
  for (const char* name : {"a", "b"}) add_hook(simple(name), directory.path());
  create_directories(directory.path() + "/d.json");
  for (const char* other : {"c", "d"}) CHECK_THROWS_AS(remove_hooks({"a", other, "b"}, {directory.path()}), Error);
  CHECK(exists(directory.path() + "/a.json"));
  CHECK(remove_hooks({"a", "b", "a.json"}, {directory.path()}).size() == 2);
  CHECK_FALSE(exists(directory.path() + "/a.json"));
}

TEST_CASE("a literal pattern matches its text and nothing else") {
  for (const std::string text : {"a.b/c-d", "[x]", "\\", "a+b*c?", "(|){}^$", ""}) {
    CHECK(Pattern(literal_pattern(text)).matches(text));
    CHECK_FALSE(Pattern(literal_pattern(text)).matches(text + "x"));
  }
  CHECK_FALSE(Pattern(literal_pattern("a.b")).matches("axb"));
}
