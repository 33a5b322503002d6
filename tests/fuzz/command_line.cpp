// Fuzz target: the reading of a low-level runtime's command line. One argument a line.
//
// Oracle, for runc: a model of runc's own parser. Where runc would make a
// container the shim sees the same call; where runc would do something else,
// the shim injects nothing. What runc refuses decides nothing. For every
// family: all that is seen stands in argv.
//
// SPDX-License-Identifier: Apache-2.0
#include "core/oci/command_line.h"

#include <algorithm>

#include "oracle.h"
#include "runc_model.h"

namespace {

using Arguments = std::vector<std::string_view>;

Arguments lines_of(std::string_view text) {
  Arguments result;
  while (result.empty() || !text.empty()) {
    result.push_back(text.substr(0, text.find('\n')));
    text.remove_prefix(std::min(result.back().size() + 1, text.size()));
  }
  return result;
}

void expect_in_argv(std::string_view part, const Arguments& arguments) {
  const bool found =
      std::ranges::any_of(arguments, [&](std::string_view argument) { return argument.ends_with(part); });
  if (!found) broken("what is seen stands in argv: {}", part);
}

void check(const CommandLine& call, const Arguments& arguments) {
  for (const std::string_view part : {call.subcommand, call.id, call.spec_file, call.pid_file, call.log})
    expect_in_argv(part, arguments);
  if (call.bundle != ".") expect_in_argv(call.bundle, arguments);
}

std::string spec_of(const std::string& bundle) {
  if (bundle.empty()) return "./config.json";
  return bundle.substr(0, bundle.find_last_not_of('/') + 1) + "/config.json";
}

void compare(const CommandLine& call, const Arguments& arguments) {
  const RuncCall expected = runc_call(arguments);
  if (expected.outcome == RuncCall::Outcome::other && call.creates_container()) broken("runc makes no container here");
  if (expected.outcome != RuncCall::Outcome::creates) return;
  if (!call.creates_container()) broken("a container that runc makes has its hooks");
  if (call.subcommand != expected.subcommand) broken("subcommand {} is {}", expected.subcommand, call.subcommand);
  if (call.id != expected.id) broken("id {} is {}", expected.id, call.id);
  if (call.spec_path() != spec_of(expected.bundle)) broken("bundle {} has spec {}", expected.bundle, call.spec_path());
  if (call.log != expected.log) broken("log {} is {}", expected.log, call.log);
  if ((call.log_format == LogFormat::json) != (expected.log_format == "json"))
    broken("log format {}", expected.log_format);
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text = text_of(data, size);
  if (text.find('\0') != text.npos) return 0;
  const Arguments arguments = lines_of(text);
  for (const auto family : {RuntimeFamily::crun, RuntimeFamily::youki, RuntimeFamily::runsc, RuntimeFamily::any})
    check(parse_command_line(arguments, family), arguments);
  const CommandLine call = parse_command_line(arguments, RuntimeFamily::runc);
  check(call, arguments);
  compare(call, arguments);
  return 0;
}
