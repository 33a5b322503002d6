// SPDX-License-Identifier: Apache-2.0
#include "core/cli/hook_report.h"

#include <algorithm>
#include <array>
#include <iterator>

#include "core/cli/table.h"
#include "core/host/output.h"
#include "core/text/diff.h"

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
  return fmt::format("{}", fmt::join(names, ", "));
}

std::vector<ListedHook> listed(const HookSources& sources, Problems& problems) {
  std::vector<ListedHook> result;
  sources.visit(problems, [&](ConfiguredHook&& configured) {
    for (const Stage stage : configured.stages)
      result.push_back({stage, command_of(configured.hook), description_of(configured.when), configured.source,
                        to_json(in_stage(configured.hook, stage))});
  });
  std::ranges::stable_sort(result, {}, &ListedHook::stage);
  return result;
}

bool is_blank(char c) { return c == ' ' || c == '\n' || c == '\t' || c == '\r'; }

std::string spelled(bool value) { return value ? "true" : "false"; }

// One entry of a preview.
std::string as_text(const ConfiguredHook& configured, const Decision& decision) {
  return fmt::format("{:<4} {}\n     {}: {}\n     because {}\n", decision.applies ? "yes" : "no", configured.source,
                     names_of(configured.stages), command_of(configured.hook), decision.why);
}

std::string as_json(const ConfiguredHook& configured, const Decision& decision, const std::vector<Stage>& stages) {
  std::vector<std::string> names;
  for (const Stage stage : stages) names.push_back(json_quoted(stage_name(stage)));
  const Hook hook = stages.empty() ? configured.hook : in_stage(configured.hook, stages.front());
  return json_object({{"source", json_quoted(configured.source)},
                      {"stages", fmt::format("[{}]", fmt::join(names, ","))},
                      {"hook", to_json(hook)},
                      {"applies", spelled(decision.applies)},
                      {"why", json_quoted(decision.why)}});
}

// One object, or two where the hook has another environment on the host than in the container.
std::vector<std::string> as_json(const ConfiguredHook& configured, const Decision& decision) {
  std::vector<Stage> on_host = configured.stages;
  const auto inside = std::ranges::stable_partition(on_host, runs_on_host);
  const std::vector<Stage> in_container(inside.begin(), inside.end());
  on_host.erase(inside.begin(), inside.end());
  std::vector<std::string> result;
  if (!on_host.empty() || in_container.empty()) result.push_back(as_json(configured, decision, on_host));
  if (!in_container.empty()) result.push_back(as_json(configured, decision, in_container));
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

std::vector<std::string> notes_on(const Spec& spec) {
  std::vector<std::string> result;
  for (const HookWithoutEnv& hook : hooks_without_env(spec))
    result.push_back(fmt::format("{}: {}", spec.path(), warning_of(hook)));
  return result;
}

std::vector<std::string> json_strings(const std::vector<std::string>& strings) {
  std::vector<std::string> result;
  for (const std::string& string : strings) result.push_back(json_quoted(string));
  return result;
}

}  // namespace

std::string hook_list(const HookSources& sources, Problems& problems, Format format) {
  const std::vector<ListedHook> hooks = listed(sources, problems);
  if (format == Format::text) {
    Table table({"STAGE", "HOOK", "WHEN", "SOURCE"});
    for (const ListedHook& hook : hooks)
      table.add({{std::string(stage_name(hook.stage))}, {hook.command}, {hook.when}, {hook.source}});
    return table.as_text(text_width());
  }
  std::vector<std::string> objects;
  for (const ListedHook& hook : hooks)
    objects.push_back(json_object({{"stage", json_quoted(stage_name(hook.stage))},
                                   {"hook", hook.json},
                                   {"when", json_quoted(hook.when)},
                                   {"source", json_quoted(hook.source)}}));
  return json_array(objects) + '\n';
}

std::string hook_preview(const Spec& spec, const HookSources& sources, const Variables& variables, bool into_sandboxes,
                         Format format) {
  std::vector<std::string> entries;
  const Witness witness = [&](const ConfiguredHook& configured, const Decision& decision) {
    if (format == Format::text) return entries.push_back(as_text(configured, decision));
    std::ranges::move(as_json(configured, decision), std::back_inserter(entries));
  };
  const Injection injection = plan_injection(spec, sources, variables, into_sandboxes, witness);
  const std::string after = ::apply(spec.content(), injection.edits);
  const OutcomeWording& wording = wording_of(injection.outcome);
  const std::vector<std::string> notes = notes_on(spec);
  if (format == Format::json)
    return json_object({{"outcome", json_quoted(wording.word)},
                        {"hooks", json_array(entries)},
                        {"notes", json_array(json_strings(notes))},
                        {"spec", after}}) +
           '\n';
  for (const std::string& note : notes) entries.push_back(fmt::format("note: {}\n", note));
  return fmt::format("{}\n{}\n{}", fmt::join(entries, ""), wording.sentence,
                     unified_diff("config.json", laid_out(spec.content()), "config.json with hooks", laid_out(after)));
}
