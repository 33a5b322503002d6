// SPDX-License-Identifier: Apache-2.0
#include "core/cli/preview_commands.h"

#include "core/cli/common_options.h"
#include "core/cli/container_search.h"
#include "core/cli/hook_report.h"
#include "core/cli/table.h"
#include "core/error.h"
#include "core/host/file.h"
#include "core/host/output.h"
#include "core/host/path.h"
#include "core/oci/low_level_runtime.h"
#include "core/text/json.h"
#include "core/text/printable.h"

namespace {

// The container to preview: one of an engine, a bundle, or a spec that is read from anywhere.
struct PreviewedContainer {
  std::string id;
  std::string bundle;
  Spec spec;
};

std::string content_of_spec(const std::string& path) {
  File file = read_file(path);
  if (!file.status) throw missing("read {}", path);
  return std::move(file.content);
}

PreviewedContainer in_bundle(const std::string& bundle, std::string id, const std::string& spec_path) {
  return {std::move(id), bundle, Spec(spec_path, content_of_spec(spec_path))};
}

bool names_container(const Arguments& arguments) {
  return arguments.has("bundle") || arguments.has("spec") || !arguments.operands.empty();
}

PreviewedContainer container_to_preview(const Arguments& arguments, std::string_view command) {
  if (arguments.has("bundle") + arguments.has("spec") + static_cast<int>(arguments.operands.size()) != 1)
    throw UsageError(fmt::format("{}: one CONTAINER, or --bundle, or --spec is expected", command));
  if (!arguments.operands.empty()) {
    FoundContainer found = container_called(arguments.operands.front());
    return in_bundle(found.bundle, std::move(found.id), found.bundle + "/config.json");
  }
  const std::string spec = arguments.value("spec");
  const std::string path = absolute_path(arguments.has("bundle") ? arguments.value("bundle") + "/config.json" : spec);
  const std::string bundle = directory_of(spec == "-" ? absolute_path("./config.json") : path);
  std::string id = arguments.value("id", base_name(bundle));
  if (spec == "-") return {std::move(id), bundle, Spec("standard input", read_standard_input())};
  return in_bundle(bundle, std::move(id), path);
}

CommandLine call_for(const PreviewedContainer& container) {
  CommandLine result;
  result.bundle = container.bundle;
  result.id = container.id;
  return result;
}

// Without a container: what each stands for.
std::string variables_as_text() {
  Table table({"VARIABLE", "IS"});
  for (const auto& [name, meaning] : Variables::help())
    table.add({fmt::format("{{{{{}}}}}", name), std::string(meaning)});
  return table.as_text(text_width());
}

std::string as_text(const std::vector<Variables::Known>& known) {
  Table table({"VARIABLE", "VALUE", "FROM"});
  for (const Variables::Known& each : known)
    table.add({fmt::format("{{{{{}}}}}", each.name), each.value.empty() ? "-" : printable(each.value), each.source});
  return table.as_text(text_width());
}

std::string as_json(const std::vector<Variables::Known>& known) {
  std::vector<std::string> objects;
  for (const Variables::Known& each : known)
    objects.push_back(json_object({{"name", json_quoted(each.name)},
                                   {"value", each.value.empty() ? "null" : json_quoted(each.value)},
                                   {"source", json_quoted(each.source)}}));
  return json_array(objects) + '\n';
}

std::string variables_as_json() {
  std::vector<std::string> objects;
  for (const auto& [name, meaning] : Variables::help())
    objects.push_back(json_object({{"name", json_quoted(name)}, {"meaning", json_quoted(meaning)}}));
  return json_array(objects) + '\n';
}

}  // namespace

int run_hooks_preview(const Arguments& arguments) {
  const Config config = effective_config(arguments);
  LoadedHooks loaded = load_hooks(config);
  require_no_errors(loaded.findings);
  if (arguments.has("no-precreate"))
    for (ConfiguredHook& hook : loaded.hooks) std::erase(hook.stages, Stage::precreate);
  const PreviewedContainer container = container_to_preview(arguments, "hooks preview");
  const CommandLine call = call_for(container);
  const std::string runtime = find_low_level_runtime(config.runtimes).path;
  const PreparedSpec prepared = prepare_spec(container.spec, loaded, call, runtime, config);
  const Variables variables(prepared.spec, call, runtime);
  print(hook_preview({container.spec.content(), prepared, loaded, variables},
                     arguments.has("json") ? Format::json : Format::text));
  return 0;
}

int run_hooks_variables(const Arguments& arguments) {
  const bool is_json = arguments.has("json");
  if (!names_container(arguments)) return print(is_json ? variables_as_json() : variables_as_text()), 0;
  const PreviewedContainer container = container_to_preview(arguments, "hooks variables");
  const CommandLine call = call_for(container);
  const Variables variables(container.spec, call, find_low_level_runtime(effective_config(arguments).runtimes).path);
  print(is_json ? as_json(variables.all()) : as_text(variables.all()));
  return 0;
}
