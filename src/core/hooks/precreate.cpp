// SPDX-License-Identifier: Apache-2.0
#include "core/hooks/precreate.h"

#include <algorithm>

#include "core/hooks/injection.h"
#include "core/hooks/variables.h"
#include "core/host/filter.h"
#include "core/text/json_difference.h"
#include "core/text/json_patch.h"
#include "core/text/split.h"

namespace {

constexpr std::chrono::seconds usual_limit{10};
constexpr std::size_t max_depth = 1000;  // of a spec, and of an answer

bool is_precreate(const ConfiguredHook& hook) {
  return std::ranges::find(hook.stages, Stage::precreate) != hook.stages.end();
}

Filter filter_of(const Hook& hook, const CommandLine& call) {
  Filter filter = {hook.path, {hook.path}, {}, absolute_bundle(call), usual_limit};
  if (hook.args && !hook.args->empty()) filter.argv = *hook.args;
  if (hook.env) filter.environment = *hook.env;
  if (hook.timeout) filter.limit = std::chrono::seconds(std::min<std::int64_t>(*hook.timeout, INT32_MAX));
  return filter;
}

// In one line, whatever the program wrote.
std::string complaint_of(const Answer& answer) {
  std::string text = answer.complaint.substr(0, answer.complaint.find_last_not_of(" \t\r\n") + 1);
  std::ranges::replace(text, '\n', ' ');
  return text.empty() ? "" : ": " + text;
}

std::string output_of(const Filter& filter, std::string_view input) {
  Answer answer = answer_of(filter, input);
  if (answer.status != 0) throw error("exit status {}{}", answer.status, complaint_of(answer));
  return std::move(answer.output);
}

bool is_blank(std::string_view text) { return text.find_first_not_of(" \t\r\n") == text.npos; }

// ociVersion is the one field that the specification asks of every spec (runtime-spec, config.md).
JsonNode wanted_by(const JsonText& answer, const JsonText& before) {
  const JsonKind kind = answer.root().kind;
  if (kind != JsonKind::array && kind != JsonKind::object)
    throw answer.error_at(answer.root().begin,
                          fmt::format("a spec or a JSON Patch is expected, not {}", with_article(kind)));
  JsonNode wanted = kind == JsonKind::array ? patched(json_tree(before), answer) : json_tree(answer);
  const JsonNode* version = wanted.member("ociVersion");
  if (version == nullptr || version->kind != JsonKind::string)
    throw answer.error_at(answer.root().begin, "it is not a spec: it has no ociVersion");
  return wanted;
}

Spec changed(const Spec& spec, const Filter& filter) {
  std::string output = output_of(filter, spec.content());
  if (is_blank(output)) return spec;
  const JsonText before(spec.path(), spec.content(), JsonText::Dialect::strict, max_depth);
  const JsonText answer("its answer", std::move(output), JsonText::Dialect::strict, max_depth);
  return {spec.path(), ::apply(before.content(), json_difference(before, wanted_by(answer, before)))};
}

}  // namespace

bool has_precreate(const LoadedHooks& loaded) { return std::ranges::any_of(loaded.hooks, is_precreate); }

Precreated run_precreate(Spec spec, const LoadedHooks& loaded, const CommandLine& call, const std::string& runtime,
                         OnError on_error) {
  Precreated result = {std::move(spec), {}};
  for (const ConfiguredHook& hook : loaded.hooks)
    for (auto times = std::ranges::count(hook.stages, Stage::precreate); times > 0; --times) {
      const Variables variables(result.spec, call, runtime);
      PrecreateRun run = {&hook, decide(hook, result.spec, variables)};
      const Hook expanded = run.decision.applies ? variables.expand(hook.hook) : Hook();
      require_startable(hook, expanded);
      try {
        if (run.decision.applies) result.spec = changed(result.spec, filter_of(expanded, call));
      } catch (const Error& failure) {
        run.failure = at_hook(hook, "precreate: " + failure.text);
        if (on_error == OnError::fail) throw Error(run.failure);
      }
      result.runs.push_back(std::move(run));
    }
  return result;
}
