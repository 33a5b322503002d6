// SPDX-License-Identifier: Apache-2.0
#include "core/engine/runtime_table.h"

#include <strings.h>

#include <algorithm>
#include <array>

#include "core/text/split.h"

namespace {

using Others = std::vector<const Document*>;

// The name that is there already when it differs in case only: engines read "binaryName" and "BinaryName" alike.
Key as_written(const Document& document, Key key) {
  const std::string name = key.back();
  key.pop_back();
  for (const std::string& present : document.names_if_any(key))
    if (strcasecmp(present.c_str(), name.c_str()) == 0) return key / present;
  return key / name;
}

// Where this entry has the path: first the key that counts for entries of any type.
std::vector<Key> binary_keys(const Document& document, const RuntimeTable& table, const Key& entry) {
  if (table.binary.empty()) return {entry};
  std::vector<Key> result = {as_written(document, entry + table.binary)};
  if (!table.old_type.empty() && document.string_if_any(entry / table.type_key) == table.old_type)
    result.push_back(as_written(document, entry + table.old_binary));
  return result;
}

std::string path_of(const Document& document, const RuntimeTable& table, const Key& entry) {
  const Key key = binary_keys(document, table, entry).front();
  if (!table.binary_in_list) return document.string_if_any(key).value_or("");
  const std::vector<std::string> paths = document.strings_if_any(key);
  return paths.empty() ? "" : paths.front();
}

bool has_excluded_key(const Document& document, const RuntimeTable& table, const Key& entry) {
  return !table.excluded_key.empty() && document.kind(entry / table.excluded_key) != Document::Kind::missing;
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

struct Model {
  const Document* document = nullptr;  // where its table is; nullptr: there is none
  std::string name;
};

class Configuration {
 public:
  Configuration(Document& document, const RuntimeTable& table, const Wanted& wanted, const Others& others)
      : document_(document), table_(table), wanted_(wanted), others_(others), entry_(table.runtimes / wanted.name) {}

  Notes make();

 private:
  using Kind = Document::Kind;

  const Document* last_with(const Key& key, Kind kind) const;
  std::string current_default() const;
  const Document* owner_of(const std::string& name) const;
  std::string type_of(const Document& owner, const std::string& name) const;
  bool can_stand_in_for(const std::string& name) const;
  Model model() const;
  Notes notes_on_default() const;
  void inherit(const Model& model);
  void set_path();

  Document& document_;
  const RuntimeTable& table_;
  const Wanted& wanted_;
  const Others& others_;
  Key entry_;
};

const Document* Configuration::last_with(const Key& key, Kind kind) const {
  if (document_.kind(key) == kind) return &document_;
  const auto found =
      std::find_if(others_.rbegin(), others_.rend(), [&](const Document* other) { return other->kind(key) == kind; });
  return found == others_.rend() ? nullptr : *found;
}

std::string Configuration::current_default() const {
  const Document* owner = last_with(table_.default_name, Kind::string);
  return owner ? *owner->string_if_any(table_.default_name) : std::string(table_.built_in_default);
}

const Document* Configuration::owner_of(const std::string& name) const {
  return name == wanted_.name ? nullptr : last_with(table_.runtimes / name, Kind::table);
}

std::string Configuration::type_of(const Document& owner, const std::string& name) const {
  return owner.string_if_any(table_.runtimes / name / table_.type_key).value_or("");
}

// What the engine itself would refuse is not a model.
bool Configuration::can_stand_in_for(const std::string& name) const {
  const Document* owner = owner_of(name);
  if (!owner) return false;
  const Key entry = table_.runtimes / name;
  const Kind type = owner->kind(entry / table_.type_key);
  const Kind options = table_.binary.size() > 1 ? owner->kind(entry / table_.binary.front()) : Kind::table;
  return (type == Kind::string || type == Kind::missing) && (options == Kind::table || options == Kind::missing) &&
         table_.can_stand_in(type_of(*owner, name));
}

// The runtime that the shim stands in for: the default if it can, else a usual one.
Model Configuration::model() const {
  if (!table_.can_stand_in || document_.contains(entry_)) return {};
  for (const std::string& name : {current_default(), std::string("runc"), std::string("crun")})
    if (can_stand_in_for(name)) return {owner_of(name), name};
  return {};
}

Notes Configuration::notes_on_default() const {
  if (!table_.can_stand_in || document_.contains(entry_)) return {};
  const std::string current = current_default();
  const Document* owner = owner_of(current);
  if (!owner || can_stand_in_for(current)) return {};
  const std::string type = type_of(*owner, current);
  if (wanted_.as_default)
    return {
        fmt::format("the default runtime was {} of type {}, which {} cannot stand in for: pods that do not name a "
                    "runtime run on another one now",
                    current, type, wanted_.name)};
  return {
      fmt::format("the default runtime {} is of type {}, which {} cannot stand in for: pods keep it, and get no "
                  "hooks, unless they name {}",
                  current, type, wanted_.name, wanted_.name)};
}

void Configuration::inherit(const Model& model) {
  if (model.document == &document_) return document_.copy_table(table_.runtimes / model.name, wanted_.name);
  if (!model.document) return;
  for (const Document* other : others_)
    if (other->kind(table_.runtimes / model.name) == Kind::table)
      graft(*other, table_.runtimes / model.name, document_, entry_);
}

void Configuration::set_path() {
  if (path_of(document_, table_, entry_) == wanted_.path) return;
  const std::string value = document_.quoted(wanted_.path);
  for (const Key& key : binary_keys(document_, table_, entry_))
    document_.set(key, table_.binary_in_list ? fmt::format("[{}]", value) : value);
}

// The default comes first: where its table is missing, too, the runtime's table belongs after that one.
Notes Configuration::make() {
  if (has_excluded_key(document_, table_, entry_)) document_.remove(entry_);
  Notes notes = notes_on_default();
  const Model inherited = model();
  if (wanted_.as_default && document_.string(table_.default_name) != wanted_.name)
    document_.set(table_.default_name, document_.quoted(wanted_.name));
  inherit(inherited);
  if (!table_.type_key.empty() && document_.string(entry_ / table_.type_key).value_or("").empty())
    document_.set(entry_ / table_.type_key, document_.quoted(table_.type));
  set_path();
  return notes;
}

// The way back to what the file said before; nullptr: nobody knows what that was.
class Restoration {
 public:
  Restoration(Document& document, const RuntimeTable& table, const std::string& name, const Document* before)
      : document_(document), table_(table), name_(name), before_(before), entry_(table.runtimes / name) {}

  Notes make();
  Notes restore_default();

 private:
  using Kind = Document::Kind;

  bool had(const Key& key) const { return before_ && before_->kind(key) != Kind::missing; }
  void restore(const Key& key);
  void remove(Key key);
  void restore_entry();
  void remove_built_in();
  bool is_usable(const std::string& runtime) const;
  Notes remove_kept_table(bool default_is_kept);

  Document& document_;
  const RuntimeTable& table_;
  const std::string& name_;
  const Document* before_;
  Key entry_;
};

// With the tables that are empty then, unless they were there; the table of runtimes has a say of its own.
void Restoration::remove(Key key) {
  if (!before_ && document_.kind(key) == Kind::missing) return;
  document_.remove(key);
  for (key.pop_back(); !key.empty() && !had(key); key.pop_back()) {
    if (table_.keeps_missing && key == table_.runtimes) return;
    if (document_.kind(key) != Kind::table || !document_.names(key).empty()) continue;
    document_.remove(key);
  }
}

void Restoration::restore(const Key& key) {
  const auto value = before_ ? before_->spelling(key) : std::nullopt;
  if (!value) return remove(key);
  document_.set(key, *value);
}

void Restoration::restore_entry() {
  if (!had(entry_)) return remove(entry_);
  if (before_->kind(entry_) != Kind::table && !table_.binary.empty()) return restore(entry_);
  if (has_excluded_key(*before_, table_, entry_)) return restore(entry_);
  for (const Key& key : binary_keys(document_, table_, entry_)) restore(key);
  if (!table_.type_key.empty() && before_->string_if_any(entry_ / table_.type_key).value_or("").empty())
    restore(entry_ / table_.type_key);
}

void Restoration::remove_built_in() {
  const Key built_in = table_.runtimes / table_.built_in_default;
  const bool is_ours = before_ && table_.forgets_built_in && !had(built_in) &&
                       document_.names_if_any(table_.runtimes).size() == 1 &&
                       document_.names_if_any(built_in) == std::vector{std::string(table_.type_key)};
  if (is_ours) remove(built_in);
}

// A default whose entry somebody has removed since would keep the engine from starting.
bool Restoration::is_usable(const std::string& runtime) const {
  return !had(table_.runtimes / runtime) || document_.kind(table_.runtimes / runtime) != Kind::missing;
}

Notes Restoration::restore_default() {
  if (document_.string_if_any(table_.default_name) != name_) return {};
  const std::optional<std::string> previous = before_ ? before_->string_if_any(table_.default_name) : std::nullopt;
  if (previous == name_) return {};
  if (before_ && (!previous || is_usable(*previous))) return restore(table_.default_name), Notes();
  remove(table_.default_name);
  return {before_ ? fmt::format("the previous default runtime {} is gone: the engine's own default applies", *previous)
                  : "what the default runtime was before is not recorded: the engine's own default applies"};
}

// Empty, it makes the engine forget our runtime when it reloads; one that must be restarted does not need that.
Notes Restoration::remove_kept_table(bool default_is_kept) {
  const bool is_left = table_.keeps_missing && !had(table_.runtimes) &&
                       document_.kind(table_.runtimes) == Kind::table && document_.names(table_.runtimes).empty();
  if (!is_left) return {};
  if (default_is_kept) return document_.remove(table_.runtimes), Notes();
  return {fmt::format("{} stays as an empty table, which makes a reload forget {}: after a restart it can be removed",
                      join(table_.runtimes, "."), name_)};
}

Notes Restoration::make() {
  const bool was_default = document_.string_if_any(table_.default_name) == name_;
  restore_entry();
  remove_built_in();
  Notes notes = restore_default();
  const bool default_is_kept = was_default && document_.kind(table_.default_name) == Kind::missing;
  std::ranges::move(remove_kept_table(default_is_kept), std::back_inserter(notes));
  return notes;
}

}  // namespace

Notes configure_runtime(Document& document, const RuntimeTable& table, const Wanted& wanted, const Others& others) {
  return Configuration(document, table, wanted, others).make();
}

Notes unconfigure_runtime(Document& document, const RuntimeTable& table, const std::string& name,
                          const Document* before) {
  return Restoration(document, table, name, before).make();
}

Notes release_default(Document& document, const RuntimeTable& table, const std::string& name, const Document* before) {
  return Restoration(document, table, name, before).restore_default();
}

bool write_built_in(Document& document, const RuntimeTable& table) {
  if (!document.names(table.runtimes).empty()) return false;
  document.set(table.runtimes / table.built_in_default / table.type_key, document.quoted(table.type));
  return true;
}

bool is_kept_by_reload(const Document& now, const Document& then, const RuntimeTable& table, std::string_view name) {
  const auto is_missing = [&](const Key& key) { return then.kind(key) == Document::Kind::missing; };
  const bool was_default = now.string_if_any(table.default_name) == name;
  return table.keeps_missing && (is_missing(table.runtimes) || (was_default && is_missing(table.default_name)));
}

std::vector<RuntimeEntry> runtime_entries(const Document& document, const RuntimeTable& table) {
  const std::optional<std::string> default_name = document.string_if_any(table.default_name);
  std::vector<RuntimeEntry> result;
  for (const std::string& name : document.names(table.runtimes))
    result.push_back({name, path_of(document, table, table.runtimes / name), default_name == name});
  return result;
}
