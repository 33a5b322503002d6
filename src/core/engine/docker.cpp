// Docker: daemon.json. https://docs.docker.com/reference/cli/dockerd/#daemon-configuration-file
//
// No runtimeArgs: docker would turn them into a shell script in its data directory.
//
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "core/engine/engine.h"
#include "core/engine/users.h"
#include "core/error.h"
#include "core/host/child.h"
#include "core/text/json_text.h"
#include "core/text/split.h"

namespace {

RuntimeTable table(const Document&) {
  return {.runtimes = {"runtimes"},
          .default_name = {"default-runtime"},
          .binary = {"path"},
          .keeps_missing = true,
          .excluded_key = "runtimeType"};
}

void check_request(const Wanted& wanted) {
  if (wanted.name == "runc") throw UsageError("--name runc: docker keeps this name for its own runtime");
}

std::vector<std::string> users(const std::string& runtime) {
  return containers_with(runtime, "docker", "{{.HostConfig.Runtime}}");
}

std::string string_in(const JsonText& text, const JsonText::Value& object, std::string_view name) {
  const auto member = text.member(object, name);
  const bool is_string = member && member->value.kind == JsonText::Kind::string;
  return is_string ? text.string(member->value) : "";
}

std::vector<RuntimeEntry> runtimes_in(const JsonText& info) {
  std::vector<RuntimeEntry> result;
  const std::string default_name = string_in(info, info.root(), "DefaultRuntime");
  const auto runtimes = info.member(info.root(), "Runtimes");
  if (!runtimes || runtimes->value.kind != JsonText::Kind::object) return result;
  info.visit_members(runtimes->value, [&](const JsonText::Member& runtime) {
    result.push_back({runtime.name, string_in(info, runtime.value, "path"), runtime.name == default_name});
  });
  return result;
}

bool has_option(const JsonText& info, std::string_view option) {
  const auto options = info.member(info.root(), "SecurityOptions");
  return options && info.spelling(options->value).find(option) != std::string::npos;
}

// In the answer, since Docker 23, or around it, on stderr.
std::string refusal_of(const JsonText& info, std::string_view before, std::string_view after) {
  const auto errors = info.member(info.root(), "ServerErrors");
  const auto all = errors ? info.elements(errors->value) : std::vector<JsonText::Value>();
  if (!all.empty() && all.front().kind == JsonText::Kind::string) return info.string(all.front());
  return std::string(words(before).empty() ? after : before);
}

// The client knows where its daemon is: DOCKER_HOST, contexts. Without a daemon it says why, and has no server's version.
EngineAnswer ask() try {
  const auto child = run_child({"docker", "info", "--format", "{{json .}}"}, answer_limit);
  if (!child) return {.refusal = "there is no docker client in PATH", .can_be_asked = false};
  const std::string_view output = child->output;
  const std::size_t begin = output.find('{');
  if (begin == output.npos) return {.refusal = child->output};
  const std::size_t end = std::min(output.find('\n', begin), output.size() - 1);
  const JsonText info("docker info", std::string(output.substr(begin, end + 1 - begin)));
  if (string_in(info, info.root(), "ServerVersion").empty())
    return {.refusal = refusal_of(info, output.substr(0, begin), output.substr(end + 1))};
  return {.is_reachable = true, .is_rootless = has_option(info, "name=rootless"), .runtimes = runtimes_in(info)};
} catch (const Error& error) {
  return {.refusal = error.text, .hangs = true};
}

}  // namespace

const Engine docker = {
    .name = "docker",
    .program = "dockerd",
    .files = {.main = "/etc/docker/daemon.json"},
    .rootless = {.main = "docker/daemon.json"},
    .read = json_document,
    .table = table,
    .check_request = check_request,
    .users = users,
    .checker = {"dockerd", "--validate", "--config-file", "FILE"},
    .unknown_to_checker = "unknown flag: --validate",
    .reload = "systemctl reload docker",
    .restart = "systemctl restart docker",
    .without_root = "a rootless docker reads --config-file=~/.config/docker/daemon.json",
    .users_note = "containers that were created with the runtime {} do not start without it; create them again",
    .ask = ask,
    .config_options = {"--config-file"},
    .bypass = "the RUN steps of docker build get no hooks: BuildKit has a runc of its own",
    .bypass_cure = "a buildkitd takes [worker.oci] binary = \"/usr/bin/container-hooks-runtime\" in buildkitd.toml",
};
