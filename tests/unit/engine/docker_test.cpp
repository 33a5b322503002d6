// SPDX-License-Identifier: Apache-2.0
#include "catch.h"
#include "core/error.h"
#include "engine_root.h"

TEST_CASE("docker: the entry and the default are added in the style of the file, all else stays") {
  CHECK(configured(docker, daemon_json,
                   "{\n  \"z\": 1e3,\n  \"default-runtime\": \"nvidia\",\n  \"runtimes\": {\n    \"nvidia\": "
                   "{\"path\": \"/n\"}\n  }\n}\n") ==
        "{\n  \"z\": 1e3,\n  \"default-runtime\": \"container-hooks-runtime\",\n  \"runtimes\": {\n    \"nvidia\": "
        "{\"path\": \"/n\"},\n"
        "    \"container-hooks-runtime\": {\n      \"path\": \"/usr/bin/container-hooks-runtime\"\n    }\n  }\n}\n");
}

TEST_CASE("docker: an entry of ours keeps its other document, a foreign one comes back as it was") {
  const std::string args =
      "{\"runtimes\": {\"container-hooks-runtime\": {\"path\": \"/old\", \"runtimeArgs\": [\"--debug\"]}}}";
  CHECK(configured(docker, daemon_json, args, false) ==
        "{\"runtimes\": {\"container-hooks-runtime\": {\"path\": \"/usr/bin/container-hooks-runtime\", "
        "\"runtimeArgs\": [\"--debug\"]}}}");
  for (const std::string& foreign :
       {args, std::string("{\"runtimes\": {\"container-hooks-runtime\": {\"runtimeType\": \"io.x.v1\"}}}")}) {
    const EngineRoot root;
    root.write(daemon_json, foreign);
    configure_engine(request(root, docker));
    std::string edited = *root.read(daemon_json);
    root.write(daemon_json, edited.insert(1, "\"debug\": true, "));
    unconfigure_engine(request(root, docker));
    CHECK(root.read(daemon_json) == "{\"debug\": true, " + foreign.substr(1));
  }
}

TEST_CASE("docker: with edits in between the previous default returns, and emptied runtimes stay as {}") {
  const EngineRoot root;
  root.write(daemon_json, "{\n  \"default-runtime\": \"crun\"\n}\n");
  configure_engine(request(root, docker, true));
  std::string edited = *root.read(daemon_json);
  root.write(daemon_json, edited.insert(1, "\n  \"debug\": true,"));
  unconfigure_engine(request(root, docker));
  CHECK(root.read(daemon_json) == "{\n  \"debug\": true,\n  \"default-runtime\": \"crun\",\n  \"runtimes\": {}\n}\n");
}

TEST_CASE("docker: what is no configuration is refused with its place, and stays") {
  CHECK_THAT(refusal(docker, daemon_json, "null"),
             ContainsSubstring("daemon.json:1:1: an object is expected here, not null"));
  CHECK_THAT(refusal(docker, daemon_json, "{\"runtimes\":[]}"),
             ContainsSubstring("daemon.json:1:13: an object is expected here"));
  CHECK_THAT(refusal(docker, daemon_json, "{\"default-runtime\":1}"),
             ContainsSubstring("daemon.json:1:20: a string is expected here"));
  CHECK_THAT(refusal(docker, daemon_json, "{\"a\":1} JUNK{"), ContainsSubstring("daemon.json:1:9:"));
  const EngineRoot root;
  EngineRequest reserved = request(root, docker);
  reserved.wanted.name = "runc";
  CHECK_THROWS_AS(configure_engine(reserved), UsageError);
}

TEST_CASE("docker: a name that Go reads as another is refused with its place") {
  CHECK_THAT(refusal(docker, daemon_json, "{\n \"Runtimes\": {}}"),
             ContainsSubstring("daemon.json:2:2: \"Runtimes\" is not \"runtimes\""));
  CHECK_THAT(refusal(docker, daemon_json, "{\"runtimes\": {}, \"Default-Runtime\": \"x\"}"),
             ContainsSubstring("daemon.json:1:18:"));
  CHECK_THAT(refusal(docker, daemon_json, "{\"runtime\u017f\": {}}"), ContainsSubstring("daemon.json:1:2:"));
  CHECK_THAT(configured(docker, daemon_json, "{\"runtimes\": {\"Runtimes\": {\"path\": \"/x\"}}}"),
             ContainsSubstring("\"Runtimes\": {\"path\": \"/x\"}, "));
}
