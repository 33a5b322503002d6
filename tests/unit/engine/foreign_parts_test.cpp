// What is not ours, in files that only we would not have written: it neither stops us nor changes.
//
// SPDX-License-Identifier: Apache-2.0
#include "catch.h"
#include "engine_root.h"

namespace {

struct Row {
  const Engine* engine;
  std::string content;
};

const std::string v2 = "version = 2\n[plugins.\"io.containerd.grpc.v1.cri\".containerd]\n";
const std::string v2_runtimes = "version = 2\n[plugins.\"io.containerd.grpc.v1.cri\".containerd.runtimes";

std::vector<Row> rows() {
  return {
      {&docker, "{\"default-runtime\": null}"},
      {&docker, "{\"default-runtime\": 7}"},
      {&docker, "{\"default-runtime\": [\"x\"]}"},
      {&docker, "{\"default-runtime\": \"a\", \"default-runtime\": \"b\"}"},
      {&docker, "{\"Default-Runtime\": \"a\"}"},
      {&docker, "{\"runtimes\": {\"other\": {\"path\": 5}}}"},
      {&docker, "{\"runtimes\": {\"other\": 5, \"third\": null, \"fourth\": [1]}}"},
      {&docker, "{\"runtimes\": {\"other\": {\"path\": \"a\", \"path\": \"b\"}}}"},
      {&containerd, v2 + "default_runtime_name = 7\n"},
      {&containerd, v2 + "default_runtime_name = \"other\"\nruntimes.other.options.BinaryName = 5\n"},
      {&containerd, v2 + "default_runtime_name = \"other\"\nruntimes.other.runtime_type = 5\n"},
      {&containerd, v2_runtimes + "]\nrunc = \"oops\"\n"},
      {&containerd, "disabled_plugins = 5\n" + v2_runtimes + ".runc]\nruntime_type = \"\"\noptions = 5\n"},
      {&containerd, v2_runtimes + ".runc]]\n"},
      {&crio, "[crio.runtime]\ndefault_runtime = 5\n"},
      {&crio, "[crio.runtime.runtimes]\nrunc = 1\ncrun = [1, 2]\n"},
      {&podman, "[engine]\nruntime = [\"x\"]\n"},
      {&podman, "[engine.runtimes]\ncrun = 5\nrunc = [5]\nkata = { x = 1 }\n"},
  };
}

// The array of tables among them needs the other bracket, too.
std::string content_of(const Row& row) {
  std::string content = row.content;
  if (content.ends_with("]]\n")) content.insert(content.find("[plugins"), "[");
  return content;
}

}  // namespace

TEST_CASE("what is not ours does not stop configure, nor unconfigure, and comes back byte for byte") {
  for (const Row& row : rows()) {
    const std::string content = content_of(row);
    INFO(row.engine->name << '\n' << content);
    const EngineRoot root;
    root.write(own_file(*row.engine), content);
    configure_engine(request(root, *row.engine));
    CHECK(root.read(own_file(*row.engine)) != content);
    CHECK(configured_runtimes(*row.engine, root.path()).size() == 1);
    unconfigure_engine(request(root, *row.engine));
    CHECK(root.read(own_file(*row.engine)) == content);
  }
}

TEST_CASE("what is not ours stays when the file was edited in between, and when the record is lost") {
  for (const Row& row : rows()) {
    for (const bool is_lost : {false, true}) {
      const std::string content = content_of(row);
      INFO(row.engine->name << is_lost << '\n' << content);
      const EngineRoot root;
      const std::string file = own_file(*row.engine);
      root.write(file, content);
      configure_engine(request(root, *row.engine));
      std::string edited = *root.read(file);
      const bool is_json = row.engine == &docker;
      const std::string edit = is_json ? "\"debug\": true, " : "# edited\n";
      root.write(file, edited.insert(is_json ? 1 : 0, edit));
      if (is_lost) root.forget();
      unconfigure_engine(request(root, *row.engine));
      CHECK(root.read(file)->find(default_runtime_name) == std::string::npos);
      if (!is_json && content.find("containerd") == content.npos) CHECK(root.read(file) == edit + content);
    }
  }
}

TEST_CASE("the default that we are to change is ours to read: its wrong type is refused with its place") {
  const EngineRoot root;
  const std::string content = "{\"default-runtime\": null}";
  root.write(daemon_json, content);
  CHECK_THAT(message_of([&] { plan_configure(request(root, docker, true)); }),
             ContainsSubstring("daemon.json:1:21: a string is expected here, not null"));
}
