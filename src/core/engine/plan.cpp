// SPDX-License-Identifier: Apache-2.0
#include "core/engine/plan.h"

#include <sys/stat.h>

#include <algorithm>
#include <cerrno>

#include "core/engine/checker.h"
#include "core/engine/engine_file.h"
#include "core/engine/place.h"
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
