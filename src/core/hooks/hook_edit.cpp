// SPDX-License-Identifier: Apache-2.0
#include "core/hooks/hook_edit.h"

#include <algorithm>
#include <span>

#include "core/error.h"
#include "core/hooks/hook_file.h"
#include "core/hooks/hook_sources.h"
#include "core/host/directory.h"
#include "core/host/file.h"
#include "core/host/path.h"
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

std::string quoted_pairs(const std::vector<std::pair<std::string, std::string>>& pairs) {
  std::vector<std::string> members;
  for (const auto& [key, value] : pairs) members.push_back(json_quoted(key) + ": " + json_quoted(value));
  return fmt::format("{{{}}}", join(members, ", "));
}

// As members of the object; none: it says nothing.
std::vector<std::string> members_of(const NewCondition& condition) {
  std::vector<std::string> result;
  const auto add = [&](bool is_given, std::string_view name, const std::string& value) {
    if (is_given) result.push_back(fmt::format("{}: {}", json_quoted(name), value));
  };
  add(!condition.annotations.empty(), "annotations", quoted_pairs(condition.annotations));
  add(!condition.commands.empty(), "commands", quoted_list(condition.commands));
  add(condition.needs_bind_mounts, "hasBindMounts", "true");
  add(!condition.images.empty(), "images", quoted_list(condition.images));
  add(!condition.labels.empty(), "labels", quoted_pairs(condition.labels));
  add(!condition.namespaces.empty(), "namespaces", quoted_list(condition.namespaces));
  return result;
}

std::string when_of(const NewHook& hook) {
  const std::vector<std::string> members = members_of(hook.when);
  return members.empty() ? "{\"always\": true}" : fmt::format("{{{}}}", join(members, ", "));
}

std::string unless_of(const NewHook& hook) {
  const std::vector<std::string> members = members_of(hook.unless);
  return members.empty() ? "" : fmt::format("  \"unless\": {{{}}},\n", join(members, ", "));
}

std::string hook_of(const Hook& hook) {
  std::string result = "{\"path\": " + json_quoted(hook.path);
  if (hook.args) result += ", \"args\": " + quoted_list(*hook.args);
  if (hook.env) result += ", \"env\": " + quoted_list(*hook.env);
  if (hook.timeout) result += fmt::format(", \"timeout\": {}", *hook.timeout);
  return result + '}';
}

// Also of one that is disabled, as its file is called.
std::string file_name(std::string_view name) {
  if (name.ends_with(".json.disabled")) name.remove_suffix(disabled_suffix.size());
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
    if (change().is_needed()) replace_hook_file(file_, content_);
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

bool is_there(const RootedPath& path) { return status_of(path) || link_target(path); }

// The file of a hook by the name that it has and the one that it gets.
struct Renaming {
  Renaming(const RootedPath& directory, const std::string& used, bool on)
      : from(directory / (on ? used + std::string(disabled_suffix) : used)),
        to(directory / (on ? used : used + std::string(disabled_suffix))) {}

  bool is_needed() const { return is_there(from) || !is_there(to); }
  const RootedPath& used() const { return to.path.ends_with(disabled_suffix) ? from : to; }

  void require_possible() const {
    if (!is_needed()) return;
    if (!is_there(from)) throw missing("rename {}", from.shown());
    if (is_there(to)) throw error("rename {}: {} is there, too", from.shown(), to.shown());
    require_writable(from);
  }

  RootedPath from, to;
};

}  // namespace

std::string to_json(const NewHook& hook) {
  std::vector<std::string_view> stages;
  for (const Stage stage : hook.stages) stages.push_back(stage_name(stage));
  return fmt::format("{{\n  \"version\": \"1.0.0\",\n  \"hook\": {},\n  \"when\": {},\n{}  \"stages\": {}\n}}\n",
                     hook_of(hook.hook), when_of(hook), unless_of(hook), quoted_list(stages));
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

std::vector<SwitchedHook> switch_hooks(const std::vector<std::string>& names, bool on,
                                       const std::vector<std::string>& directories, const std::string& root) {
  if (directories.empty()) throw error("rename {}: `dirs` is empty", file_name(names.front()));
  std::vector<Renaming> renamings;
  for (const std::string& name : names) {
    renamings.emplace_back(RootedPath(root, directories.back()), file_name(name), on);
    renamings.back().require_possible();
  }
  std::vector<SwitchedHook> result;
  for (const Renaming& each : renamings) {
    const bool is_needed = each.is_needed();
    if (is_needed) rename_beside(each.from, base_name(each.to.path));
    result.push_back(
        {each.to.shown(), is_needed, last_file(std::string(base_name(each.used().path)), directories, root)});
  }
  return result;
}

std::string hook_file_called(const std::string& name, const std::vector<std::string>& directories,
                             const std::string& root) {
  for (auto directory = directories.rbegin(); directory != directories.rend(); ++directory)
    if (auto content = read_if_exists(RootedPath(root, *directory) / file_name(name))) return std::move(*content);
  throw error("there is no {} in {}", file_name(name), join(directories, ", "));
}

File hook_file_to_edit(const std::string& name, const RootedPath& directory) {
  const RootedPath path = directory / file_name(name);
  if (link_target(path)) throw error("edit {}: it is a link", path.shown());
  File file = read_file(path, Trust::required);
  if (!file.status) throw missing("edit {}", path.shown());
  require_writable(path);
  return file;
}

void replace_hook_file(const File& file, const std::string& text) {
  if (replace_file(file, {text}, Durability::synced) != Replaced::done)
    throw error("write {}: somebody else has written it meanwhile", file.path);
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
