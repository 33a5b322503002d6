// SPDX-License-Identifier: Apache-2.0
#include "core/engine/users.h"

#include "core/error.h"
#include "core/host/child.h"
#include "core/text/split.h"

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
