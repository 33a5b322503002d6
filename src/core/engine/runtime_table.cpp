// SPDX-License-Identifier: Apache-2.0
#include "runtime_table.h"

#include <strings.h>

#include <algorithm>
#include <array>

#include "../error.h"

namespace {

const Settings* last_with(const Key& key, const Settings& settings, const std::vector<const Settings*>& others) {
  if (settings.contains(key)) return &settings;
  const auto found =
      std::find_if(others.rbegin(), others.rend(), [&](const Settings* other) { return other->contains(key); });
  return found == others.rend() ? nullptr : *found;
}

struct Model {
  const Settings* settings = nullptr;  // where its table is; nullptr: there is none
  std::string name;
};

// The runtime that the shim stands in for: the default if it can, else a usual one.
Model model_of(const Settings& settings, const RuntimeTable& table, const Wanted& wanted,
               const std::vector<const Settings*>& others, Notes& notes) {
  const Settings* says_default = last_with(table.default_name, settings, others);
  const std::string current =
      says_default ? *says_default->string(table.default_name) : std::string(table.built_in_default);
  for (const std::string& name : {current, std::string("runc"), std::string("crun")}) {
    const Settings* owner = name == wanted.name ? nullptr : last_with(table.runtimes / name, settings, others);
    if (!owner) continue;
    const std::string type = owner->string(table.runtimes / name / table.type_key).value_or("");
    if (table.can_stand_in(type)) return {owner, name};
    if (name != current) continue;
    notes.push_back(
        wanted.as_default
            ? fmt::format("the default runtime was {} of type {}, which {} cannot stand in for: pods that do not "
                          "name a runtime run on another one now",
                          current, type, wanted.name)
            : fmt::format("the default runtime {} is of type {}, which {} cannot stand in for: pods keep it, and "
                          "get no hooks, unless they name {}",
                          current, type, wanted.name, wanted.name));
  }
  return {};
}

// Everything below one table, put below another of another document.
void graft(const Settings& from, const Key& from_table, Settings& to, const Key& to_table) {
  for (const std::string& name : from.names(from_table)) {
    if (const auto value = from.spelling(from_table / name))
      to.set(to_table / name, *value);
    else
      graft(from, from_table / name, to, to_table / name);
  }
}

void inherit(const Model& model, Settings& settings, const RuntimeTable& table, const std::string& name,
             const std::vector<const Settings*>& others) {
  if (model.settings == &settings) return settings.copy_table(table.runtimes / model.name, name);
  if (!model.settings) return;
  for (const Settings* other : others) graft(*other, table.runtimes / model.name, settings, table.runtimes / name);
}

// The name that is there already when it differs in case only: engines read "binaryName" and "BinaryName" alike.
Key as_written(const Settings& settings, Key key) {
  const std::string name = key.back();
  key.pop_back();
  for (const std::string& present : settings.names(key))
    if (strcasecmp(present.c_str(), name.c_str()) == 0) return key / present;
  return key / name;
}

// Where this entry has the path: first the key that counts for entries of any type.
std::vector<Key> binary_keys(const Settings& settings, const RuntimeTable& table, const Key& entry) {
  if (table.binary.empty()) return {entry};
  std::vector<Key> result = {as_written(settings, entry + table.binary)};
  if (!table.old_type.empty() && settings.string(entry / table.type_key) == table.old_type)
    result.push_back(as_written(settings, entry + table.old_binary));
  return result;
}

std::string path_of(const Settings& settings, const RuntimeTable& table, const Key& entry) {
  const Key key = binary_keys(settings, table, entry).front();
  if (!table.binary_in_list) return settings.string(key).value_or("");
  const std::vector<std::string> paths = settings.strings(key);
  return paths.empty() ? "" : paths.front();
}

void set_path(Settings& settings, const RuntimeTable& table, const Key& entry, const std::string& path) {
  if (path_of(settings, table, entry) == path) return;
  const std::string value = settings.quoted(path);
  for (const Key& key : binary_keys(settings, table, entry))
    settings.set(key, table.binary_in_list ? fmt::format("[{}]", value) : value);
}

bool has_rival(const Settings& settings, const RuntimeTable& table, const Key& entry) {
  return !table.rival.empty() && settings.contains(entry / table.rival);
}

// Puts back what the document said before; what was made on the way and is empty goes, too.
void restore(Settings& settings, Key key, const Settings& before) {
  if (const auto value = before.spelling(key)) return settings.set(key, *value);
  settings.remove(key);
  for (key.pop_back(); !key.empty() && !before.contains(key) && settings.names(key).empty(); key.pop_back())
    settings.remove(key);
}

// A default whose entry somebody has removed since would keep the engine from starting.
bool is_usable(const std::string& name, const Settings& settings, const Settings& before, const RuntimeTable& table) {
  return !before.contains(table.runtimes / name) || settings.contains(table.runtimes / name);
}

void restore_default(Settings& settings, const RuntimeTable& table, const std::string& name, const Settings* before,
                     Notes& notes) {
  if (settings.string(table.default_name) != name) return;
  const std::optional<std::string> previous = before ? before->string(table.default_name) : std::nullopt;
  if (previous == name) return;
  if (before && (!previous || is_usable(*previous, settings, *before, table)))
    return restore(settings, table.default_name, *before);
  settings.remove(table.default_name);
  notes.push_back(
      before ? fmt::format("the previous default runtime {} is gone: the engine's own default applies", *previous)
             : "what the default runtime was before is not recorded: the engine's own default applies");
}

void restore_entry(Settings& settings, const RuntimeTable& table, const Key& entry, const Settings& before) {
  if (has_rival(before, table, entry)) return settings.set(entry, *before.spelling(entry));
  for (const Key& key : binary_keys(settings, table, entry)) restore(settings, key, before);
  if (!table.type_key.empty() && !before.contains(entry / table.type_key)) settings.remove(entry / table.type_key);
}

// Without it, containerd 1.x does not find the runtime that its default names, and serves no pods at all.
void write_built_in(Settings& settings, const RuntimeTable& table, Notes& notes) {
  if (!table.forgets_built_in || !settings.names(table.runtimes).empty()) return;
  settings.set(table.runtimes / table.built_in_default / table.type_key, settings.quoted(table.type));
  notes.push_back(
      fmt::format("the runtime {} is written out: the engine forgets the one it has built in when its file has "
                  "any",
                  table.built_in_default));
}

void remove_built_in(Settings& settings, const RuntimeTable& table, const Settings& before) {
  const Key built_in = table.runtimes / table.built_in_default;
  const bool is_ours = table.forgets_built_in && !before.contains(built_in) &&
                       settings.names(table.runtimes).size() == 1 &&
                       settings.names(built_in) == std::vector{std::string(table.type_key)};
  if (is_ours) restore(settings, built_in, before);
}

}  // namespace

// The default comes first: where its table is missing, too, the runtime's table belongs behind that one.
void configure_runtime(Settings& settings, const RuntimeTable& table, const Wanted& wanted,
                       const std::vector<const Settings*>& others, Notes& notes) {
  const Key entry = table.runtimes / wanted.name;
  if (has_rival(settings, table, entry)) settings.remove(entry);
  write_built_in(settings, table, notes);
  Model model;
  if (table.can_stand_in && !settings.contains(entry)) model = model_of(settings, table, wanted, others, notes);
  if (wanted.as_default && settings.string(table.default_name) != wanted.name)
    settings.set(table.default_name, settings.quoted(wanted.name));
  inherit(model, settings, table, wanted.name, others);
  if (!table.type_key.empty() && settings.string(entry / table.type_key).value_or("").empty())
    settings.set(entry / table.type_key, settings.quoted(table.type));
  set_path(settings, table, entry, wanted.path);
}

void unconfigure_runtime(Settings& settings, const RuntimeTable& table, const std::string& name, const Settings* before,
                         Notes& notes) {
  const Key entry = table.runtimes / name;
  if (before && before->contains(entry))
    restore_entry(settings, table, entry, *before);
  else if (before && !table.keeps_empty_table)
    restore(settings, entry, *before);
  else
    settings.remove(entry);
  if (before) remove_built_in(settings, table, *before);
  restore_default(settings, table, name, before, notes);
}

std::vector<RuntimeEntry> runtime_entries(const Settings& settings, const RuntimeTable& table) {
  const std::optional<std::string> default_name = settings.string(table.default_name);
  std::vector<RuntimeEntry> result;
  for (const std::string& name : settings.names(table.runtimes))
    result.push_back({name, path_of(settings, table, table.runtimes / name), default_name == name});
  return result;
}
