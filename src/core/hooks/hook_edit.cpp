// SPDX-License-Identifier: Apache-2.0
#include "core/hooks/hook_edit.h"

#include <algorithm>
#include <span>

#include "core/error.h"
#include "core/hooks/hook_file.h"
#include "core/hooks/hook_sources.h"
#include "core/host/directory.h"
#include "core/host/file.h"
#include "core/text/json.h"
#include "core/text/split.h"
#include "core/text/suggestion.h"

namespace {

constexpr std::string_view suffix = ".json";

std::string quoted_list(const auto& strings) {
  std::vector<std::string> quoted;
  for (const auto& string : strings) quoted.push_back(json_quoted(string));
  return fmt::format("[{}]", join(quoted, ", "));
}

std::string when_of(const NewHook& hook) {
  std::vector<std::string> conditions;
  std::vector<std::string> pairs;
  for (const auto& [key, value] : hook.annotations) pairs.push_back(json_quoted(key) + ": " + json_quoted(value));
  if (!pairs.empty()) conditions.push_back(fmt::format("\"annotations\": {{{}}}", join(pairs, ", ")));
  if (!hook.commands.empty()) conditions.push_back("\"commands\": " + quoted_list(hook.commands));
  if (conditions.empty()) conditions.emplace_back("\"always\": true");
  return fmt::format("{{{}}}", join(conditions, ", "));
}

std::string hook_of(const Hook& hook) {
  std::string result = "{\"path\": " + json_quoted(hook.path);
  if (hook.args) result += ", \"args\": " + quoted_list(*hook.args);
  if (hook.timeout) result += fmt::format(", \"timeout\": {}", *hook.timeout);
  return result + '}';
}

std::string file_name(std::string_view name) {
  if (name.empty() || name.find('/') != name.npos)
    throw UsageError(fmt::format("{} is not a file name", json_quoted(name)));
  return name.ends_with(suffix) ? std::string(name) : fmt::format("{}{}", name, suffix);
}

// Refuses what the shim would refuse.
void require_usable(const NewHook& hook, const RootedPath& path, const std::string& content) {
  require_no_errors(parse_hook_file(path.shown(), content).findings);
  const bool on_host = std::ranges::any_of(hook.stages, runs_on_host);
  const std::string fault = on_host ? fault_of_program({path.root, hook.hook.path}, Purpose::use) : "";
  if (!fault.empty()) throw error("write {}: {}: {}", path.shown(), json_quoted(hook.hook.path), fault);
}

// The file of that name in the last directory that has one; empty: none has.
std::string last_file(const std::string& name, std::span<const std::string> directories, const std::string& root) {
  std::string result;
  for (const std::string& directory : directories)
    if (const RootedPath path = RootedPath(root, directory) / name; status_of(path)) result = path.shown();
  return result;
}

}  // namespace

std::string to_json(const NewHook& hook) {
  std::vector<std::string_view> stages;
  for (const Stage stage : hook.stages) stages.push_back(stage_name(stage));
  return fmt::format("{{\n  \"version\": \"1.0.0\",\n  \"hook\": {},\n  \"when\": {},\n  \"stages\": {}\n}}\n",
                     hook_of(hook.hook), when_of(hook), quoted_list(stages));
}

std::string add_hook(const NewHook& hook, const RootedPath& directory) {
  const RootedPath path = directory / file_name(hook.name);
  const std::string content = to_json(hook);
  require_usable(hook, path, content);
  create_directories(directory);
  const File file = read_file(path, Trust::required);
  if (file.status || link_target(path))
    throw error("write {}: it is there already; `hooks remove {}` removes it", path.shown(), hook.name);
  if (replace_file(file, {content}, Durability::synced) != Replaced::done)
    throw error("write {}: somebody else has written it meanwhile", path.shown());
  return path.shown();
}

RemovedHook remove_hook(std::string_view name, const std::vector<std::string>& directories, const std::string& root) {
  const std::string wanted = file_name(name);
  if (directories.empty()) throw error("remove {}: `dirs` is empty", wanted);
  const RootedPath last(root, directories.back());
  const std::string other = last_file(wanted, {directories.begin(), directories.end() - 1}, root);
  if (remove_if_exists(last / wanted)) return {(last / wanted).shown(), other};
  if (!other.empty())
    throw error("remove {}: it is not in {}, and {} belongs to whoever put it there", wanted, last.shown(), other);
  throw error("remove {}: there is no such file in {}", wanted, last.shown());
}
