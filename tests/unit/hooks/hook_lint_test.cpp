// SPDX-License-Identifier: Apache-2.0
#include "core/hooks/hook_lint.h"

#include "catch.h"
#include "core/hooks/hook_sources.h"

namespace {

using Strings = std::vector<std::string>;

Hook hook_of(Strings args, Strings env = {}) {
  Hook hook;
  hook.path = args.front();
  hook.args = std::move(args);
  hook.env = std::move(env);
  hook.timeout = 1;
  return hook;
}

ConfiguredHook configured(Hook hook, Stage stage = Stage::poststop, Condition when = unconditional()) {
  return {"file", {stage}, {stage}, std::move(hook), std::move(when)};
}

bool advises(const ConfiguredHook& hook, std::string_view words) {
  for (const std::string_view each : advice_on(hook))
    if (each.find(words) != each.npos) return true;
  return false;
}

Condition when_annotation(std::string key) {
  Condition when;
  when.annotations.push_back({Pattern(std::move(key)), Pattern("^yes$")});
  return when;
}

}  // namespace

TEST_CASE("a variable in code is refused, whatever runs the code") {
  const auto args = GENERATE(values<Strings>({
      {"/bin/sh", "-c", "echo {{annotation:x}}"},
      {"/bin/sh", "-ec", "echo {{id}}"},
      {"/bin/sh", "-c", "-e", "echo {{id}}"},
      {"/bin/sh", "-c", "--", "echo {{id}}"},
      {"/bin/bash", "-o", "pipefail", "-c", "echo {{label:x}}"},
      {"/bin/bash", "--norc", "-c", "echo {{image}}"},
      {"/bin/busybox", "sh", "-c", "echo {{env:X}}"},
      {"/usr/bin/env", "A=b", "sh", "-c", "echo {{hostname}}"},
      {"/usr/bin/nsenter", "-t", "1", "/bin/dash", "-c", "{{rootfs}}/x"},
      {"/usr/bin/python3.11", "-c", "print('{{id}}')"},
      {"/usr/bin/perl", "-we", "print '{{id}}'"},
      {"/usr/bin/perl", "-e{{id}}"},
  }));
  CHECK(refusal_of(hook_of(args)).starts_with("a variable stands in code"));
}

TEST_CASE("a shell that is only the name in args[0] counts, too") {
  Hook hook = hook_of({"sh", "-c", "echo {{id}}"});
  hook.path = "/bin/busybox";
  CHECK_FALSE(refusal_of(hook).empty());
}

TEST_CASE("a variable beside the code is not refused") {
  const auto args = GENERATE(values<Strings>({
      {"/bin/sh", "-c", "echo \"$1\"", "sh", "{{annotation:x}}"},
      {"/bin/sh", "/script", "-c", "{{id}}"},
      {"/bin/sh", "-c", "echo {{unknown}}"},
      {"/bin/verify", "-c", "{{id}}"},
      {"/bin/sh"},
  }));
  CHECK(refusal_of(hook_of(args)).empty());
}

TEST_CASE("a variable that says where programs load code from is refused") {
  const auto entry = GENERATE(values<std::string>({"LD_PRELOAD={{annotation:x}}", "LD_LIBRARY_PATH=/a:{{rootfs}}/lib",
                                                   "BASH_ENV={{env:X}}", "ENV={{env:X}}", "PYTHONPATH={{label:x}}",
                                                   "PERL5LIB={{id}}", "PATH=/bin:{{bundle}}", "{{annotation:x}}=1"}));
  CHECK_FALSE(refusal_of(hook_of({"/bin/true"}, {entry})).empty());
}

TEST_CASE("these variables with a value of the operator's, and others with any, are not refused") {
  const auto entry =
      GENERATE(values<std::string>({"LD_LIBRARY_PATH=/opt/lib", "PATH=/bin", "IMAGE={{image}}", "LDX={{id}}"}));
  CHECK(refusal_of(hook_of({"/bin/true"}, {entry})).empty());
}

TEST_CASE("an argument that begins with what the user chooses wants -- before it") {
  const std::string_view words = "taken for an option";
  CHECK(advises(configured(hook_of({"/bin/rm", "-r", "{{annotation:x}}"})), words));
  CHECK(advises(configured(hook_of({"/bin/x", "{{image}}", "--"})), words));
  CHECK_FALSE(advises(configured(hook_of({"/bin/rm", "-r", "--", "{{annotation:x}}"})), words));
  CHECK_FALSE(advises(configured(hook_of({"/bin/x", "--image={{image}}"})), words));
  CHECK_FALSE(advises(configured(hook_of({"/bin/x", "{{id}}", "{{bundle}}"})), words));
  CHECK_FALSE(advises(configured(hook_of({"/bin/sh", "-c", "echo \"$1\"", "sh", "{{image}}"})), words));
}

TEST_CASE("a PATH with a directory that is not absolute is unwise") {
  const std::string_view words = "not absolute";
  for (const char* path : {"PATH=", "PATH=bin", "PATH=/bin:", "PATH=/bin::/sbin", "PATH=/bin:.", "PATH=:/bin"})
    CHECK(advises(configured(hook_of({"/bin/x"}, {path})), words));
  for (const char* path : {"PATH=/bin", "PATH=/bin:/sbin", "XPATH=bin"})
    CHECK_FALSE(advises(configured(hook_of({"/bin/x"}, {path})), words));
}

TEST_CASE("secrets and the root file system in arguments are warned of, in env they are not") {
  CHECK(advises(configured(hook_of({"/bin/x", "--token={{env:TOKEN}}"})), "can read arguments"));
  CHECK_FALSE(advises(configured(hook_of({"/bin/x"}, {"TOKEN={{env:TOKEN}}"})), "can read arguments"));
  CHECK(advises(configured(hook_of({"/bin/x", "{{rootfs}}/etc"})), "follow none"));
  CHECK_FALSE(advises(configured(hook_of({"/bin/x", "{{bundle}}"})), "follow none"));
}

TEST_CASE("a hook that can stop a container should not depend on the user's annotation") {
  const std::string_view words = "goes without the hook";
  CHECK(advises(configured(hook_of({"/bin/x"}), Stage::create_runtime, when_annotation("^check$")), words));
  CHECK_FALSE(advises(configured(hook_of({"/bin/x"}), Stage::poststop, when_annotation("^check$")), words));
  CHECK_FALSE(advises(configured(hook_of({"/bin/x"}), Stage::create_runtime), words));
  CHECK_FALSE(advises(configured(hook_of({"/bin/x"}), Stage::create_runtime,
                                 when_annotation("^io\\.kubernetes\\.cri\\.sandbox-namespace$")),
                      words));
}

TEST_CASE("startContainer is not a control, and createContainer runs where the image's files are") {
  CHECK(advises(configured(hook_of({"/bin/x"}), Stage::start_container), "not a control"));
  CHECK(advises(configured(hook_of({"/bin/x", "./file"}), Stage::create_container), "the image's"));
  CHECK(advises(configured(hook_of({"/bin/sh", "-c", "cat ./file"}), Stage::create_container), "the image's"));
  CHECK_FALSE(advises(configured(hook_of({"/bin/x", "./file"}), Stage::create_runtime), "the image's"));
}

TEST_CASE("a startContainer hook for every container would stop podman's pods") {
  const auto is_warned_of = [](Condition when, Stage stage = Stage::start_container) {
    return advises(configured(hook_of({"/bin/x"}), stage, std::move(when)), "no pod starts");
  };
  const auto bound = [](Condition::Needs needs) {
    Condition when = unconditional();
    when.needs = needs;
    when.has_bind_mounts = true;
    return when;
  };
  CHECK(is_warned_of(unconditional()));
  CHECK(is_warned_of(bound(Condition::Needs::any)));
  CHECK_FALSE(is_warned_of(bound(Condition::Needs::all)));
  CHECK_FALSE(is_warned_of(when_annotation("^inside$")));
  CHECK_FALSE(is_warned_of(unconditional(), Stage::poststart));
}
