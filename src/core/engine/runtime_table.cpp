// SPDX-License-Identifier: Apache-2.0
#include "core/engine/runtime_table.h"

#include <strings.h>

#include <algorithm>
#include <array>

#include "core/error.h"

namespace {

const Document* last_with(const Key& key, const Document& document, const std::vector<const Document*>& others) {
  if (document.contains(key)) return &document;
  const auto found =
      std::find_if(others.rbegin(), others.rend(), [&](const Document* other) { return other->contains(key); });
  return found == others.rend() ? nullptr : *found;
}

struct Model {
  const Document* document = nullptr;  // where its table is; nullptr: there is none
  std::string name;
};

// The runtime that the shim stands in for: the default if it can, else a usual one.
Model model_of(const Document& document, const RuntimeTable& table, const Wanted& wanted,
               const std::vector<const Document*>& others, Notes& notes) {
  const Document* says_default = last_with(table.default_name, document, others);
  const std::string current =
      says_default ? *says_default->string(table.default_name) : std::string(table.built_in_default);
  for (const std::string& name : {current, std::string("runc"), std::string("crun")}) {
    const Document* owner = name == wanted.name ? nullptr : last_with(table.runtimes / name, document, others);
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
void graft(const Document& from, const Key& from_table, Document& to, const Key& to_table) {
  for (const std::string& name : from.names(from_table)) {
    if (const auto value = from.spelling(from_table / name))
      to.set(to_table / name, *value);
    else
      graft(from, from_table / name, to, to_table / name);
  }
}

void inherit(const Model& model, Document& document, const RuntimeTable& table, const std::string& name,
             const std::vector<const Document*>& others) {
  if (model.document == &document) return document.copy_table(table.runtimes / model.name, name);
  if (!model.document) return;
  for (const Document* other : others) graft(*other, table.runtimes / model.name, document, table.runtimes / name);
}

// The name that is there already when it differs in case only: engines read "binaryName" and "BinaryName" alike.
Key as_written(const Document& document, Key key) {
  const std::string name = key.back();
  key.pop_back();
  for (const std::string& present : document.names(key))
    if (strcasecmp(present.c_str(), name.c_str()) == 0) return key / present;
  return key / name;
}

// Where this entry has the path: first the key that counts for entries of any type.
std::vector<Key> binary_keys(const Document& document, const RuntimeTable& table, const Key& entry) {
  if (table.binary.empty()) return {entry};
  std::vector<Key> result = {as_written(document, entry + table.binary)};
  if (!table.old_type.empty() && document.string(entry / table.type_key) == table.old_type)
    result.push_back(as_written(document, entry + table.old_binary));
  return result;
}

std::string path_of(const Document& document, const RuntimeTable& table, const Key& entry) {
  const Key key = binary_keys(document, table, entry).front();
  if (!table.binary_in_list) return document.string(key).value_or("");
  const std::vector<std::string> paths = document.strings(key);
  return paths.empty() ? "" : paths.front();
}

void set_path(Document& document, const RuntimeTable& table, const Key& entry, const std::string& path) {
  if (path_of(document, table, entry) == path) return;
  const std::string value = document.quoted(path);
  for (const Key& key : binary_keys(document, table, entry))
    document.set(key, table.binary_in_list ? fmt::format("[{}]", value) : value);
}

bool has_rival(const Document& document, const RuntimeTable& table, const Key& entry) {
  return !table.rival.empty() && document.contains(entry / table.rival);
}

// Puts back what the document said before; what was made on the way and is empty goes, too.
void restore(Document& document, Key key, const Document& before) {
  if (const auto value = before.spelling(key)) return document.set(key, *value);
  document.remove(key);
  for (key.pop_back(); !key.empty() && !before.contains(key) && document.names(key).empty(); key.pop_back())
    document.remove(key);
}

// A default whose entry somebody has removed since would keep the engine from starting.
bool is_usable(const std::string& name, const Document& document, const Document& before, const RuntimeTable& table) {
  return !before.contains(table.runtimes / name) || document.contains(table.runtimes / name);
}

void restore_default(Document& document, const RuntimeTable& table, const std::string& name, const Document* before,
                     Notes& notes) {
  if (document.string(table.default_name) != name) return;
  const std::optional<std::string> previous = before ? before->string(table.default_name) : std::nullopt;
  if (previous == name) return;
  if (before && (!previous || is_usable(*previous, document, *before, table)))
    return restore(document, table.default_name, *before);
  document.remove(table.default_name);
  notes.push_back(
      before ? fmt::format("the previous default runtime {} is gone: the engine's own default applies", *previous)
             : "what the default runtime was before is not recorded: the engine's own default applies");
}

void restore_entry(Document& document, const RuntimeTable& table, const Key& entry, const Document& before) {
  if (has_rival(before, table, entry)) return document.set(entry, *before.spelling(entry));
  for (const Key& key : binary_keys(document, table, entry)) restore(document, key, before);
  if (!table.type_key.empty() && !before.contains(entry / table.type_key)) document.remove(entry / table.type_key);
}

// Without it, containerd 1.x does not find the runtime that its default names, and serves no pods at all.
void write_built_in(Document& document, const RuntimeTable& table, Notes& notes) {
  if (!table.forgets_built_in || !document.names(table.runtimes).empty()) return;
  document.set(table.runtimes / table.built_in_default / table.type_key, document.quoted(table.type));
  notes.push_back(
      fmt::format("the runtime {} is written out: the engine forgets the one it has built in when its file has "
                  "any",
                  table.built_in_default));
}

void remove_built_in(Document& document, const RuntimeTable& table, const Document& before) {
  const Key built_in = table.runtimes / table.built_in_default;
  const bool is_ours = table.forgets_built_in && !before.contains(built_in) &&
                       document.names(table.runtimes).size() == 1 &&
                       document.names(built_in) == std::vector{std::string(table.type_key)};
  if (is_ours) restore(document, built_in, before);
}

}  // namespace

// The default comes first: where its table is missing, too, the runtime's table belongs behind that one.
void configure_runtime(Document& document, const RuntimeTable& table, const Wanted& wanted,
                       const std::vector<const Document*>& others, Notes& notes) {
  const Key entry = table.runtimes / wanted.name;
  if (has_rival(document, table, entry)) document.remove(entry);
  write_built_in(document, table, notes);
  Model model;
  if (table.can_stand_in && !document.contains(entry)) model = model_of(document, table, wanted, others, notes);
  if (wanted.as_default && document.string(table.default_name) != wanted.name)
    document.set(table.default_name, document.quoted(wanted.name));
  inherit(model, document, table, wanted.name, others);
  if (!table.type_key.empty() && document.string(entry / table.type_key).value_or("").empty())
    document.set(entry / table.type_key, document.quoted(table.type));
  set_path(document, table, entry, wanted.path);
}

void unconfigure_runtime(Document& document, const RuntimeTable& table, const std::string& name, const Document* before,
                         Notes& notes) {
  const Key entry = table.runtimes / name;
  if (before && before->contains(entry))
    restore_entry(document, table, entry, *before);
  else if (before && !table.keeps_empty_table)
    restore(document, entry, *before);
  else
    document.remove(entry);
  if (before) remove_built_in(document, table, *before);
  restore_default(document, table, name, before, notes);
}

std::vector<RuntimeEntry> runtime_entries(const Document& document, const RuntimeTable& table) {
  const std::optional<std::string> default_name = document.string(table.default_name);
  std::vector<RuntimeEntry> result;
  for (const std::string& name : document.names(table.runtimes))
    result.push_back({name, path_of(document, table, table.runtimes / name), default_name == name});
  return result;
}
