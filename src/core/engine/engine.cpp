// SPDX-License-Identifier: Apache-2.0
#include "core/engine/engine.h"

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>

#include "core/engine/undo.h"
#include "core/error.h"
#include "core/host/child.h"
#include "core/host/directory.h"
#include "core/host/file.h"
#include "core/host/path.h"
#include "core/host/process.h"
#include "core/host/root.h"
#include "core/text/suggestion.h"
#include "core/text/utf8.h"
#include "core/toolkit/names.h"

namespace {

std::string user_configuration_directory() {
  if (const char* directory = environment("XDG_CONFIG_HOME")) return directory;
  const char* home = environment("HOME");
  return fmt::format("{}/.config", home ? home : "");
}

struct Paths {
  std::string main;
  std::string drop_in_directory;
  std::string drop_in;
  std::string_view drop_in_suffix;
};

Paths default_paths(const Engine& engine, const std::string& root, FileOwner owner = file_owner()) {
  const bool rootless = root.empty() && owner == FileOwner::user && !engine.rootless.main.empty();
  const EngineFiles& files = rootless ? engine.rootless : engine.files;
  const std::string base = rootless ? user_configuration_directory() + '/' : "";
  const auto path = [&](std::string_view file) { return file.empty() ? "" : fmt::format("{}{}", base, file); };
  return {path(files.main), path(files.drop_in_directory), path(files.drop_in), files.drop_in_suffix};
}

// A file as it is now and as it shall be.
struct Draft {
  Draft(const EngineRequest& request, std::string path_)
      : path(std::move(path_)), file(read_file(in_root(request.root, path))) {
    if (file.status) now = file.content;
    after = now;
  }

  std::string path;  // in the root
  File file;
  std::optional<std::string> now;  // nothing: there is no file
  std::optional<std::string> after;
};

std::unique_ptr<Document> document_in(const std::optional<std::string>& text, const std::string& path,
                                      const EngineRequest& request) {
  return request.engine->read(path, text.value_or(""));
}

std::unique_ptr<Document> document_now(const Draft& draft, const EngineRequest& request) {
  return document_in(draft.now, draft.path, request);
}

// Which file is edited, and which others have a say.
struct Place {
  explicit Place(const EngineRequest& request) : paths(default_paths(*request.engine, request.root)) {
    const Engine& engine = *request.engine;
    if (!request.drop_in.empty() && paths.drop_in_directory.empty() && !engine.import)
      throw UsageError(fmt::format("--drop-in-config: {} reads no drop-in files", engine.name));
    main = request.config_file.empty() ? paths.main : request.config_file;
    target = !request.drop_in.empty()                                ? request.drop_in
             : request.config_file.empty() && !paths.drop_in.empty() ? paths.drop_in
                                                                     : main;
  }
  bool is_drop_in() const { return target != main; }

  Paths paths;
  std::string main;
  std::string target;
};

// The files that the engine reads beside the main one, in that order: paths in the root.
std::vector<std::string> drop_ins(const Paths& paths, const std::string& root) {
  std::vector<std::string> result;
  if (paths.drop_in_directory.empty()) return result;
  for (const std::string& name : file_names_in(in_root(root, paths.drop_in_directory)))
    if (name.ends_with(paths.drop_in_suffix)) result.push_back(fmt::format("{}/{}", paths.drop_in_directory, name));
  return result;
}

// The engine's other files, in the order it reads them.
std::vector<std::unique_ptr<Document>> other_documents(const EngineRequest& request, const Place& place) {
  std::vector<std::string> paths;
  if (place.is_drop_in()) paths.push_back(place.main);
  if (place.is_drop_in() && request.config_file.empty())
    for (std::string& path : drop_ins(place.paths, request.root)) paths.push_back(std::move(path));
  std::vector<std::unique_ptr<Document>> result;
  for (const std::string& path : paths) {
    if (path == place.target) continue;
    if (const auto content = read_if_exists(in_root(request.root, path)))
      result.push_back(document_in(content, path, request));
  }
  return result;
}

// A text as a file that children can open and that leaves nothing behind.
Fd text_as_file(const std::string& text) {
  Fd file(memfd_create("configuration", 0));  // NOLINT(android-cloexec-memfd-create): for children
  if (!file || write(file.number(), text.data(), text.size()) != static_cast<ssize_t>(text.size()))
    throw system_error("hand the new configuration to the engine's checker");
  return file;
}

// What the engine's own program has against the text; nothing when it accepts it, or cannot be asked.
std::optional<std::string> objection(const Engine& engine, const std::string& text) {
  if (engine.checker.front().empty()) return std::nullopt;
  const Fd file = text_as_file(text);
  std::vector<std::string> argv;
  for (const std::string_view word : engine.checker)
    if (!word.empty())
      argv.push_back(word == "FILE" ? fmt::format("/proc/self/fd/{}", file.number()) : std::string(word));
  const std::optional<ChildResult> child = run_child(argv);
  if (!child || child->status == 0) return std::nullopt;
  if (!engine.unknown_to_checker.empty() && child->output.find(engine.unknown_to_checker) != child->output.npos)
    return std::nullopt;
  std::string reason = child->output.substr(0, child->output.find_last_not_of(" \n") + 1);
  return reason.empty() ? fmt::format("exit status {}", child->status) : reason;
}

// A program that rejects the file as it was, too, is not the one that reads it, or has another complaint.
void ask_checker(const Draft& draft, const EngineRequest& request, Notes& notes) {
  if (!request.root.empty() || !draft.after) return;
  const Engine& engine = *request.engine;
  const std::optional<std::string> reason = objection(engine, *draft.after);
  if (!reason) return;
  if (!draft.now || !objection(engine, *draft.now))
    throw error("{}: {} rejects what would be written: {}", draft.path, engine.checker.front(), *reason);
  notes.push_back(fmt::format("{}: {} rejects it, with these changes and without: {}", draft.path,
                              engine.checker.front(), *reason));
}

void write_draft(const Draft& draft) {
  const std::string& path = draft.file.path;
  if (!draft.after) {
    remove_if_exists(path);
    return;
  }
  create_directories(path.substr(0, path.rfind('/')));
  const File in_new_directory = draft.file.directory ? File() : read_file(path);
  if (replace_file(draft.file.directory ? draft.file : in_new_directory, {*draft.after}, Durability::synced) !=
      Replaced::done)
    throw error("write {}: somebody else has changed it meanwhile, try again", path);
}

// Takes the runtime out of a text, by the record of how it was put in, or without one.
using Remover = void (*)(Document& document, const Document* before, const EngineRequest& request, Notes& notes);

void remove_runtime(Document& document, const Document* before, const EngineRequest& request, Notes& notes) {
  unconfigure_runtime(document, request.engine->table(document), request.wanted.name, before, notes);
}

void remove_import(Document& document, const Document* before, const EngineRequest& request, Notes&) {
  std::vector<std::string> imports = document.strings({"imports"});
  if (!before || std::erase(imports, request.drop_in) == 0) return;
  if (before->strings({"imports"}) == imports) {
    if (const auto spelling = before->spelling({"imports"})) return document.set({"imports"}, *spelling);
    return document.remove({"imports"});
  }
  for (std::string& path : imports) path = document.quoted(path);
  document.set({"imports"}, fmt::format("[{}]", fmt::join(imports, ", ")));
}

// A text of that file without our parts; nothing when no file is left.
std::optional<std::string> taken_back(const std::optional<std::string>& text, const std::string& path,
                                      const std::optional<UndoRecord>& record, const EngineRequest& request,
                                      Remover remover, Notes& notes) {
  if (!text || (record && text == record->before)) return text;
  if (record && text == record->after) return record->before;
  const auto document = document_in(text, path, request);
  const std::string content = document->content();  // "{}" of an empty JSON file
  const auto before = record ? document_in(record->before, path, request) : nullptr;
  remover(*document, before.get(), request, notes);
  if (document->content() == content) return text;
  const bool made_by_us = record ? !record->before : path == default_paths(*request.engine, request.root).drop_in;
  if (made_by_us && document->is_empty_but_for(request.engine->structure())) return std::nullopt;
  return document->content();
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

void remark_on_program(const EngineRequest& request, Notes& notes) {
  const std::string program = in_root(request.root, request.wanted.path);
  if (access(program.c_str(), X_OK) != 0)
    notes.push_back(fmt::format("{} cannot be executed: {}", program, errno_text(errno)));
}

void remark_on_drop_in(const Place& place, const Engine& engine, Notes& notes) {
  const bool is_read = place.target.substr(0, place.target.rfind('/')) == place.paths.drop_in_directory;
  if (place.is_drop_in() && !engine.import && !is_read)
    notes.push_back(
        fmt::format("{} is not in {}: {} does not read it", place.target, place.paths.drop_in_directory, engine.name));
}

void remark_on_reload(const EngineRequest& request, Notes& notes) {
  const Engine& engine = *request.engine;
  if (!engine.reload.empty() && request.root.empty())
    notes.push_back(fmt::format("for {} to read this: {}", engine.name, engine.reload));
}

// What is done to one file.
struct Step {
  Draft draft;
  std::optional<UndoRecord> record;  // of an earlier configure
  Remover remover;

  bool changes() const { return draft.now != draft.after; }
  std::optional<std::string> taken_back(const std::optional<std::string>& text, const EngineRequest& request,
                                        Notes& notes) const {
    return ::taken_back(text, draft.path, record, request, remover, notes);
  }
};

// The record of a change that adds to an earlier one still leads back to before that one.
UndoRecord record_of(const Step& step, const EngineRequest& request) {
  Notes unsaid;
  const auto before = step.record ? step.taken_back(step.draft.now, request, unsaid) : step.draft.now;
  return {std::string(request.engine->name), request.wanted.name, step.draft.path, before, *step.draft.after};
}

// Whoever was put in later took our parts for part of the file: its way back must not bring them back.
void revise_other_records(const UndoRecords& records, const Step& step, const EngineRequest& request) {
  Notes unsaid;
  for (UndoRecord& other : records.others(step.draft.path, request.wanted.name)) {
    other.before = step.taken_back(other.before, request, unsaid);
    other.after = step.taken_back(other.after, request, unsaid).value_or("");
    records.save(other);
  }
}

std::vector<FileChange> changes_of(const std::vector<Step>& steps) {
  std::vector<FileChange> result;
  for (const Step& step : steps)
    if (step.changes()) result.push_back({step.draft.path, step.draft.now, step.draft.after});
  return result;
}

void write_back(const Step& step, const EngineRequest& request) {
  Draft back(request, step.draft.path);
  back.after = step.draft.now;
  write_draft(back);
}

void restore_record(const Step& step, const EngineRequest& request, const UndoRecords& records) {
  if (step.record)
    records.save(*step.record);
  else
    records.remove(step.draft.path, request.wanted.name);
}

void write_step(const Step& step, const EngineRequest& request, const UndoRecords& records, Notes& notes) {
  ask_checker(step.draft, request, notes);
  records.save(record_of(step, request));
  try {
    write_draft(step.draft);
  } catch (const Error&) {
    restore_record(step, request, records);
    throw;
  }
}

// The drop-in before the file that imports it, which its checker then finds; back again when a later step fails.
void write_steps(const std::vector<Step>& steps, const EngineRequest& request, const UndoRecords& records,
                 Notes& notes) {
  std::vector<const Step*> done;
  try {
    for (const Step& step : steps) {
      if (!step.changes()) continue;
      write_step(step, request, records, notes);
      done.push_back(&step);
    }
  } catch (const Error&) {
    for (const Step* step : done) {
      write_back(*step, request);
      restore_record(*step, request, records);
    }
    throw;
  }
}

Step configured_target(const EngineRequest& request, const Place& place, const UndoRecords& records, Notes& notes) {
  const Engine& engine = *request.engine;
  Step step{{request, place.target}, records.find(place.target, request.wanted.name), remove_runtime};
  const auto owners = other_documents(request, place);
  std::vector<const Document*> others;
  for (const auto& other : owners) others.push_back(other.get());
  const auto document = document_now(step.draft, request);
  if (engine.begin) engine.begin(*document, others.empty() ? nullptr : others.front());
  configure_runtime(*document, engine.table(*document), request.wanted, others, notes);
  if (engine.remark) engine.remark(others.empty() ? *document : *others.front(), request.wanted, notes);
  if (document->content() != step.draft.now.value_or("")) step.draft.after = document->content();
  return step;
}

Step importing_main(const EngineRequest& request, const Place& place, const UndoRecords& records) {
  const Engine& engine = *request.engine;
  Step step{{request, place.main}, records.find(place.main, request.wanted.name), remove_import};
  const auto document = document_now(step.draft, request);
  engine.begin(*document, nullptr);
  engine.import(*document, place.target);
  if (document->content() != step.draft.now.value_or("")) step.draft.after = document->content();
  return step;
}

// Those that the engine reads by itself, and those that configure was told to edit.
std::vector<std::string> files_to_search(const Paths& paths, const std::string& root,
                                         const std::vector<UndoRecord>& records) {
  std::vector<std::string> files = {paths.main};
  std::ranges::move(drop_ins(paths, root), std::back_inserter(files));
  for (const UndoRecord& record : records)
    if (std::ranges::find(files, record.path) == files.end()) files.push_back(record.path);
  return files;
}

std::vector<UndoRecord> records_of(const Engine& engine, const std::string& root) {
  std::vector<UndoRecord> records = UndoRecords(root).all();
  std::erase_if(records, [&](const UndoRecord& record) { return record.engine != engine.name; });
  return records;
}

// The names that configure gives: its default, and those of profiles.
bool is_our_name(std::string_view name) { return name == default_runtime_name || name.starts_with("container-hooks-"); }

bool is_recorded(const std::vector<UndoRecord>& records, const std::string& file, const std::string& name) {
  return std::ranges::any_of(records,
                             [&](const UndoRecord& record) { return record.path == file && record.name == name; });
}

// Whether the entry of that name is there and not ours to remove.
bool is_foreign(const Draft& draft, const std::optional<UndoRecord>& record, const EngineRequest& request) {
  if (record || !draft.now) return false;
  const auto document = document_now(draft, request);
  for (const RuntimeEntry& entry : runtime_entries(*document, request.engine->table(*document)))
    if (entry.name == request.wanted.name) return !is_shim(entry.path, request.wanted.path);
  return false;
}

void unconfigure_step(Step& step, const EngineRequest& request, const UndoRecords& records, Notes& notes) {
  step.draft.after = step.taken_back(step.draft.now, request, notes);
  if (request.dry_run) return;
  if (step.changes()) {
    ask_checker(step.draft, request, notes);
    write_draft(step.draft);
  }
  if (step.record) revise_other_records(records, step, request);
  records.remove(step.draft.path, request.wanted.name);
}

}  // namespace

const Engine& engine_called(std::string_view name) {
  std::vector<std::string_view> names;
  for (const Engine* engine : engines) {
    if (engine->name == name) return *engine;
    names.push_back(engine->name);
  }
  throw UsageError(fmt::format("--runtime {}: there is no such engine{}; {} are", name, did_you_mean(name, names),
                               fmt::join(names, ", ")));
}

EngineOutcome configure_engine(const EngineRequest& request) {
  check_request(request);
  const Place place(request);
  const UndoRecords records(request.root);
  EngineOutcome outcome;
  std::vector<Step> steps;
  steps.push_back(configured_target(request, place, records, outcome.notes));
  if (place.is_drop_in() && request.engine->import) steps.push_back(importing_main(request, place, records));
  outcome.changes = changes_of(steps);
  remark_on_drop_in(place, *request.engine, outcome.notes);
  remark_on_program(request, outcome.notes);
  if (!request.dry_run) write_steps(steps, request, records, outcome.notes);
  if (!outcome.changes.empty()) remark_on_reload(request, outcome.notes);
  return outcome;
}

EngineOutcome unconfigure_engine(const EngineRequest& request) {
  check_request(request);
  const Engine& engine = *request.engine;
  const Place place(request);
  const UndoRecords records(request.root);
  EngineOutcome outcome;
  std::vector<Step> steps;
  if (place.is_drop_in() && engine.import)
    steps.push_back({{request, place.main}, records.find(place.main, request.wanted.name), remove_import});
  steps.push_back({{request, place.target}, records.find(place.target, request.wanted.name), remove_runtime});
  if (is_foreign(steps.back().draft, steps.back().record, request)) {
    outcome.notes.push_back(
        fmt::format("{}: the runtime {} there is not ours and stays", place.target, request.wanted.name));
    return outcome;
  }
  for (Step& step : steps) unconfigure_step(step, request, records, outcome.notes);
  outcome.changes = changes_of(steps);
  if (outcome.changes.empty()) return outcome;
  if (!engine.farewell.empty())
    outcome.notes.push_back(fmt::format(fmt::runtime(engine.farewell), request.wanted.name));
  remark_on_reload(request, outcome.notes);
  return outcome;
}

void reload_engine(const Engine& engine) {
  std::vector<std::string> argv;
  for (std::string_view rest = engine.reload; !rest.empty();) {
    argv.emplace_back(rest.substr(0, rest.find(' ')));
    rest.remove_prefix(std::min(argv.back().size() + 1, rest.size()));
  }
  if (argv.empty()) return;
  const std::optional<ChildResult> child = run_child(argv, patience);
  if (!child) throw error("{}: there is no {} in PATH", engine.reload, argv.front());
  if (child->status != 0) throw error("{}: exit status {}: {}", engine.reload, child->status, child->output);
}

FileOwner file_owner() { return geteuid() == 0 ? FileOwner::system : FileOwner::user; }

bool is_shim(std::string_view program, std::string_view path) {
  return program == path || without_profile(base_name(program)) == runtime_role;
}

std::vector<std::string> engine_files(const Engine& engine, const std::string& root, FileOwner owner) {
  return files_to_search(default_paths(engine, root, owner), root, records_of(engine, root));
}

std::string main_file(const Engine& engine, FileOwner owner) { return default_paths(engine, "", owner).main; }

std::optional<bool> reads_by_default(const Engine& engine, std::string_view file, FileOwner owner) {
  const Paths paths = default_paths(engine, "", owner);
  if (file == paths.main || (!paths.drop_in_directory.empty() && directory_of(file) == paths.drop_in_directory))
    return true;
  return engine.import ? std::nullopt : std::optional(false);
}

std::vector<ConfiguredRuntime> configured_runtimes(const Engine& engine, const std::string& root,
                                                   const std::string& path, FileOwner owner) {
  const std::vector<UndoRecord> records = records_of(engine, root);
  std::vector<ConfiguredRuntime> result;
  for (const std::string& file : files_to_search(default_paths(engine, root, owner), root, records)) {
    const auto content = read_if_exists(in_root(root, file));
    if (!content) continue;
    const auto document = engine.read(root + file, *content);
    for (RuntimeEntry& entry : runtime_entries(*document, engine.table(*document)))
      if (is_shim(entry.path, path) || is_our_name(entry.name) || is_recorded(records, file, entry.name))
        result.push_back({&engine, root + file, std::move(entry)});
  }
  return result;
}
