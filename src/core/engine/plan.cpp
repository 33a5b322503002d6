// SPDX-License-Identifier: Apache-2.0
#include "core/engine/plan.h"

#include <unistd.h>

#include <algorithm>

#include "core/engine/checker.h"
#include "core/engine/place.h"
#include "core/engine/undo.h"
#include "core/error.h"
#include "core/host/path.h"
#include "core/host/root.h"
#include "core/text/split.h"
#include "core/text/utf8.h"
#include "core/toolkit/install.h"
#include "core/toolkit/names.h"

namespace {

template <class Item>
void append(std::vector<Item>& list, std::vector<Item> more) {
  std::ranges::move(more, std::back_inserter(list));
}

enum class Part : std::uint8_t { runtime, import };  // of ours in a file

// A text without our part.
struct Rest {
  std::optional<std::string> text;  // nothing: no file is left
  Notes notes;
};

// A file of the engine that has a part of ours, or is to have it, with the record of how it came there.
class EngineFile {
 public:
  EngineFile(const EngineRequest& request, const Place& place, Part part)
      : request_(request),
        place_(place),
        part_(part),
        records_(request.root),
        change_(file_change(request.root, part == Part::runtime ? place.target : place.main)),
        canonical_(canonical_in_root(request.root, change_.path)),
        record_(records_.find(canonical_, request.wanted.name)) {}

  std::unique_ptr<Document> document() const { return read(change_.before); }
  bool is_changed() const { return change_.is_needed(); }
  const std::string& path() const { return change_.path; }
  /// The runtime that is there under our name.
  std::optional<RuntimeEntry> entry() const;
  bool is_foreign() const;

  void become(const Document& document);
  /// Becomes what it is without our part.
  Notes take_back();
  /// Becomes what it is with the default of before.
  Notes release_default();
  bool is_kept_by_reload() const;

  /// The record, then the file.
  std::vector<Change> changes_to_configure() &&;
  /// The file, then the records: those of others, which took our part for part of the file, must not bring it back.
  std::vector<Change> changes_to_unconfigure() &&;
  std::vector<Change> changes_to_release() &&;

 private:
  std::unique_ptr<Document> read(const std::optional<std::string>& text) const {
    return request_.engine->read(change_.shown_path(), text.value_or(""));
  }
  Rest without_part(const std::string& text) const;
  Notes remove_part(Document& document) const;
  void remove_import(Document& document) const;
  bool is_nobody_elses(const std::string& rest) const;
  Rest taken_back(const std::optional<std::string>& text) const;

  const EngineRequest& request_;
  const Place& place_;
  Part part_;
  UndoRecords records_;
  Change change_;
  std::string canonical_;
  std::optional<UndoRecord> record_;  // of an earlier configure
};

std::optional<RuntimeEntry> EngineFile::entry() const {
  const auto file = document();
  for (const RuntimeEntry& entry : runtime_entries(*file, request_.engine->table(*file)))
    if (entry.name == request_.wanted.name) return entry;
  return std::nullopt;
}

bool EngineFile::is_foreign() const {
  const std::optional<RuntimeEntry> found = record_ || !change_.before ? std::nullopt : entry();
  return found && !is_shim(found->path, request_.wanted.path);
}

void EngineFile::become(const Document& document) {
  if (document.content() != change_.before.value_or("")) change_.after = document.content();
}

// What is in imports since configure, however it is spelled.
void EngineFile::remove_import(Document& document) const {
  if (!record_) return;
  const auto before = read(record_->before);
  const std::vector<std::string> old = before->strings_if_any({"imports"});
  std::vector<std::string> ours = read(record_->after)->strings_if_any({"imports"});
  for (const std::string& path : old) std::erase(ours, path);
  std::vector<std::string> imports = document.strings_if_any({"imports"});
  const auto is_ours = [&](const std::string& path) { return std::ranges::find(ours, path) != ours.end(); };
  if (std::erase_if(imports, is_ours) == 0) return;
  const auto spelling = before->spelling({"imports"});
  if (imports == old && !spelling) return document.remove({"imports"});
  for (std::string& path : imports) path = document.quoted(path);
  document.set({"imports"}, imports == old ? *spelling : fmt::format("[{}]", join(imports, ", ")));
}

Notes EngineFile::remove_part(Document& document) const {
  if (part_ == Part::import) return remove_import(document), Notes();
  const auto before = record_ ? read(record_->before) : nullptr;
  return unconfigure_runtime(document, request_.engine->table(document), request_.wanted.name, before.get());
}

Rest EngineFile::without_part(const std::string& text) const {
  const auto document = read(text);
  const std::string content = document->content();  // "{}" of an empty JSON file
  Notes notes = remove_part(*document);
  return {document->content() == content ? text : document->content(), std::move(notes)};
}

// Of a file that we made: whether what is left is what we made besides.
bool EngineFile::is_nobody_elses(const std::string& rest) const {
  if (record_) return !record_->before && rest == without_part(record_->after).text;
  return place_.is_own() && read(rest)->is_empty_but_for({});
}

Rest EngineFile::taken_back(const std::optional<std::string>& text) const {
  if (!text || (record_ && text == record_->before)) return {text, {}};
  if (record_ && text == record_->after) return {record_->before, {}};
  Rest rest = without_part(*text);
  if (rest.text != text && is_nobody_elses(*rest.text)) rest.text = std::nullopt;
  return rest;
}

Notes EngineFile::take_back() {
  Rest rest = taken_back(change_.before);
  change_.after = std::move(rest.text);
  return std::move(rest.notes);
}

Notes EngineFile::release_default() {
  if (!change_.before) return {};
  const auto document = this->document(), before = record_ ? read(record_->before) : nullptr;
  Notes notes = ::release_default(*document, request_.engine->table(*document), request_.wanted.name, before.get());
  become(*document);
  return notes;
}

bool EngineFile::is_kept_by_reload() const {
  const auto now = read(change_.before);
  return ::is_kept_by_reload(*now, *read(change_.after), request_.engine->table(*now), request_.wanted.name);
}

// The record of a change that adds to an earlier one still leads back to before that one.
std::vector<Change> EngineFile::changes_to_configure() && {
  std::vector<Change> result;
  if (!is_changed()) return result;
  const auto before = record_ ? taken_back(change_.before).text : change_.before;
  result.push_back(
      records_.to_save({std::string(request_.engine->name), request_.wanted.name, canonical_, before, *change_.after}));
  result.push_back(std::move(change_));
  return result;
}

std::vector<Change> EngineFile::changes_to_unconfigure() && {
  std::vector<Change> result;
  if (record_)
    for (UndoRecord& other : records_.others(canonical_, request_.wanted.name)) {
      other.before = taken_back(other.before).text;
      other.after = taken_back(other.after).text.value_or("");
      result.push_back(records_.to_save(other));
    }
  result.push_back(records_.to_remove(canonical_, request_.wanted.name));
  result.insert(result.begin(), std::move(change_));
  return result;
}

// Without a record there is none of this either: it would lead back to a file with our runtime.
std::vector<Change> EngineFile::changes_to_release() && {
  std::vector<Change> result;
  if (record_) return std::move(*this).changes_to_configure();
  if (is_changed()) result.push_back(std::move(change_));
  return result;
}

void check_request(const EngineRequest& request) {
  if (!request.wanted.path.starts_with('/'))
    throw UsageError(fmt::format("--path {}: an absolute path is expected", request.wanted.path));
  if (request.wanted.name.empty()) throw UsageError("--name: a name is expected");
  for (const std::string& text : {request.wanted.name, request.wanted.path, request.config_file, request.drop_in})
    if (valid_utf8(text) != text) throw UsageError(fmt::format("{}: UTF-8 is expected", text));
  for (const std::string& path : {request.config_file, request.drop_in})
    if (!path.empty() && !path.starts_with('/'))
      throw UsageError(fmt::format("{}: an absolute path is expected", path));
  if (request.engine->check_request) request.engine->check_request(request.wanted);
}

Place place_of(const EngineRequest& request) {
  check_request(request);
  return {*request.engine, request.root, request.config_file, request.drop_in};
}

// A default that cannot be executed would fail every container.
Notes require_program(const EngineRequest& request) {
  if (request.program_comes) return {};
  const RootedPath program(request.root, request.program());
  const auto status = status_of(program);
  if (status && S_ISDIR(status->st_mode))
    errno = EISDIR;
  else if (is_executable(program))
    return {};
  const std::string reason = fmt::format("{} cannot be executed: {}", program.shown(), errno_text(errno));
  if (!request.force) throw error("{}; --force configures it all the same", reason);
  return {reason};
}

// The name by which an engine calls the shim with a profile: it is there before a file names it.
Change link_to_program(const EngineRequest& request) {
  const RootedPath here(request.root, request.wanted.path);
  Change change = link_change(request.root, request.wanted.path, std::string(base_name(request.program())));
  if (leads_to_toolkit(here)) change.after = change.before;
  if (change.before && change.is_needed())
    throw error("{} is in the way: it does not lead to {}", here.shown(), runtime_role);
  return change;
}

// Whether the engines' files name the link elsewhere than in the runtime that goes.
bool is_needed_by_others(const std::string& link, const EngineRequest& request, const std::string& file) {
  return std::ranges::any_of(engines, [&](const Engine* engine) {
    const auto runtimes = configured_runtimes(*engine, request.root, link);
    return std::ranges::any_of(runtimes, [&](const ConfiguredRuntime& runtime) {
      const bool is_the_one = runtime.file == file && runtime.entry.name == request.wanted.name;
      return runtime.entry.path == link && !is_the_one;
    });
  });
}

std::vector<Change> unneeded_link(const EngineRequest& request, const EngineFile& target) {
  std::vector<Change> result;
  if (request.link_suffix.empty()) return result;
  const auto entry = target.entry();
  const std::string link = entry && entry->path.ends_with(request.link_suffix) ? entry->path : request.wanted.path;
  if (leads_to_toolkit({request.root, link}) && !is_needed_by_others(link, request, request.root + target.path()))
    result.push_back(link_change(request.root, link, std::nullopt));
  return result;
}

Notes put_runtime(EngineFile& file, const Place& place, const EngineRequest& request) {
  const Engine& engine = *request.engine;
  const auto owners = place.others();
  std::vector<const Document*> others;
  for (const auto& other : owners) others.push_back(other.get());
  const auto document = file.document();
  const Document* main = others.empty() ? nullptr : others.front();
  if (request.wanted.as_default && document->is_template())
    throw error("{}: a template cannot say which runtime is the default: put default-runtime: {} into {}",
                request.root + place.target, request.wanted.name, engine.distribution.settings);
  Notes notes = engine.prepare ? engine.prepare(*document, main, request.root) : Notes();
  append(notes, configure_runtime(*document, engine.table(*document), request.wanted, others));
  if (engine.ineffective) append(notes, engine.ineffective(main ? *main : *document, request.wanted));
  file.become(*document);
  return notes;
}

bool is_imported(const Place& place) { return place.is_drop_in() && place.engine.import; }

void add_import(EnginePlan& plan, const Place& place, const EngineRequest& request) {
  EngineFile main(request, place, Part::import);
  const auto document = main.document();
  append(plan.notes, request.engine->prepare(*document, nullptr, request.root));
  request.engine->import(*document, place.target);
  main.become(*document);
  append(plan.changes, std::move(main).changes_to_configure());
}

void take_back_import(EnginePlan& plan, const Place& place, const EngineRequest& request) {
  EngineFile main(request, place, Part::import);
  append(plan.notes, main.take_back());
  append(plan.changes, std::move(main).changes_to_unconfigure());
}

EnginePlan new_plan(const EngineRequest& request) {
  EnginePlan plan;
  plan.engine = request.engine;
  return plan;
}

// Who uses the runtime that is gone, as far as the engine on this host tells.
Notes notes_on_users(const EngineRequest& request) {
  const Engine& engine = *request.engine;
  if (!engine.users || !request.root.empty()) return {};
  const std::vector<std::string> users = engine.users(request.wanted.name);
  if (users.empty()) return {};
  return {fmt::format("{}: {}", fmt::format(fmt::runtime(engine.users_note), request.wanted.name), join(users, ", "))};
}

Notes notes_after(const EngineRequest& request) {
  const std::string_view note = request.engine->unconfigured_note;
  Notes notes = notes_on_users(request);
  if (!note.empty()) notes.push_back(fmt::format(fmt::runtime(note), request.wanted.name));
  return notes;
}

// Whoever names containerd on a node of theirs means theirs, mostly.
Notes notes_on_distributions(const EngineRequest& request) {
  Notes notes;
  if (request.engine != &containerd || !request.config_file.empty()) return notes;
  for (const Engine* engine : engines)
    if (engine->is_distribution() && is_there(*engine, request.root))
      notes.push_back(
          fmt::format("this host has {}, whose containerd is another: --runtime={}", engine->name, engine->name));
  return notes;
}

EnginePlan note_of_foreign(EnginePlan plan, const Place& place, const EngineRequest& request) {
  plan.notes.push_back(
      fmt::format("{}: the runtime {} there is not ours and stays", place.target, request.wanted.name));
  return plan;
}

std::string way_to_finish(const EngineRequest& request) {
  const std::string name =
      request.wanted.name == default_runtime_name ? "" : fmt::format(" --name={}", request.wanted.name);
  return fmt::format("container-hooks-ctk runtime unconfigure --runtime={}{}", request.engine->name, name);
}

}  // namespace

EnginePlan plan_configure(const EngineRequest& request) {
  const Place place = place_of(request);
  EnginePlan plan = new_plan(request);
  EngineFile target(request, place, Part::runtime);
  plan.notes = put_runtime(target, place, request);
  append(plan.notes, place.notes());
  append(plan.notes, notes_on_distributions(request));
  append(plan.notes, require_program(request));
  if (request.wanted.as_default && target.is_changed() && !request.engine->as_default_note.empty())
    plan.notes.push_back(fmt::format(fmt::runtime(request.engine->as_default_note), request.wanted.name));
  if (!request.link_suffix.empty()) plan.changes.push_back(link_to_program(request));
  append(plan.changes, std::move(target).changes_to_configure());
  if (is_imported(place)) add_import(plan, place, request);
  if (plan.has(Change::Kind::file)) plan.reload = reload_of(*request.engine, request.root);
  return plan;
}

EnginePlan plan_unconfigure(const EngineRequest& request) {
  const Place place = place_of(request);
  EnginePlan plan = new_plan(request);
  EngineFile target(request, place, Part::runtime);
  if (target.is_foreign()) return note_of_foreign(std::move(plan), place, request);
  std::vector<Change> link = unneeded_link(request, target);
  plan.notes = target.take_back();
  const bool needs_restart = target.is_kept_by_reload();
  if (is_imported(place)) take_back_import(plan, place, request);
  append(plan.changes, std::move(target).changes_to_unconfigure());
  append(plan.changes, std::move(link));
  if (!plan.has(Change::Kind::file)) return plan;
  append(plan.notes, notes_after(request));
  plan.reload = needs_restart ? request.engine->restart : reload_of(*request.engine, request.root);
  return plan;
}

EnginePlan plan_release(const EngineRequest& request) {
  const Place place = place_of(request);
  EnginePlan plan = new_plan(request);
  EngineFile target(request, place, Part::runtime);
  if (target.is_foreign()) return note_of_foreign(std::move(plan), place, request);
  plan.notes = target.release_default();
  if (!target.is_changed()) return plan;
  plan.reload = target.is_kept_by_reload() ? request.engine->restart : reload_of(*request.engine, request.root);
  append(plan.changes, std::move(target).changes_to_release());
  append(plan.notes, notes_on_users(request));
  plan.notes.push_back(fmt::format("{} stays for the containers that need it; when there are none: {}",
                                   request.wanted.name, way_to_finish(request)));
  return plan;
}

// Drop-ins are written before the file that imports them, whose checker then finds them.
Notes apply(const EnginePlan& plan, Transaction& transaction) {
  Notes notes;
  for (const Change& change : plan.changes) {
    if (change.kind == Change::Kind::file && change.is_needed() && change.root.empty())
      append(notes, check(*plan.engine, change));
    transaction.carry_out(change);
  }
  return notes;
}

Notes apply(const EnginePlan& plan) {
  Transaction transaction;
  Notes notes = apply(plan, transaction);
  transaction.keep();
  return notes;
}
