// SPDX-License-Identifier: Apache-2.0
#include "core/hooks/hook_edit.h"

#include <algorithm>
#include <span>

#include "core/error.h"
#include "core/hooks/hook_file.h"
#include "core/hooks/hook_sources.h"
#include "core/host/directory.h"
#include "core/host/file.h"
#include "core/host/privilege.h"
#include "core/text/json.h"
#include "core/text/printable.h"
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
  if (hook.needs_bind_mounts) conditions.emplace_back("\"hasBindMounts\": true");
  if (conditions.empty()) conditions.emplace_back("\"always\": true");
  return fmt::format("{{{}}}", join(conditions, ", "));
}

std::string hook_of(const Hook& hook) {
  std::string result = "{\"path\": " + json_quoted(hook.path);
  if (hook.args) result += ", \"args\": " + quoted_list(*hook.args);
  if (hook.env) result += ", \"env\": " + quoted_list(*hook.env);
  if (hook.timeout) result += fmt::format(", \"timeout\": {}", *hook.timeout);
  return result + '}';
}

std::string file_name(std::string_view name) {
  if (name.empty() || name.find('/') != name.npos)
    throw UsageError(fmt::format("{} is not a file name", json_quoted(name)));
  return name.ends_with(suffix) ? std::string(name) : fmt::format("{}{}", name, suffix);
}

// What can be removed need not be what should be made.
std::string new_file_name(std::string_view name) {
  if (printable_line(name) != name)
    throw UsageError(fmt::format("{}: a name without control characters is expected", json_quoted(name)));
  return file_name(name);
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

// The file that a hook goes to, as it is and as it will be.
class PlannedFile {
 public:
  PlannedFile(const NewHook& hook, const RootedPath& directory, IfThere if_there)
      : path_(directory / new_file_name(hook.name)), content_(to_json(hook)) {
    require_usable(hook, path_, content_);
    if (status_of(directory)) file_ = read_file(path_, Trust::required);
    if (change().is_needed() && (file_.status || link_target(path_))) require_replaceable(hook.name, if_there);
  }

  HookFileChange change() const {
    return {path_.shown(), file_.status ? std::optional(file_.content) : std::nullopt, content_};
  }
  void write() const {
    if (change().is_needed() && replace_file(file_, {content_}, Durability::synced) != Replaced::done)
      throw error("write {}: somebody else has written it meanwhile", path_.shown());
  }

 private:
  // What a link leads to may stand in a directory of somebody else's.
  void require_replaceable(const std::string& name, IfThere if_there) const {
    if (if_there == IfThere::refuse)
      throw error(
          "write {}: it is there already and says something else; --replace replaces it, `hooks remove {}` "
          "removes it",
          path_.shown(), name);
    if (link_target(path_)) throw error("write {}: it is a link; remove it first", path_.shown());
  }

  RootedPath path_;
  std::string content_;
  File file_;
};

void require_removable(const RootedPath& path, const RemovedHook& hook) {
  const auto status = status_of(path);
  if (link_target(path) || (status && S_ISREG(status->st_mode))) return;
  if (status) throw error("remove {}: it is not a regular file", path.shown());
  const std::string directory = path.directory().shown();
  if (!hook.in_force.empty())
    throw error("remove {}: it is not in {}, and {} belongs to whoever put it there", hook.path, directory,
                hook.in_force);
  throw error("remove {}: there is no such file in {}", hook.path, directory);
}

}  // namespace

std::string to_json(const NewHook& hook) {
  std::vector<std::string_view> stages;
  for (const Stage stage : hook.stages) stages.push_back(stage_name(stage));
  return fmt::format("{{\n  \"version\": \"1.0.0\",\n  \"hook\": {},\n  \"when\": {},\n  \"stages\": {}\n}}\n",
                     hook_of(hook.hook), when_of(hook), quoted_list(stages));
}

HookFileChange plan_hook(const NewHook& hook, const RootedPath& directory, IfThere if_there) {
  return PlannedFile(hook, directory, if_there).change();
}

HookFileChange add_hook(const NewHook& hook, const RootedPath& directory, IfThere if_there) {
  plan_hook(hook, directory, if_there);  // before a directory is made
  require_writable(directory / new_file_name(hook.name));
  create_directories(directory);
  const PlannedFile planned(hook, directory, if_there);
  planned.write();
  return planned.change();
}

std::vector<RemovedHook> remove_hooks(const std::vector<std::string>& names,
                                      const std::vector<std::string>& directories, const std::string& root) {
  if (directories.empty()) throw error("remove {}: `dirs` is empty", file_name(names.front()));
  const RootedPath last(root, directories.back());
  std::vector<RemovedHook> result;
  for (const std::string& name : names)
    if (const std::string file = file_name(name); std::ranges::find(result, file, &RemovedHook::path) == result.end())
      result.push_back({file, last_file(file, {directories.begin(), directories.end() - 1}, root)});
  for (const RemovedHook& each : result) {
    require_removable(last / each.path, each);
    require_writable(last / each.path);
  }
  for (RemovedHook& each : result) {
    const RootedPath path = last / each.path;
    remove_if_exists(path);
    each.path = path.shown();
  }
  return result;
}
