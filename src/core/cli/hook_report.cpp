// SPDX-License-Identifier: Apache-2.0
#include "core/cli/hook_report.h"

#include <algorithm>
#include <array>
#include <iterator>

#include "core/cli/table.h"
#include "core/host/output.h"
#include "core/oci/recorded_hook.h"
#include "core/text/count.h"
#include "core/text/diff.h"
#include "core/text/printable.h"
#include "core/text/split.h"

namespace {

struct ListedHook {
  Stage stage;
  std::string command;
  std::string when;
  std::string source;
  std::string json;
};

std::string command_of(const Hook& hook) {
  std::string result = hook.path;
  if (hook.args)
    for (std::size_t i = 1; i < hook.args->size(); ++i) result += ' ' + json_quoted((*hook.args)[i]);
  return result;
}

std::string names_of(const std::vector<Stage>& stages) {
  std::vector<std::string_view> names;
  for (const Stage stage : stages) names.push_back(stage_name(stage));
  return join(names, ", ");
}

std::vector<ListedHook> listed(const LoadedHooks& loaded) {
  std::vector<ListedHook> result;
  for (const ConfiguredHook& configured : loaded.hooks)
    for (const Stage stage : configured.stages)
      result.push_back({stage, command_of(configured.hook), description_of(configured), configured.source,
                        to_json(in_stage(configured.hook, stage))});
  std::ranges::stable_sort(result, {}, &ListedHook::stage);
  return result;
}

bool is_blank(char c) { return c == ' ' || c == '\n' || c == '\t' || c == '\r'; }

// Whether text, in which each {{variable}} stands for anything, can have become value. What a variable was when the
// container was made need not be known any more.
bool can_become(std::string_view text, std::string_view value) {
  std::size_t done = 0;
  for (const Variables::Found& each : Variables::found_in(text)) {
    const std::string_view literal = text.substr(done, each.begin - done);
    const std::size_t found = done > 0 ? value.find(literal) : value.starts_with(literal) ? 0 : value.npos;
    if (found == value.npos) return false;
    value.remove_prefix(found + literal.size());
    done = each.end;
  }
  return done > 0 ? value.ends_with(text.substr(done)) : value == text;
}

bool can_become(const std::optional<std::vector<std::string>>& texts,
                const std::optional<std::vector<std::string>>& values) {
  const auto each = [](std::string_view text, std::string_view value) { return can_become(text, value); };
  return texts.has_value() == values.has_value() && (!texts || std::ranges::equal(*texts, *values, each));
}

// A hook that an older toolkit put in has no default environment.
bool can_become(const Hook& hook, const Hook& entry, Stage stage) {
  return hook.path == entry.path && can_become(hook.args, entry.args) && hook.timeout == entry.timeout &&
         (can_become(in_stage(hook, stage).env, entry.env) || (!hook.env && !entry.env));
}

// What a precreate hook has done to a spec cannot be told from it.
bool is_in(const HooksByStage& present, const ConfiguredHook& configured) {
  return std::ranges::all_of(configured.stages, [&](Stage stage) {
    return stage == Stage::precreate || std::ranges::any_of(present[stage], [&](const Hook& entry) {
             return can_become(configured.hook, unrecorded_hook(entry), stage);
           });
  });
}

// One hook of a preview.
struct PreviewedHook {
  ConfiguredHook configured;  // expanded where it applies
  Decision decision;
  bool is_in_spec;
};

// A precreate hook was decided on when it was its turn.
Decision decision_on(const ConfiguredHook& hook, const Preview& preview) {
  const std::vector<PrecreateRun>& runs = preview.prepared.precreate;
  const auto run = std::ranges::find(runs, &hook, &PrecreateRun::hook);
  return run == runs.end() ? decide(hook, preview.prepared.spec, preview.variables) : run->decision;
}

std::vector<PreviewedHook> previewed(const Preview& preview) {
  const HooksByStage present = preview.prepared.spec.hooks();
  std::vector<PreviewedHook> result;
  for (const ConfiguredHook& each : preview.loaded.hooks) {
    const Decision decision = decision_on(each, preview);
    const Hook hook = decision.applies ? preview.variables.expand(each.hook) : each.hook;
    result.push_back({{each.source, each.named, each.stages, hook, {}}, decision, is_in(present, each)});
  }
  return result;
}

bool is_left_out(const PreviewedHook& hook) { return hook.decision.applies && !hook.is_in_spec; }

std::string as_text(const PreviewedHook& hook, Outcome outcome) {
  const bool is_late = outcome == Outcome::already_there && is_left_out(hook);
  return fmt::format("{:<4} {}\n     {}: {}\n     because {}\n{}", hook.decision.applies ? "yes" : "no",
                     printable_line(hook.configured.source), names_of(hook.configured.stages),
                     printable_line(command_of(hook.configured.hook)), printable_line(hook.decision.why),
                     is_late ? "     but it is not in config.json\n" : "");
}

std::string as_json(const PreviewedHook& previewed, const std::vector<Stage>& stages) {
  std::vector<std::string> names;
  for (const Stage stage : stages) names.push_back(json_quoted(stage_name(stage)));
  const Hook& hook = previewed.configured.hook;
  return json_object({{"source", json_quoted(previewed.configured.source)},
                      {"stages", fmt::format("[{}]", join(names, ","))},
                      {"hook", to_json(stages.empty() ? hook : in_stage(hook, stages.front()))},
                      {"applies", json_boolean(previewed.decision.applies)},
                      {"in_spec", json_boolean(previewed.is_in_spec)},
                      {"why", json_quoted(previewed.decision.why)}});
}

// One object, or two where the hook has another environment on the host than in the container.
std::vector<std::string> as_json(const PreviewedHook& previewed) {
  std::vector<Stage> on_host;
  std::vector<Stage> in_container;
  for (const Stage stage : previewed.configured.stages) (runs_on_host(stage) ? on_host : in_container).push_back(stage);
  std::vector<std::string> result;
  if (!on_host.empty() || in_container.empty()) result.push_back(as_json(previewed, on_host));
  if (!in_container.empty()) result.push_back(as_json(previewed, in_container));
  return result;
}

struct OutcomeWording {
  std::string_view word;
  std::string_view sentence;
};

constexpr std::array<OutcomeWording, 4> outcome_wordings = {{
    {"added", "config.json would change so:"},
    {"already there", "config.json would stay as it is: it has the marker, so the hooks are in there already."},
    {"sandbox", "config.json would stay as it is: this is the sandbox of a pod, and sandbox = false."},
    {"none apply", "config.json would stay as it is: no hook applies."},
}};

constexpr std::string_view late_hooks =
    "config.json would stay as it is: it has the marker, but not all hooks that apply. The others were configured "
    "after "
    "the container was created: create it again.";

const OutcomeWording& wording_of(Outcome outcome) { return outcome_wordings[static_cast<std::size_t>(outcome)]; }

std::size_t end_of_string(std::string_view json, std::size_t quote) {
  std::size_t at = quote + 1;
  while (json[at] != '"') at += json[at] == '\\' ? 2 : 1;
  return at + 1;
}

// Specs are one line, mostly: laid out, so that a difference can be seen. json is valid.
std::string laid_out(std::string_view json) {
  std::string result;
  std::size_t depth = 0;
  const auto new_line = [&] { result.append("\n").append(2 * depth, ' '); };
  for (std::size_t at = 0, end = 0; at < json.size(); at = end) {
    const char c = json[at];
    end = c == '"' ? end_of_string(json, at) : at + 1;
    const bool closes = c == '}' || c == ']', opens = c == '{' || c == '[';
    if (closes) --depth, new_line();
    if (!is_blank(c)) result += json.substr(at, end - at);
    if (opens) ++depth;
    if (opens || c == ',') new_line();
  }
  return result + '\n';
}

std::vector<std::string> notes_on(const PreparedSpec& prepared) {
  std::vector<std::string> result;
  for (const PrecreateRun& run : prepared.precreate)
    if (!run.failure.empty()) result.push_back(run.failure);
  for (const HookWithoutEnv& hook : hooks_without_env(prepared.spec))
    result.push_back(fmt::format("{}: {}", prepared.spec.path(), warning_of(hook)));
  return result;
}

std::string as_json(const std::vector<PreviewedHook>& hooks, Outcome outcome, const std::vector<std::string>& notes,
                    const std::string& after) {
  std::vector<std::string> objects;
  for (const PreviewedHook& hook : hooks) std::ranges::move(as_json(hook), std::back_inserter(objects));
  return json_object({{"outcome", json_quoted(wording_of(outcome).word)},
                      {"hooks", json_array(objects)},
                      {"notes", json_strings(notes)},
                      {"spec", after}}) +
         '\n';
}

std::string as_text(const std::vector<PreviewedHook>& hooks, const Preview& preview, const std::string& after) {
  std::string result;
  const Outcome outcome = preview.prepared.injection.outcome;
  for (const PreviewedHook& hook : hooks) result += as_text(hook, outcome);
  for (const std::string& note : notes_on(preview.prepared)) result += fmt::format("note: {}\n", printable_line(note));
  const bool is_late = outcome == Outcome::already_there && std::ranges::any_of(hooks, is_left_out);
  result += fmt::format("\n{}\n", is_late ? late_hooks : wording_of(outcome).sentence);
  return result + unified_diff("config.json", laid_out(preview.before), "config.json with hooks", laid_out(after));
}

std::string list_as_text(const LoadedHooks& loaded) {
  Table table({"STAGE", "HOOK", "WHEN", "SOURCE"});
  for (const ListedHook& hook : listed(loaded))
    table.add({{std::string(stage_name(hook.stage))}, {hook.command}, {hook.when}, {hook.source}});
  std::string result = table.as_text(text_width());
  for (const ReplacedFile& each : loaded.replaced)
    result += printable_line(fmt::format("{} replaces {}", each.by, each.file)) + '\n';
  return result;
}

// From the last directory back: what it replaces may have replaced another.
std::vector<std::string> replaced_by(const std::string& source, const std::vector<ReplacedFile>& replaced) {
  std::vector<std::string> files = {source};
  for (auto each = replaced.rbegin(); each != replaced.rend(); ++each)
    if (each->by == files.back()) files.push_back(each->file);
  files.erase(files.begin());
  return files;
}

std::string list_as_json(const LoadedHooks& loaded) {
  std::vector<std::string> objects;
  for (const ListedHook& hook : listed(loaded))
    objects.push_back(json_object({{"stage", json_quoted(stage_name(hook.stage))},
                                   {"hook", hook.json},
                                   {"when", json_quoted(hook.when)},
                                   {"source", json_quoted(hook.source)},
                                   {"replaces", json_strings(replaced_by(hook.source, loaded.replaced))}}));
  return json_array(objects) + '\n';
}

std::string_view name_of(Severity severity) { return severity == Severity::error ? "error" : "warning"; }

std::string check_as_text(const LoadedHooks& checked) {
  std::string result;
  const auto line = [&](std::string_view word, std::string_view text) {
    result += printable_line(fmt::format("{}{}", word, text)) + '\n';
  };
  for (const Finding& each : checked.findings) line(fmt::format("{}: ", name_of(each.severity)), each.text);
  for (const std::string& each : checked.skipped)
    line("skipped ", each + (each.ends_with(disabled_suffix) ? ": it is disabled" : ": it is a directory"));
  line("checked ", fmt::format("{}, {}", counted(checked.files, "file"), counted(checked.hooks.size(), "hook")));
  return result;
}

std::string json_place(std::size_t number) { return number == 0 ? "null" : std::to_string(number); }

std::string as_json(const Finding& finding) {
  return json_object({{"severity", json_quoted(name_of(finding.severity))},
                      {"file", finding.file.empty() ? "null" : json_quoted(finding.file)},
                      {"line", json_place(finding.line)},
                      {"column", json_place(finding.column)},
                      {"text", json_quoted(finding.text)}});
}

std::string check_as_json(const LoadedHooks& checked) {
  std::vector<std::string> findings;
  for (const Finding& each : checked.findings) findings.push_back(as_json(each));
  return json_object({{"files", std::to_string(checked.files)},
                      {"hooks", std::to_string(checked.hooks.size())},
                      {"skipped", json_strings(checked.skipped)},
                      {"findings", json_array(findings)}}) +
         '\n';
}

}  // namespace

std::string hook_list(const LoadedHooks& loaded, Format format) {
  return format == Format::json ? list_as_json(loaded) : list_as_text(loaded);
}

std::string check_report(const LoadedHooks& checked, Format format) {
  return format == Format::json ? check_as_json(checked) : check_as_text(checked);
}

std::string hook_preview(const Preview& preview, Format format) {
  const std::vector<PreviewedHook> hooks = previewed(preview);
  const auto& [spec, injection, precreate] = preview.prepared;
  const std::string after = ::apply(spec.content(), injection.edits);
  return format == Format::json ? as_json(hooks, injection.outcome, notes_on(preview.prepared), after)
                                : as_text(hooks, preview, after);
}
