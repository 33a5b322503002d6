// What follows from an engine's files, processes and answer; those are made up here, but for the files.
//
// SPDX-License-Identifier: Apache-2.0
#include "core/engine/engine_state.h"

#include "engine_root.h"

namespace {

EngineState state_of(const Engine& engine, const EngineRoot& root,
                     std::vector<std::vector<std::string>> processes = {}) {
  EngineState state(engine, root.path());
  state.owner = FileOwner::system;
  for (std::vector<std::string>& argv : processes) state.processes.push_back({1, std::move(argv), {}});
  return state;
}

const RuntimeEntry shim = {"container-hooks-runtime", "/usr/bin/container-hooks-runtime", false};

}  // namespace

TEST_CASE("below another root nothing is asked, and the files alone say which runtimes are ours") {
  const EngineRoot root;
  configure_engine(request(root, docker));
  const EngineState state(docker, root.path());
  CHECK_FALSE(state.is_this_host);
  CHECK_FALSE(state.answer.is_reachable);
  CHECK(state.processes.empty());
  REQUIRE(state.runtimes.size() == 1);
  CHECK(state.runtimes.front().entry.name == default_runtime_name);
}

TEST_CASE("a runtime is known when name and path are") {
  const EngineRoot root;
  EngineState state = state_of(docker, root);
  CHECK(state.known(shim) == nullptr);
  state.answer.runtimes = {{shim.name, "/elsewhere", false}};
  CHECK(state.known(shim) == nullptr);
  state.answer.runtimes.push_back({shim.name, shim.path, true});
  REQUIRE(state.known(shim) != nullptr);
  CHECK(state.known(shim)->is_default);
}

TEST_CASE("left over is a shim that no file which is read names any more") {
  const EngineRoot root;
  EngineState state = state_of(docker, root);
  state.answer.runtimes = {shim, {"runc", "/usr/bin/runc", true}};
  REQUIRE(state.left_over().size() == 1);
  CHECK(state.left_over().front().name == shim.name);
  state.runtimes.push_back({&docker, daemon_json, shim});
  CHECK(state.left_over().empty());
  state.processes = {{1, {"dockerd", "--config-file=/other.json"}, {}}};
  CHECK(state.left_over().size() == 1);  // the file that names it is not the one that is read
}

TEST_CASE("which files are read: those of the command line, else those that are read by default") {
  struct Row {
    const Engine& engine;
    std::vector<std::vector<std::string>> processes;
    const char* file;
    std::optional<bool> is_read;
  };
  const Row rows[] = {
      {docker, {}, "/etc/docker/daemon.json", true},
      {docker, {}, "/other.json", false},
      {docker, {{"dockerd"}}, "/etc/docker/daemon.json", true},
      {docker, {{"dockerd", "--config-file", "/other.json"}}, "/etc/docker/daemon.json", false},
      {docker, {{"dockerd", "--config-file", "/other.json"}}, "/other.json", true},
      {docker, {{"dockerd", "--config-file=/other.json"}}, "/other.json", true},
      {docker, {{"dockerd", "--config-file=/other.json"}, {"dockerd"}}, "/etc/docker/daemon.json", true},
      {docker, {{"dockerd", "--config-file"}}, "/etc/docker/daemon.json", true},
      {containerd, {{"containerd", "-c", "/x.toml"}}, "/x.toml", true},
      {containerd, {{"containerd"}}, "/etc/containerd/conf.d/x.toml", std::nullopt},  // who knows what it imports
      {crio, {{"crio", "--config", "/x"}}, "/etc/crio/crio.conf.d/99-container-hooks.conf", true},
      {podman, {}, "/etc/containers/containers.conf.d/99-container-hooks.conf", true},
  };
  const EngineRoot root;
  for (const Row& row : rows) {
    INFO(row.engine.name << ' ' << row.file << ' ' << row.processes.size());
    CHECK((state_of(row.engine, root, row.processes).is_read(row.file) == row.is_read));
  }
}

TEST_CASE("the main file is the one that the command line names, of each process") {
  const EngineRoot root;
  CHECK(state_of(docker, root).main_files() == std::vector<std::string>{"/etc/docker/daemon.json"});
  CHECK(state_of(docker, root, {{"dockerd"}, {"dockerd", "--config-file=/x"}}).main_files() ==
        std::vector<std::string>{"/etc/docker/daemon.json", "/x"});
}

TEST_CASE("docker forgets by a reload what its file says anew, and by a restart what it says no more") {
  const EngineRoot root;
  const EngineState state = state_of(docker, root);
  const auto way = [&](const std::string& content, bool is_default) {
    root.write("/daemon.json", content);
    return state.way_to_forget({shim.name, shim.path, is_default}, {root.path() + "/daemon.json"});
  };
  CHECK(way("{}", false) == docker.restart);
  CHECK(way("{\"runtimes\": {}}", false) == docker.reload);
  CHECK(way("{\"runtimes\": {}}", true) == docker.restart);
  CHECK(way("{\"runtimes\": {}, \"default-runtime\": \"runc\"}", true) == docker.reload);
  CHECK(state_of(crio, root).way_to_forget(shim, {"/none"}) == crio.reload);
}

TEST_CASE("annotations by which a pod would change what the runtime does as root are named") {
  const EngineRoot root;
  root.write("/etc/crio/crio.conf",
             "[crio.runtime.runtimes.a]\nallowed_annotations = [\"io.kubernetes.x\", \"run.oci.handler\", \"*\"]\n"
             "[crio.runtime.runtimes.b]\nallowed_annotations = [\"my.own\"]\n");
  const auto found = unsafe_annotations(crio, root.path(), FileOwner::system);
  REQUIRE(found.size() == 1);
  CHECK(found.front() == root.path() +
                             "/etc/crio/crio.conf: runtime a: allowed_annotations has \"run.oci.handler\", "
                             "allowed_annotations has \"*\"");
  CHECK(unsafe_annotations(docker, root.path(), FileOwner::system).empty());
}
