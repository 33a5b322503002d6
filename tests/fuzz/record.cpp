// Fuzz target: a line of the record of hooks.
//
// Oracle: what is read and written again reads the same, in one line; whatever a record says, what is made of it for
// people moves no cursor and begins no line, and what is made of it for programs is what those read.
//
// SPDX-License-Identifier: Apache-2.0
#include "core/record/record.h"

#include "core/cli/hook_log.h"
#include "core/record/export.h"
#include "core/text/json_text.h"
#include "core/text/split.h"
#include "oracle.h"

namespace {

void expect_same(const Record& record) {
  const std::string line = to_json_line(record);
  if (line.find('\n') != line.size() - 1) broken("a record is one line: {}", line);
  const auto again = record_in(std::string_view(line).substr(0, line.size() - 1));
  if (!again || to_json_line(*again) != line) broken("a record reads as it was written: {}", line);
}

void expect_harmless(std::string_view text, std::size_t lines) {
  if (printable(text) != text) broken("nothing that is printed moves the cursor: {}", text);
  if (split(text, '\n').size() != lines) broken("a run is one line: {}", text);
}

void expect_prometheus(const std::string& text) {
  for (const std::string_view line : split(text, '\n'))
    if (!line.starts_with("# ") && !line.starts_with("container_hooks_")) broken("a metric has one line: {}", line);
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto record = record_in(text_of(data, size));
  if (!record) return 0;
  expect_same(*record);
  expect_harmless(log_line(*record), 1);
  expect_harmless(log_table({*record}, SIZE_MAX), 2);
  for (const Bars bars : {Bars::ascii, Bars::blocks}) {
    timeline({*record, *record}, {bars, 80});
    statistics_table(statistics_of({*record, *record}), {bars, 80});
  }
  expect_prometheus(as_prometheus({*record}));
  JsonText("otlp", as_otlp({*record}));
  JsonText("chrome", as_chrome_trace({*record}));
  JsonText("stats", as_json(statistics_of({*record})));
  return 0;
}
