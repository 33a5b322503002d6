// Every node of an engine's file, replaced by a value of each other type: whatever a file says, each command does its
// work, proven, or says in one sentence with the place what is wrong, and changes nothing.
//
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <set>

#include "catch.h"
#include "core/error.h"
#include "core/host/directory.h"
#include "core/host/file.h"
#include "core/host/path.h"
#include "core/text/json_text.h"
#include "core/text/toml_layout.h"
#include "core/text/toml_text.h"
#include "engine_root.h"
#include "scratch.h"

namespace {

constexpr std::array<std::string_view, 8> json_values = {"null",  "true", "7",    "1.5",
                                                         "\"x\"", "[]",   "[{}]", "{\"a\": 1}"};
constexpr std::array<std::string_view, 9> toml_values = {"\"x\"", "7",          "1.5",         "true",     "1979-05-27",
                                                         "[]",    "[1, \"x\"]", "[{ a = 1 }]", "{ a = 1 }"};

std::string replaced(std::string text, std::size_t begin, std::size_t end, std::string_view value) {
  return text.replace(begin, end - begin, value);
}

void add_json_variants(const JsonText& json, const JsonText::Value& value, std::vector<std::string>& variants) {
  for (const std::string_view other : json_values)
    variants.push_back(replaced(json.content(), value.begin, value.end, other));
  for (const JsonText::Member& member : json.members(value)) add_json_variants(json, member.value, variants);
  for (const JsonText::Value& element : json.elements(value)) add_json_variants(json, element, variants);
}

// Which nodes of a file are replaced: on the way to what the commands read and write, or all.
enum class Nodes : bool { on_the_way, all };

bool is_on_the_way(const RuntimeTable& table, const Key& key) {
  return is_within(key, table.runtimes) || is_within(table.runtimes, key) || is_within(table.default_name, key) ||
         key == Key{"version"} || key == Key{"imports"} || key == Key{"disabled_plugins"};
}

// A table, also one that no header names, by a value: all of it goes.
void add_table_variants(const TomlText& text, const Key& table, std::vector<std::string>& variants) {
  TomlText without = text;
  without.remove(table);
  for (const std::string_view value : toml_values) {
    TomlText with = without;
    with.set(table, value);
    variants.push_back(with.content());
  }
}

std::vector<std::string> toml_variants(const RuntimeTable& table, const std::string& content, Nodes nodes) {
  std::vector<std::string> result;
  std::set<Key> tables;
  for (const TomlStatement& statement : toml_layout(content).statements) {
    for (Key key = parent_of(statement.key); !key.empty(); key.pop_back()) tables.insert(key);
    if (nodes == Nodes::on_the_way && !is_on_the_way(table, statement.key)) continue;
    const std::string spelling = content.substr(statement.begin, statement.value - statement.begin);
    if (statement.kind == TomlStatement::Kind::header)
      result.push_back(replaced(content, statement.begin, statement.value, '[' + spelling + ']'));
    else
      for (const std::string_view value : toml_values)
        result.push_back(replaced(content, statement.value, statement.value_end, value));
    if (statement.kind == TomlStatement::Kind::header) tables.insert(statement.key);
  }
  for (const Key& key : tables)
    if (nodes == Nodes::all || is_on_the_way(table, key)) add_table_variants(TomlText("f", content), key, result);
  return result;
}

std::vector<std::string> variants_of(const Engine& engine, const std::string& content, Nodes nodes) {
  if (engine.read != json_document) return toml_variants(engine.table(*engine.read("f", content)), content, nodes);
  std::vector<std::string> result;
  const JsonText json("f", content);
  add_json_variants(json, json.root(), result);
  return result;
}

// Whether the message begins with FILE:LINE:COLUMN and a colon.
bool has_place(std::string_view message, std::string_view file) {
  if (!message.starts_with(file)) return false;
  message.remove_prefix(file.size());
  for (int number = 0; number < 2; ++number) {
    if (!message.starts_with(':')) return false;
    const std::size_t end = std::min(message.find_first_not_of("0123456789", 1), message.size());
    if (end == 1) return false;
    message.remove_prefix(end);
  }
  return message.starts_with(": ");
}

// A root with one file of the engine in it.
class Host {
 public:
  Host(const Engine& engine, std::string file) : file_(std::move(file)) {
    create_directories(directory_of(scratch_.path() + file_));
    request_.engine = &engine;
    request_.config_file = file_;
    request_.root = scratch_.path();
    request_.wanted.as_default = true;
    request_.force = true;
  }

  void write(const std::string& content) const { scratch_.file(file_.substr(1), content); }
  std::string text() const { return content_of(scratch_.path() + file_); }
  void forget() const {
    const std::string records = scratch_.path("var/lib/container-hooks");
    for (const std::string& name : names_in(records)) remove_if_exists(records + '/' + name);
  }

  /// Whether it does it. If not, it says so with a place in the file, and the file is as it was.
  bool configure() const { return does(scratch_.path(), configure_engine, request_); }
  bool unconfigure() const { return does(scratch_.path(), unconfigure_engine, request_); }
  bool try_configure() const { return does(scratch_.path(), plan_configure, request_); }
  bool look() const {
    const auto look = [](const EngineRequest& request) { return configured_runtimes(*request.engine, request.root); };
    return does(scratch_.path(), look, request_);
  }

 private:
  template <class Command>
  bool does(const std::string& root, Command command, const EngineRequest& request) const {
    const std::string before = text();
    std::string message;
    try {
      command(request);
      return true;
    } catch (const Error& error) {
      message = error.text;
    }
    if (!has_place(message, root + file_) || text() != before) FAIL_CHECK(message << "\nof the file:\n" << before);
    return false;
  }

  Scratch scratch_;
  std::string file_;
  EngineRequest request_;
};

struct Corpus {
  const Engine* engine;
  std::string_view data;  // below tests/data/engine-configs
};

const std::array corpora = {
    Corpus{&docker, "docker-daemon.json"},
    Corpus{&containerd, "containerd-1.6-default-v2.toml"},
    Corpus{&containerd, "containerd-2.1-default-v3.toml"},
    Corpus{&containerd, "debian-12-containerd.toml"},
    Corpus{&crio, "crio-1.37-default.conf"},
    Corpus{&podman, "containers.conf"},
};

// What is accepted is given back.
void configure_and_back(const Host& host, const std::string& variant) {
  host.forget();
  host.write(variant);
  host.look();
  const bool accepted = host.try_configure();
  CHECK(host.text() == variant);
  const bool done = host.configure();
  if (accepted != done) FAIL_CHECK("a dry run says what is done:\n" << variant);
  if (!done) return;
  host.look();
  const bool undone = host.unconfigure();
  if (!undone || host.text() != variant) FAIL_CHECK("what is configured is given back:\n" << variant);
}

// Somebody has edited what configure wrote.
void back_from(const Host& host, const std::string& original, const std::string& variant) {
  host.forget();
  host.write(original);
  host.configure();
  host.write(variant);
  host.look();
  host.configure();
  host.unconfigure();
}

std::string content(const Corpus& corpus) {
  return content_of(test_data("engine-configs/" + std::string(corpus.data)));
}

// The number of files tried.
std::size_t try_all(const Engine& engine, const std::string& original, Nodes nodes) {
  const Host host(engine, std::string(engine.files.main));
  const std::vector<std::string> variants = variants_of(engine, original, nodes);
  for (const std::string& variant : variants) configure_and_back(host, variant);
  host.forget();
  host.write(original);
  REQUIRE(host.configure());
  const std::vector<std::string> edited = variants_of(engine, host.text(), nodes);
  for (const std::string& variant : edited) back_from(host, original, variant);
  return variants.size() + edited.size();
}

constexpr const char* small_docker =
    "{\"default-runtime\": \"crun\", \"runtimes\": {\"crun\": {\"path\": \"/usr/bin/crun\", \"runtimeArgs\": []}}}\n";
constexpr const char* small_containerd =
    "version = 2\nimports = []\n[plugins.\"io.containerd.grpc.v1.cri\".containerd]\n\"default_runtime_name\" = "
    "\"\"\"runc\"\"\"\n[plugins.\"io.containerd.grpc.v1.cri\".containerd.runtimes]\n"
    "runc = { runtime_type = \"io.containerd.runc.v2\" }\n";
constexpr const char* small_crio =
    "[crio.runtime]\ndefault_runtime = \"runc\"\n[crio.runtime.runtimes.runc]\nruntime_path = \"/r\"\n";
constexpr const char* small_podman = "[engine]\nruntime = \"crun\"\n[engine.runtimes]\ncrun = [\"/usr/bin/crun\"]\n";

}  // namespace

TEST_CASE("whatever type a value on the way has, each command works, or says where it is wrong") {
  CHECK(try_all(docker, small_docker, Nodes::all) > 100);
  CHECK(try_all(podman, small_podman, Nodes::all) > 50);
  CHECK(try_all(containerd, small_containerd, Nodes::on_the_way) > 100);
  CHECK(try_all(crio, small_crio, Nodes::on_the_way) > 100);
}

// Takes minutes: build/unit "[every-node]"
TEST_CASE("whatever type a value of an engine's whole file has, each command works, or says where it is wrong",
          "[.][every-node]") {
  for (const Corpus& corpus : corpora)
    WARN(corpus.data << ": " << try_all(*corpus.engine, content(corpus), Nodes::all) << " files");
}
