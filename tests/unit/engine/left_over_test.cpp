// Nothing of ours stays behind, and nothing of others goes with us.
//
// SPDX-License-Identifier: Apache-2.0
#include "catch.h"
#include "core/engine/undo.h"
#include "engine_root.h"

namespace {

struct Row {
  const Engine* engine;
  std::string content;
};

std::vector<Row> rows() {
  return {
      {&containerd, "version = 2\n"},
      {&containerd, "version = 3\n"},
      {&containerd, "version = 3\n[plugins]\n  [plugins.\"io.containerd.cri.v1.images\"]\n    snapshotter = \"x\"\n"},
      {&crio, "[crio.image]\npause_image = \"x\"\n"},
      {&podman, "[containers]\npids_limit = 0\n"},
  };
}

const std::string edit = "\n[others]\nkey = 1\n";

std::string after_edit(const Row& row, bool at_front, bool is_lost) {
  const EngineRoot root;
  const std::string file = own_file(*row.engine);
  root.write(file, row.content);
  configure_engine(request(root, *row.engine, true));
  const std::string configured = *root.read(file);
  root.write(file, at_front ? "# edited\n" + configured : configured + edit);
  if (is_lost) root.forget();
  unconfigure_engine(request(root, *row.engine));
  return *root.read(file);
}

}  // namespace

TEST_CASE("headers of tables that only we made go, wherever somebody has edited the file") {
  for (const Row& row : rows()) {
    INFO(row.engine->name << '\n' << row.content);
    CHECK(after_edit(row, true, false) == "# edited\n" + row.content);
    CHECK(after_edit(row, false, false) == row.content + edit);
  }
}

TEST_CASE("without the undo record tables go that have nothing else in them") {
  for (const Row& row : rows()) {
    if (row.content == "version = 2\n") continue;  // the runc that is written out may be anybody's
    INFO(row.engine->name << '\n' << row.content);
    CHECK(after_edit(row, true, true) == "# edited\n" + row.content);
    CHECK(after_edit(row, false, true) == row.content + edit);
  }
}

TEST_CASE("a comment that somebody put into a file that we made stays, with the file") {
  for (const Engine* engine : {&containerd, &crio, &podman})
    for (const bool at_front : {false, true}) {
      INFO(engine->name << at_front);
      const EngineRoot root;
      const std::string file = own_file(*engine);
      configure_engine(request(root, *engine, true));
      const std::string configured = *root.read(file);
      root.write(file, at_front ? "# keep\n" + configured : configured + "# keep\n");
      unconfigure_engine(request(root, *engine));
      REQUIRE(root.read(file));
      CHECK_THAT(*root.read(file), ContainsSubstring("# keep\n"));
      CHECK(root.read(file)->find(default_runtime_name) == std::string::npos);
    }
}

TEST_CASE("white space that somebody put into a daemon.json that we made stays, with the file") {
  const EngineRoot root;
  configure_engine(request(root, docker));
  std::string configured = *root.read(daemon_json);
  root.write(daemon_json, configured.insert(1, "\n\n"));
  unconfigure_engine(request(root, docker));
  REQUIRE(root.read(daemon_json));
  CHECK(root.read(daemon_json)->starts_with("{\n\n"));
}

TEST_CASE("an empty runtime_type that was there is there again after an edit in between") {
  for (const Engine* engine : {&containerd, &crio}) {
    const EngineRoot root;
    const std::string table = engine == &crio ? "[crio.runtime.runtimes.container-hooks-runtime]\n"
                                              : "version = 3\n[plugins.\"io.containerd.cri.v1.runtime\".containerd."
                                                "runtimes.container-hooks-runtime]\n";
    const std::string content = table + "runtime_type = \"\"\n";
    root.write(own_file(*engine), content);
    configure_engine(request(root, *engine));
    root.write(own_file(*engine), "# edited\n" + *root.read(own_file(*engine)));
    unconfigure_engine(request(root, *engine));
    CHECK(root.read(own_file(*engine)) == "# edited\n" + content);
  }
}

TEST_CASE("docker: restart where a reload keeps the runtime, reload where the file names a default and others") {
  const std::string others = "\"runtimes\": {\"low\": {\"path\": \"/l\"}}";
  for (const std::string& content : {"{\"default-runtime\": \"low\", " + others + "}", "{" + others + "}",
                                     std::string("{\"default-runtime\": \"runc\"}"), std::string("{}")}) {
    const EngineRoot root;
    root.write(daemon_json, content);
    const bool names_both = content.find("default") != content.npos && content.find("runtimes") != content.npos;
    configure_engine(request(root, docker, true));
    EngineRequest here = request(root, docker);
    const std::string file = root.path() + daemon_json;
    const auto now = docker.read(file, *root.read(daemon_json));
    unconfigure_engine(here);
    const auto then = docker.read(file, *root.read(daemon_json));
    INFO(content);
    CHECK(is_kept_by_reload(*now, *then, docker.table(*now), default_runtime_name) != names_both);
  }
}

TEST_CASE("docker: an empty table of runtimes stays for a reload, is said, and goes where it must be restarted") {
  for (const bool as_default : {false, true}) {
    const EngineRoot root;
    root.write(daemon_json, "{}");
    configure_engine(request(root, docker, as_default));
    std::string edited = *root.read(daemon_json);
    root.write(daemon_json, edited.insert(1, "\"debug\": true, "));
    const EnginePlan plan = unconfigure_engine(request(root, docker));
    const bool is_said = std::ranges::any_of(
        plan.notes, [](const std::string& note) { return note.find("runtimes stays as an empty table") != note.npos; });
    CHECK(is_said != as_default);
    CHECK((root.read(daemon_json)->find("runtimes") == std::string::npos) == as_default);
  }
}

TEST_CASE("a file that somebody else has put there since unconfigure looked is not removed") {
  const EngineRoot root;
  configure_engine(request(root, docker));
  const EnginePlan plan = plan_unconfigure(request(root, docker));
  root.write(daemon_json, "{\"runtimes\": {\"theirs\": {\"path\": \"/x\"}}}");
  CHECK_THAT(message_of([&] { apply(plan); }), ContainsSubstring("another process has changed it in the meantime"));
  CHECK_THAT(*root.read(daemon_json), ContainsSubstring("theirs"));
  CHECK(UndoRecords(root.path()).all().size() == 1);
}
