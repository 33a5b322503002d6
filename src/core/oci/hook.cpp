// SPDX-License-Identifier: Apache-2.0
#include "core/oci/hook.h"

#include <fmt/core.h>
#include <unistd.h>

#include <algorithm>

#include "core/host/process.h"
#include "core/text/json.h"
#include "core/text/split.h"
#include "core/text/utf8.h"

namespace {

std::string_view base_name(std::string_view path) { return path.substr(path.rfind('/') + 1); }

// crun refuses a spec that is not UTF-8; Go's encoding/json, and so runc, reads it like this.
std::string to_json(std::string_view string) { return json_quoted(valid_utf8(string)); }

std::string to_json(const std::vector<std::string>& strings) {
  std::vector<std::string> quoted;
  for (const std::string& string : strings) quoted.push_back(to_json(string));
  return fmt::format("[{}]", join(quoted, ","));
}

}  // namespace

std::optional<Stage> stage_named(std::string_view name) {
  const auto* found = std::ranges::find(stage_names, name);
  if (found == stage_names.end()) return std::nullopt;
  return static_cast<Stage>(found - stage_names.begin());
}

std::size_t HooksByStage::count() const {
  std::size_t result = 0;
  for (const std::vector<Hook>& hooks : stages_) result += hooks.size();
  return result;
}

std::string to_json(const Hook& hook) {
  std::string result = "{\"path\":" + to_json(hook.path);
  if (hook.args) result += ",\"args\":" + to_json(*hook.args);
  if (hook.env) result += ",\"env\":" + to_json(*hook.env);
  if (hook.timeout) result += fmt::format(",\"timeout\":{}", *hook.timeout);
  return result + '}';
}

Hook in_stage(Hook hook, Stage stage) {
  if (runs_on_host(stage) && stage != Stage::precreate && !hook.env)
    hook.env.emplace({std::string(default_environment)});
  return hook;
}

bool is_marker(const Hook& hook) {
  if (base_name(hook.path) == marker_name) return true;
  const bool has_name = hook.args && !hook.args->empty() && base_name(hook.args->front()) == marker_name;
  return has_name && hook.path == binary_path();
}

Hook marker_hook() {
  const std::string binary = binary_path();
  const std::string beside = binary.substr(0, binary.rfind('/') + 1) + std::string(marker_name);
  if (access(beside.c_str(), X_OK) == 0) return {beside, {}, {}, {}};
  return {binary, {{std::string(marker_name)}}, {}, {}};
}
