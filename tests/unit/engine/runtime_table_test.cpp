// The table of runtimes as a document alone: no engine, no file.
//
// SPDX-License-Identifier: Apache-2.0
#include "core/engine/runtime_table.h"

#include "catch.h"

namespace {

const RuntimeTable plain = {.runtimes = {"runtimes"}, .default_name = {"default"}, .binary = {"path"}};

bool is_oci(std::string_view type) { return type.empty() || type == "oci"; }
const RuntimeTable typed = {.runtimes = {"runtimes"},
                            .default_name = {"default"},
                            .binary = {"path"},
                            .type_key = "type",
                            .type = "oci",
                            .can_stand_in = is_oci};
const RuntimeTable in_list = {.runtimes = {"runtimes"}, .default_name = {"default"}, .binary_in_list = true};
const RuntimeTable forgetful = {.runtimes = {"runtimes"},
                                .default_name = {"default"},
                                .binary = {"path"},
                                .keeps_missing = true,
                                .excluded_key = "kind"};

std::unique_ptr<Document> toml(const std::string& content) { return toml_document("x.toml", content); }

std::string configured(const RuntimeTable& table, const std::string& before, bool as_default) {
  const auto document = toml(before);
  configure_runtime(*document, table, {"shim", "/s", as_default}, {});
  return document->content();
}

std::string unconfigured(const RuntimeTable& table, const std::string& now, const Document* before) {
  const auto document = toml(now);
  unconfigure_runtime(*document, table, "shim", before);
  return document->content();
}

}  // namespace

TEST_CASE("what configure makes of a table of runtimes, and unconfigure of that") {
  struct Row {
    const char* claim;
    const RuntimeTable& table;
    bool as_default;
    const char* before;
    const char* after;
  };
  const Row rows[] = {
      {"an empty file gets the entry alone", plain, false, "", "[runtimes.shim]\npath = \"/s\"\n"},
      {"the default stands before the tables", plain, true, "",
       "default = \"shim\"\n\n[runtimes.shim]\npath = \"/s\"\n"},
      {"a default that is there changes its value", plain, true, "default = 'crun' # mine\n",
       "default = 'shim' # mine\n\n[runtimes.shim]\npath = '/s'\n"},
      {"an entry of our name keeps its other keys", plain, false, "[runtimes.shim]\nmark = 1\npath = \"/old\"\n",
       "[runtimes.shim]\nmark = 1\npath = \"/s\"\n"},
      {"a key that differs in case is the one that is set", plain, false, "[runtimes.shim]\nPath = \"/old\"\n",
       "[runtimes.shim]\nPath = \"/s\"\n"},
      {"a type is given where the engine wants one", typed, false, "",
       "[runtimes.shim]\ntype = \"oci\"\npath = \"/s\"\n"},
      {"the default runtime is copied when the shim can stand in for it", typed, false,
       "default = \"crun\"\n[runtimes.crun]\ntype = \"oci\"\nmark = 1\n",
       "default = \"crun\"\n[runtimes.crun]\ntype = \"oci\"\nmark = 1\n"
       "[runtimes.shim]\ntype = \"oci\"\nmark = 1\npath = \"/s\"\n"},
      {"runc is copied when it cannot", typed, false,
       "default = \"kata\"\n[runtimes.kata]\ntype = \"vm\"\nmark = 1\n[runtimes.runc]\nmark = 2\n",
       "default = \"kata\"\n[runtimes.kata]\ntype = \"vm\"\nmark = 1\n[runtimes.runc]\nmark = 2\n"
       "[runtimes.shim]\nmark = 2\ntype = \"oci\"\npath = \"/s\"\n"},
      {"a path in a list is a list of one", in_list, false, "", "[runtimes]\nshim = [\"/s\"]\n"},
      {"an entry of another kind is replaced as a whole", forgetful, false, "[runtimes.shim]\nkind = \"x\"\nmark = 1\n",
       "[runtimes.shim]\npath = \"/s\"\n"},
  };
  for (const Row& row : rows) {
    INFO(row.claim);
    const std::string after = configured(row.table, row.before, row.as_default);
    CHECK(after == row.after);
    CHECK(configured(row.table, after, row.as_default) == after);
  }
}

TEST_CASE("unconfigure gives back the values that were there, and the tables that were") {
  struct Row {
    const char* claim;
    const RuntimeTable& table;
    const char* before;  // nullptr: nobody knows
    const char* now;
    const char* after;
  };
  const Row rows[] = {
      {"what only we made goes with its tables", plain, "a = 1\n", "a = 1\n\n[runtimes.shim]\npath = \"/s\"\n",
       "a = 1\n"},
      {"a table that was there stays empty", plain, "[runtimes]\n", "[runtimes]\n\n[runtimes.shim]\npath = \"/s\"\n",
       "[runtimes]\n"},
      {"the previous default returns", plain, "default = \"crun\"\n",
       "default = \"shim\"\n[runtimes.shim]\npath = \"/s\"\n", "default = \"crun\"\n"},
      {"a default that somebody has changed since stays", plain, "default = \"crun\"\n",
       "default = \"youki\"\n[runtimes.shim]\npath = \"/s\"\n", "default = \"youki\"\n"},
      {"a default whose entry is gone does not return", plain, "default = \"x\"\n[runtimes.x]\npath = \"/x\"\n",
       "default = \"shim\"\n[runtimes.shim]\npath = \"/s\"\n", ""},
      {"without a record our default goes", plain, nullptr, "default = \"shim\"\n[runtimes.shim]\npath = \"/s\"\n", ""},
      {"a path that was another returns", plain, "[runtimes.shim]\npath = \"/old\"\nmark = 1\n",
       "[runtimes.shim]\npath = \"/s\"\nmark = 2\n", "[runtimes.shim]\npath = \"/old\"\nmark = 2\n"},
  };
  for (const Row& row : rows) {
    INFO(row.claim);
    const auto before = row.before ? toml(row.before) : nullptr;
    CHECK(unconfigured(row.table, row.now, before.get()) == row.after);
  }
}

TEST_CASE("what does not return as it was is said") {
  const auto now = toml("default = \"shim\"\n[runtimes.shim]\npath = \"/s\"\n");
  CHECK(unconfigure_runtime(*now, plain, "shim", nullptr) ==
        Notes{"what the default runtime was before is not recorded: the engine's own default applies"});
  const auto before = toml("default = \"x\"\n[runtimes.x]\npath = \"/x\"\n");
  const auto without_it = toml("default = \"shim\"\n[runtimes.shim]\npath = \"/s\"\n");
  CHECK(unconfigure_runtime(*without_it, plain, "shim", before.get()) ==
        Notes{"the previous default runtime x is gone: the engine's own default applies"});
}

TEST_CASE("where a reload keeps what is missing, the empty table stays, unless the engine is to be restarted") {
  const auto json = [](const char* content) { return json_document("x.json", content); };
  const auto before = json("{}");
  const auto entry = json(R"({"runtimes":{"shim":{"path":"/s"}}})");
  CHECK(unconfigure_runtime(*entry, forgetful, "shim", before.get()).size() == 1);
  CHECK(entry->content() == R"({"runtimes":{}})");
  const char* with_default = R"({"default":"shim","runtimes":{"shim":{"path":"/s"}}})";
  const auto restarted = json(with_default);
  CHECK(unconfigure_runtime(*restarted, forgetful, "shim", before.get()).empty());
  CHECK(restarted->content() == "{}");
  CHECK(is_kept_by_reload(*json(with_default), *before, forgetful, "shim"));
  CHECK(is_kept_by_reload(*json(with_default), *json(R"({"default":"x"})"), forgetful, "shim"));
  CHECK_FALSE(is_kept_by_reload(*json(with_default), *json(R"({"default":"x","runtimes":{}})"), forgetful, "shim"));
  CHECK_FALSE(is_kept_by_reload(*json(with_default), *before, plain, "shim"));
}

TEST_CASE("an entry inherits from the engine's other files, the later ones over the earlier") {
  const auto main = toml("default = \"crun\"\n[runtimes.crun]\na = 1\nb = 1\n");
  const auto drop_in = toml("[runtimes.crun]\nb = 2\n");
  const auto document = toml("");
  configure_runtime(*document, typed, {"shim", "/s", false}, {main.get(), drop_in.get()});
  CHECK(document->content() == "[runtimes.shim]\na = 1\nb = 2\ntype = \"oci\"\npath = \"/s\"\n");
}

TEST_CASE("entries are read with their paths, and with which of them is the default") {
  const auto document = toml("default = \"b\"\n[runtimes]\na = [\"/a\", \"/other\"]\nb = [\"/b\"]\nc = 1\n");
  const std::vector<RuntimeEntry> entries = runtime_entries(*document, in_list);
  REQUIRE(entries.size() == 3);
  CHECK((entries[0].path == "/a" && !entries[0].is_default));
  CHECK((entries[1].path == "/b" && entries[1].is_default));
  CHECK((entries[2].path.empty() && entries[2].name == "c"));
  CHECK_THROWS_WITH(runtime_entries(*toml("\nruntimes = 1\n"), plain), ContainsSubstring("x.toml:2:12:"));
}

TEST_CASE("the built-in runtime is written out only where there is no other") {
  const auto empty = toml("");
  CHECK(write_built_in(*empty, typed));
  CHECK(empty->content() == "[runtimes.runc]\ntype = \"oci\"\n");
  CHECK_FALSE(write_built_in(*empty, typed));
}
