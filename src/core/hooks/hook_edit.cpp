// SPDX-License-Identifier: Apache-2.0
#include "core/hooks/hook_edit.h"

#include <algorithm>

#include "core/error.h"
#include "core/hooks/hook_file.h"
#include "core/hooks/hook_sources.h"
#include "core/host/directory.h"
#include "core/host/file.h"
#include "core/text/json.h"
#include "core/text/suggestion.h"

namespace {

constexpr std::string_view suffix = ".json";

std::string quoted_list(const auto& strings) {
  std::vector<std::string> quoted;
  for (const auto& string : strings) quoted.push_back(json_quoted(string));
  return fmt::format("[{}]", fmt::join(quoted, ", "));
}

std::string when_of(const NewHook& hook) {
  std::vector<std::string> conditions;
  std::vector<std::string> pairs;
  for (const auto& [key, value] : hook.annotations) pairs.push_back(json_quoted(key) + ": " + json_quoted(value));
  if (!pairs.empty()) conditions.push_back(fmt::format("\"annotations\": {{{}}}", fmt::join(pairs, ", ")));
  if (!hook.commands.empty()) conditions.push_back("\"commands\": " + quoted_list(hook.commands));
  if (conditions.empty()) conditions.emplace_back("\"always\": true");
  return fmt::format("{{{}}}", fmt::join(conditions, ", "));
}

std::string hook_of(const Hook& hook) {
  std::string result = "{\"path\": " + json_quoted(hook.path);
  if (hook.args) result += ", \"args\": " + quoted_list(*hook.args);
  if (hook.timeout) result += fmt::format(", \"timeout\": {}", *hook.timeout);
  return result + '}';
}

std::string file_name(std::string_view name) {
  if (name.empty() || name.find('/') != name.npos)
    throw UsageError(fmt::format("{} is no name for a file", json_quoted(name)));
  return name.ends_with(suffix) ? std::string(name) : fmt::format("{}{}", name, suffix);
}

}  // namespace

std::string to_json(const NewHook& hook) {
  std::vector<std::string_view> stages;
  for (const Stage stage : hook.stages) stages.push_back(stage_name(stage));
  return fmt::format("{{\n  \"version\": \"1.0.0\",\n  \"hook\": {},\n  \"when\": {},\n  \"stages\": {}\n}}\n",
                     hook_of(hook.hook), when_of(hook), quoted_list(stages));
}

std::string add_hook(const NewHook& hook, const std::string& directory) {
  std::string path = fmt::format("{}/{}", directory, file_name(hook.name));
  const std::string content = to_json(hook);
  Problems problems;
  parse_hook_file(path, content, problems);
  if (!problems.empty()) throw problems.front();
  create_directories(directory);
  const File file = read_file(path, Trust::required);
  if (file.status || file.path != path)
    throw error("write {}: it is there already; `hooks remove {}` removes it", path, hook.name);
  if (replace_file(file, {content}, Durability::synced) != Replaced::done)
    throw error("write {}: somebody else has written it meanwhile", path);
  return path;
}

std::string remove_hook(std::string_view name, const std::vector<std::string>& directories) {
  const std::string wanted = file_name(name);
  for (auto directory = directories.rbegin(); directory != directories.rend(); ++directory)
    if (std::string path = fmt::format("{}/{}", *directory, wanted); remove_if_exists(path)) return path;
  throw error("remove {}: there is no such file in {}", wanted, fmt::join(directories, ", "));
}
