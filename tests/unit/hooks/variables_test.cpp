// SPDX-License-Identifier: Apache-2.0
#include "core/hooks/variables.h"

#include "catch.h"

namespace {

using Texts = std::vector<std::string>;

CommandLine call_of(std::string_view id) {
  CommandLine call;
  call.id = id;
  call.bundle = "/";
  call.pid_file = "/run/c1.pid";
  return call;
}

std::string expanded(std::string_view text, std::string members, std::string_view id = "c1") {
  const Spec spec("config.json", '{' + std::move(members) + '}');
  const CommandLine call = call_of(id);
  return Variables(spec, call, "/usr/bin/runc").expand(text);
}

std::string annotated(std::string_view annotations) { return fmt::format("\"annotations\":{{{}}}", annotations); }

}  // namespace

TEST_CASE("each variable has its value") {
  const std::string members = R"("hostname":"h1","root":{"path":"rootfs"},"annotations":{"a.b/c":"x"},
                                 "process":{"env":["A=1","B=x=y","A=2","C"]})";
  struct Row {
    const char* text;
    const char* value;
  };
  const auto row = GENERATE(values<Row>({
      {"{{id}}", "c1"},
      {"{{bundle}}", "/"},
      {"{{rootfs}}", "//rootfs"},
      {"{{hostname}}", "h1"},
      {"{{pid-file}}", "/run/c1.pid"},
      {"{{runtime}}", "/usr/bin/runc"},
      {"{{annotation:a.b/c}}", "x"},
      {"{{env:A}}", "2"},
      {"{{env:B}}", "x=y"},
      {"{{env:C}}", ""},
      {"<{{id}} {{hostname}}>", "<c1 h1>"},
  }));
  CHECK(expanded(row.text, members) == row.value);
}

TEST_CASE("what is not known expands to nothing") {
  for (const char* name : {"hostname", "rootfs", "image", "image-digest", "name", "namespace", "pod", "engine",
                           "annotation:x", "annotation:", "env:X", "env:", "label:x"})
    CHECK(expanded(fmt::format("<{{{{{}}}}}>", name), "") == "<>");
}

TEST_CASE("all that one container has: what has no key, then its annotations and environment, the last of a name") {
  const Spec spec("config.json", R"({"hostname":"h1","annotations":{"a.b/c":"x"},"process":{"env":["A=1","A=2"]}})");
  const CommandLine call = call_of("c1");
  std::vector<std::string> told;
  for (const Variables::Known& each : Variables(spec, call, "/usr/bin/runc").all())
    told.push_back(fmt::format("{} {} {}", each.name, each.value, each.source));
  REQUIRE(told.size() > 2);
  CHECK(told.front() == "id c1 the command line");
  CHECK(std::vector(told.end() - 2, told.end()) == Texts{"annotation:a.b/c x the spec", "env:A 2 the spec"});
}

TEST_CASE("a name that is none stays as it is, and so do braces") {
  for (const char* text : {"{{imgae}}", "{{ id }}", "{{}}", "{{annotation}}", "{{id:x}}", "{{:}}", "{{id", "id}}",
                           "{id}", "{{.State.Pid}}", "{{json .}}", "", "{{", "}}"})
    CHECK(expanded(text, "") == text);
  CHECK(expanded("{{{id}}}", "") == "{c1}");
  CHECK(expanded("{{ {{id}} }}", "") == "{{ c1 }}");
  CHECK(expanded("{{x}}{{id}}{{y}}", "") == "{{x}}c1{{y}}");
}

TEST_CASE("a value is not expanded again, also not together with what stands around it") {
  CHECK(expanded("{{annotation:a}}", annotated(R"("a":"{{bundle}}")")) == "{{bundle}}");
  CHECK(expanded("{{annotation:a}}id}}", annotated(R"("a":"{{")")) == "{{id}}");
  CHECK(expanded("{{{{annotation:a}}}}", annotated(R"("a":"id")")) == "{{id}}");
}

TEST_CASE("a hostile value stays one argument of valid text") {
  const std::string value = expanded("{{annotation:a}}", annotated("\"a\":\"\\\",\\\"x\\n\\u0007\\u0000\xFF z\""));
  CHECK(value == "\",\"x\n\x07\uFFFD\uFFFD z");
  CHECK(to_json(Hook{"/bin/x", Texts{"x", value}, {}, {}}) ==
        "{\"path\":\"/bin/x\",\"args\":[\"x\",\"\\\",\\\"x\\u000a\\u0007\uFFFD\uFFFD z\"]}");
}

TEST_CASE("args and env are expanded, path is not") {
  const Spec spec("config.json", "{}");
  const CommandLine call = call_of("c1");
  const Hook hook = Variables(spec, call, "").expand(Hook{"/{{id}}", Texts{"a", "{{id}}"}, Texts{"ID={{id}}"}, 3});
  CHECK(hook.path == "/{{id}}");
  CHECK(hook.args == Texts{"a", "c1"});
  CHECK(hook.env == Texts{"ID=c1"});
  CHECK(hook.timeout == 3);
}

TEST_CASE("expansion is linear: a megabyte of NUL, a template of nothing but braces") {
  std::string value, braces;
  for (std::size_t i = 0; i < (1u << 20); ++i) value += "\\u0000";
  CHECK(expanded("{{annotation:a}}", annotated("\"a\":\"" + value + "\"")).size() == std::size_t{3} << 20);
  for (int i = 0; i < 200'000; ++i) braces += "{{";
  for (int i = 0; i < 200'000; ++i) braces += "}}";
  CHECK(expanded(braces, "") == braces);
}

TEST_CASE("what looks like a variable and is none is told, with what was meant") {
  const Hook hook = {"/bin/x", Texts{"{{id}}", "{{imgae}} {{annotation:x}}"}, Texts{"A={{nothing-like-it}}"}, {}};
  CHECK(Variables::unknown_in(hook) == Texts{"{{imgae}}, did you mean \"image\"?", "{{nothing-like-it}}"});
}
