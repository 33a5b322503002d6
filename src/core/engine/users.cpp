// SPDX-License-Identifier: Apache-2.0
#include "core/engine/users.h"

#include <algorithm>
#include <array>

#include "core/error.h"
#include "core/host/child.h"
#include "core/host/directory.h"
#include "core/host/file.h"
#include "core/host/process_list.h"
#include "core/text/split.h"
#include "core/toolkit/names.h"

namespace {

// The lines of the answer. That nobody answers is one, too.
std::vector<std::string> answer(const std::vector<std::string>& argv) try {
  const std::optional<ChildResult> child = run_child(argv);
  if (!child || child->status != 0) return {};
  const std::vector<std::string_view> lines = split(child->output, '\n');
  return {lines.begin(), lines.end()};
} catch (const Error&) {
  return {};
}

// Of containerd itself, k3s and rke2, k0s, and microk8s.
constexpr std::array<std::string_view, 4> state_directories = {
    "/run/containerd", "/run/k3s/containerd", "/run/k0s/containerd", "/var/snap/microk8s/common/run/containerd"};

bool is_program(std::string_view path, std::string_view program) {
  const std::string_view rest = path.starts_with(program) ? path.substr(program.size()) : "?";
  return rest.empty() || rest.starts_with('.');
}

}  // namespace

// `docker ps` and `podman ps` cannot filter by runtime. Names of containers have no blanks; docker's start with a slash.
std::vector<std::string> containers_with(const std::string& runtime, const std::string& client,
                                         const std::string& field) {
  const std::vector<std::string> ids = answer({client, "ps", "--all", "--quiet", "--no-trunc"});
  if (ids.empty()) return {};
  std::vector<std::string> argv = {client, "inspect", "--type", "container", "--format", "{{.Name}} " + field};
  argv.insert(argv.end(), ids.begin(), ids.end());
  std::vector<std::string> result;
  for (const std::string& line : answer(argv)) {
    std::string_view rest = line;
    std::string_view name = take_item(rest, ' ');
    if (name.starts_with('/')) name.remove_prefix(1);
    if (rest == runtime) result.emplace_back(name);
  }
  return result;
}

std::vector<std::string> bundles_with(std::string_view program, const std::string& root) {
  std::vector<std::string> result;
  for (const std::string_view directory : state_directories) {
    const RootedPath all = RootedPath(root, directory) / "io.containerd.runtime.v2.task";
    for (const std::string& space : entry_names_in(all))
      for (const std::string& id : entry_names_in(all / space))
        if (is_program(read_if_exists(all / space / id / "runtime").value_or(""), program))
          result.push_back(fmt::format("{}/{}", space, id));
  }
  return result;
}

std::vector<std::string> monitored_with(std::string_view program) {
  std::vector<std::string> result;
  for (const Process& process : processes_of("conmon"))
    if (is_program(argument_after(process, "-r"), program)) result.push_back(argument_after(process, "-c"));
  return result;
}
