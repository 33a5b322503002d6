// SPDX-License-Identifier: Apache-2.0
#include "core/cli/container_search.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <set>
#include <vector>

#include "core/error.h"
#include "core/hooks/container_origin.h"
#include "core/host/directory.h"
#include "core/host/file.h"
#include "core/host/path.h"
#include "core/host/process_list.h"
#include "core/text/split.h"

namespace {

using Containers = std::vector<FoundContainer>;

// Of the system's containerd, and of the one that Docker starts.
constexpr std::array<std::string_view, 2> task_directories = {
    "/run/containerd/io.containerd.runtime.v2.task", "/run/docker/containerd/daemon/io.containerd.runtime.v2.task"};

// Docker's or the kubelet's name is where the engine wrote it. What cannot be read has none.
std::string name_in_spec(const FoundContainer& container) {
  try {
    const std::string path = container.bundle + "/config.json";
    const std::optional<std::string> content = read_if_exists(path);
    if (!content) return "";
    const Spec spec(path, *content);
    CommandLine call;
    call.id = container.id;
    call.bundle = container.bundle;
    return ContainerOrigin(spec, call).name();
  } catch (const Error&) {
    return "";
  }
}

// containerd has TASKS/NAMESPACE/ID.
Containers tasks_in(const std::string& tasks) {
  Containers result;
  for (const std::string& space : entry_names_in(tasks))
    for (const std::string& id : entry_names_in(fmt::format("{}/{}", tasks, space)))
      result.push_back({id, fmt::format("{}/{}/{}", tasks, space, id)});
  return result;
}

// Those of the places above, and those in which a shim of containerd's works: its directory is a bundle.
std::set<std::string> all_task_directories() {
  std::set<std::string> result(task_directories.begin(), task_directories.end());
  for (const Process& shim : processes_of("containerd-shim-runc-v2"))
    if (const auto bundle = link_target(fmt::format("/proc/{}/cwd", shim.pid)))
      result.insert(directory_of(directory_of(*bundle)));
  return result;
}

// podman and CRI-O have a monitor for each container, whose command line has it all.
Containers monitored() {
  Containers result;
  for (const Process& monitor : processes_of("conmon"))
    result.push_back({argument_after(monitor, "-c"), argument_after(monitor, "-b"), argument_after(monitor, "-n")});
  return result;
}

Containers containers() {
  Containers result = monitored();
  for (const std::string& tasks : all_task_directories())
    std::ranges::move(tasks_in(tasks), std::back_inserter(result));
  std::erase_if(result, [](const FoundContainer& each) { return each.id.empty() || each.bundle.empty(); });
  for (FoundContainer& each : result)
    if (each.name.empty()) each.name = name_in_spec(each);
  return result;
}

template <class Matches>
Containers those_that(const Containers& all, Matches matches) {
  Containers result;
  std::ranges::copy_if(all, std::back_inserter(result), matches);
  return result;
}

Error several(std::string_view word, const Containers& found) {
  std::vector<std::string> ids;
  for (const FoundContainer& each : found) ids.push_back(each.bundle);
  return error("{} is not one container, but {}: {}", word, found.size(), join(ids, ", "));
}

}  // namespace

FoundContainer container_called(std::string_view word) {
  const Containers all = containers();
  Containers found = those_that(all, [&](const FoundContainer& each) { return each.id == word || each.name == word; });
  if (found.empty()) found = those_that(all, [&](const FoundContainer& each) { return each.id.starts_with(word); });
  if (found.empty())
    throw error("there is no container {} among those that docker, containerd, podman or CRI-O run on this host", word);
  if (found.size() > 1) throw several(word, found);
  return found.front();
}
