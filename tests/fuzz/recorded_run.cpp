// Fuzz target: the runner's command line. One argument a line, after `container-hooks run`.
//
// Oracle: what is understood and spelled again is understood the same; a hook that is made a recorded one, with these
// labels, is the hook as it was when it is taken out of it again.
//
// SPDX-License-Identifier: Apache-2.0
#include "core/oci/recorded_hook.h"
#include "core/text/split.h"
#include "oracle.h"

namespace {

std::vector<std::string> arguments_in(std::string_view text) {
  std::vector<std::string> result = {"container-hooks", "run"};
  for (const std::string_view line : split(text, '\n')) result.emplace_back(line);
  return result;
}

Hook hook_of(const RecordedRun& run) {
  Hook hook;
  hook.path = run.command.front();
  if (run.command.size() > 1) hook.args.emplace(run.command.begin() + 1, run.command.end());
  if (run.timeout > 0 && run.timeout <= INT64_MAX) hook.timeout = static_cast<std::int64_t>(run.timeout);
  return hook;
}

std::string all_of(const RunLabels& labels) {
  return join(std::vector<std::string>{labels.stage, labels.hook, labels.file, labels.container, labels.bundle,
                                       labels.image, labels.name, labels.space, labels.pod, labels.engine},
              "\n");
}

void check(const RecordedRun& run) {
  const Hook hook = hook_of(run);
  const Hook recorded = recorded_hook(hook, {"/container-hooks", {}, {}, {}}, run);
  const RecordedRun again = parse_recorded_run(*recorded.args);
  if (again.command != run.command) broken("the program and its arguments are what they were");
  if (all_of(again.labels) != all_of(run.labels)) broken("labels are what they were: {}", all_of(again.labels));
  if (again.target.file != run.target.file || again.target.size != run.target.size ||
      again.target.which != run.target.which || again.target.journal != run.target.journal)
    broken("the record is what it was");
  if (to_json(unrecorded_hook(recorded)) != to_json(hook)) broken("a hook is what it was: {}", to_json(hook));
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  try {
    check(parse_recorded_run(arguments_in(text_of(data, size))));
  } catch (const UsageError& error) {
    if (error.text != "run: a program is expected after --") broken("another error: {}", error.text);
  }
  return 0;
}
