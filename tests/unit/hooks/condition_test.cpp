// The tables of podman's when_test.go, and what is beyond them.
//
// SPDX-License-Identifier: Apache-2.0
#include "core/hooks/condition.h"

#include "catch.h"
#include "core/error.h"
#include "core/hooks/hook_file.h"
#include "core/hooks/injection.h"
#include "core/hooks/variables.h"

namespace {

using Needs = Condition::Needs;
using Pairs = std::vector<std::pair<std::string, std::string>>;

Condition condition(Needs needs, std::optional<bool> always, std::optional<bool> has_bind_mounts,
                    const Pairs& annotations, const std::vector<std::string>& commands) {
  Condition result;
  result.needs = needs;
  result.always = always;
  result.has_bind_mounts = has_bind_mounts;
  for (const auto& [key, value] : annotations) result.annotations.push_back({Pattern(key), Pattern(value)});
  for (const std::string& command : commands) result.commands.emplace_back(command);
  return result;
}

constexpr std::string_view bind_mount = R"("mounts":[{"destination":"/data","type":"bind","source":"/srv"}])";

Spec spec(std::string members) { return {"config.json", '{' + std::move(members) + '}'}; }

Decision decision(const Condition& condition, const std::string& members) {
  const Spec of = spec(members);
  const CommandLine call;
  return decide(condition, of, Variables(of, call, ""));
}

bool applies(const Condition& condition, const std::string& members) { return decision(condition, members).applies; }

std::string why(const Condition& condition, const std::string& members) { return decision(condition, members).why; }

const auto both_needs = {Needs::all, Needs::any};

}  // namespace

TEST_CASE("no condition, no hook") {
  for (const Needs needs : both_needs) {
    CHECK_FALSE(applies(condition(needs, {}, {}, {}, {}), R"("process":{"args":["/bin/sh"]})"));
    CHECK(why(condition(needs, {}, {}, {}, {}), "") == "no condition is given");
  }
}

TEST_CASE("always decides alone, with a process or without") {
  for (const Needs needs : both_needs)
    for (const bool always : {true, false})
      for (const char* process : {"", R"("process":{"args":["/bin/sh"]})"})
        CHECK(applies(condition(needs, always, {}, {}, {}), process) == always);
}

TEST_CASE("hasBindMounts holds for containers with a bind mount of their own, and false holds for none") {
  const std::string with(bind_mount);
  for (const Needs needs : both_needs) {
    CHECK(applies(condition(needs, {}, true, {}, {}), with));
    CHECK_FALSE(applies(condition(needs, {}, true, {}, {}), ""));
    CHECK_FALSE(applies(condition(needs, {}, false, {}, {}), with));
    CHECK_FALSE(applies(condition(needs, {}, false, {}, {}), ""));
  }
  CHECK(why(condition(Needs::all, {}, true, {}, {}), with) == "it has a bind mount, \"/data\"");
  CHECK(why(condition(Needs::all, {}, true, {}, {}), "") == "it has no bind mounts but those of the engine");
}

TEST_CASE("a bind mount is what has that type or that option, and is none of those that engines make") {
  struct Row {
    const char* mount;
    bool counts;
  };
  const auto row = GENERATE(values<Row>({
      {R"({"destination":"/d","type":"bind"})", true},
      {R"({"destination":"/d","type":"none","options":["ro","rbind"]})", true},
      {R"({"destination":"/d","options":["bind"]})", true},
      {R"({"destination":"/d","type":"tmpfs","options":["ro"]})", false},
      {R"({"destination":"/etc/resolv.conf","type":"bind"})", false},
      {R"({"destination":"/etc/hostname","type":"bind"})", false},
      {R"({"destination":"/etc/hosts/","type":"bind"})", false},
      {R"({"destination":"/etc/mtab","type":"bind"})", false},
      {R"({"destination":"/dev/shm","type":"bind"})", false},
      {R"({"destination":"/dev/termination-log","type":"bind"})", false},
      {R"({"destination":"/run/.containerenv","type":"bind"})", false},
      {R"({"destination":"/run/secrets","type":"bind"})", false},
      {R"({"destination":"/proc/kcore","type":"bind"})", false},
      {R"({"destination":"/sys/fs/cgroup","type":"bind"})", false},
      {R"({"destination":"/sys","type":"bind"})", false},
      {R"({"destination":"/system","type":"bind"})", true},
      {R"({"destination":"/etc/hosts.d","type":"bind"})", true},
      {R"({"destination":"/var/run/secrets/kubernetes.io/serviceaccount","type":"bind"})", true},
      {R"("not a mount")", false},
  }));
  CAPTURE(row.mount);
  CHECK(applies(condition(Needs::all, {}, true, {}, {}), fmt::format(R"("mounts":[{}])", row.mount)) == row.counts);
}

TEST_CASE("each pair of annotation patterns needs an annotation with such a key and such a value") {
  const Pairs wanted = {{"^a$", "^b$"}, {"^c$", "^d$"}};
  struct Row {
    Needs needs;
    const char* annotations;
    bool applies;
  };
  const auto row = GENERATE(values<Row>({
      {Needs::all, R"({"a":"b","c":"d","e":"f"})", true},
      {Needs::all, R"({"a":"b"})", false},
      {Needs::any, R"({"a":"b"})", true},
      {Needs::any, R"({"a":"bc"})", false},
      {Needs::any, R"({"ac":"b"})", false},
  }));
  CAPTURE(row.annotations);
  CHECK(applies(condition(row.needs, {}, {}, wanted, {}), fmt::format(R"("annotations":{})", row.annotations)) ==
        row.applies);
}

TEST_CASE("a key pattern may match several annotations, one of them with the value") {
  CHECK(applies(condition(Needs::all, {}, {}, {{"gpu", "t"}}, {}), R"("annotations":{"my.gpu.x":"true"})"));
  CHECK(applies(condition(Needs::all, {}, {}, {{"^g", "^t$"}}, {}), R"("annotations":{"g1":"f","g2":"t"})"));
  CHECK_FALSE(applies(condition(Needs::all, {}, {}, {{"^g", "^t$"}}, {}), R"("annotations":{"g1":"f","h":"t"})"));
}

TEST_CASE("commands are matched with the first word of the process; one match is enough") {
  const Condition shell = condition(Needs::all, {}, {}, {}, {"^/bin/sh$"});
  CHECK(applies(shell, R"("process":{"args":["/bin/sh","a","b"]})"));
  CHECK_FALSE(applies(shell, R"("process":{"args":["/bin/shell","a","b"]})"));
  CHECK_FALSE(applies(shell, ""));
  CHECK_FALSE(applies(shell, R"("process":null)"));
  CHECK(applies(condition(Needs::all, {}, {}, {}, {"^/x$", "sh"}), R"("process":{"args":["/bin/sh"]})"));
  CHECK(applies(condition(Needs::all, {}, {}, {}, {""}), R"("process":{"args":["/bin/sh"]})"));
}

TEST_CASE("a process without arguments cannot be matched with commands, unless all is decided before") {
  const std::string empty = R"("process":{"args":[]})";
  CHECK_THROWS_WITH(applies(condition(Needs::all, {}, {}, {}, {"^/bin/sh$"}), empty),
                    "process.args must have at least one entry to be matched with commands");
  CHECK_THROWS_AS(applies(condition(Needs::all, true, {}, {}, {"^/bin/sh$"}), R"("process":{})"), Error);
  CHECK_FALSE(applies(condition(Needs::all, false, {}, {}, {"^/bin/sh$"}), empty));
  CHECK(applies(condition(Needs::any, true, {}, {}, {"^/bin/sh$"}), empty));
  CHECK(applies(condition(Needs::all, true, {}, {}, {}), empty));
}

TEST_CASE("hasBindMounts and commands together: all of them or any of them") {
  const std::string mount(bind_mount), sh = R"("process":{"args":["/bin/sh"]})", other = R"("process":{"args":["x"]})";
  struct Row {
    std::string members;
    bool all, any;
  };
  const auto row = GENERATE_COPY(values<Row>({
      {mount + ',' + sh, true, true},
      {mount + ',' + other, false, true},
      {sh, false, true},
      {other, false, false},
  }));
  CHECK(applies(condition(Needs::all, {}, true, {}, {"^/bin/sh$"}), row.members) == row.all);
  CHECK(applies(condition(Needs::any, {}, true, {}, {"^/bin/sh$"}), row.members) == row.any);
}

TEST_CASE("without a process, commands are no condition at all") {
  const Condition both = condition(Needs::all, true, {}, {}, {"^/x$"});
  CHECK(applies(both, ""));
  CHECK_FALSE(applies(both, R"("process":{"args":["/bin/sh"]})"));
}

TEST_CASE("0.1.0: hasbindmounts = false takes nothing away from a command that matches") {
  CHECK(applies(condition(Needs::any, {}, false, {}, {"sh"}), R"("process":{"args":["/bin/sh"]})"));
}

TEST_CASE("0.1.0: no annotation patterns at all match any annotation, but not none") {
  const Condition empty = condition(Needs::any, {}, {}, {{".*", ""}}, {});
  CHECK(applies(empty, R"("annotations":{"a":"b"})"));
  CHECK_FALSE(applies(empty, R"("annotations":{})"));
}

TEST_CASE("the explanation says which condition, which pattern and which value") {
  const std::string annotated = R"("annotations":{"a":"bc"},"process":{"args":["/bin/sh"]})";
  const auto because = [&](const Pairs& annotations, const std::vector<std::string>& commands) {
    return why(condition(Needs::all, {}, {}, annotations, commands), annotated);
  };
  CHECK(because({{"^a$", "^b"}}, {}) == R"(annotation "a" = "bc" matches "^a$" = "^b")");
  CHECK(because({{"^a$", "^b$"}}, {}) == R"(annotation "a" = "bc" does not match "^b$")");
  CHECK(because({{"^x$", "^b$"}}, {}) == R"(no annotation's key matches "^x$")");
  CHECK(because({}, {"x", "sh"}) == R"(command "/bin/sh" matches "sh")");
  CHECK(because({}, {"x", "y"}) == R"(command "/bin/sh" matches none of "x", "y")");
  CHECK(because({{"a", "b"}}, {"sh"}) == R"(annotation "a" = "bc" matches "a" = "b"; command "/bin/sh" matches "sh")");
}

TEST_CASE("an explanation is short and valid text, however hostile the value") {
  const std::string huge(1 << 20, 'a');
  const std::string text = why(condition(Needs::all, {}, {}, {{"^k$", "(a*)*b"}}, {}),
                               fmt::format("\"annotations\":{{\"k\":\"{}\"}}", huge));
  CHECK(text.size() < 200);
  CHECK(text.find("(1048576 bytes)") != text.npos);
  const std::string cut = why(condition(Needs::all, {}, {}, {{"k", "^$"}}, {}),
                              fmt::format("\"annotations\":{{\"k\":\"{}é…\"}}", std::string(79, 'a')));
  CHECK(cut.find("a\uFFFD\"… (84 bytes)") != cut.npos);
  CHECK(why(condition(Needs::all, {}, {}, {{"^k$", "^$"}}, {}), "\"annotations\":{\"k\":\"\\u0007\\\"\xff\"}") ==
        "annotation \"k\" = \"\\u0007\\\"\xEF\xBF\xBD\" does not match \"^$\"");
}

TEST_CASE("a condition is described in a line") {
  CHECK(description_of(condition(Needs::all, {}, {}, {}, {})) == "never");
  CHECK(description_of(unconditional()) == "always");
  CHECK(description_of(condition(Needs::all, {}, true, {{"^g$", "t"}}, {"a", "b"})) ==
        R"(bind mounts and annotation "^g$" = "t" and command "a", "b")");
  CHECK(description_of(condition(Needs::any, {}, true, {}, {"a"})) == R"(bind mounts or command "a")");
}

namespace {

// A container of a pod, as containerd's CRI makes it.
constexpr std::string_view of_cri = R"("annotations":{"io.kubernetes.cri.image-name":"docker.io/library/nginx:1.27",
  "io.kubernetes.cri.container-name":"web","io.kubernetes.cri.sandbox-name":"shop-7",
  "io.kubernetes.cri.sandbox-namespace":"shop"})";

// When and unless, as members of a file of hooks.d.
Decision in_pod(const std::string& conditions, bool is_known = true) {
  auto [file, findings] = parse_hook_file(
      "a.json",
      fmt::format(R"({{"version":"1.0.0","hook":{{"path":"/bin/true"}},"stages":["poststop"],{}}})", conditions));
  REQUIRE(file);
  const ConfiguredHook hook = {"a.json", {}, {}, {}, std::move(file->when), std::move(file->unless)};
  const Spec of = spec(std::string(of_cri));
  CommandLine call;
  call.id = "c1";
  call.bundle = is_known ? "/state/io.containerd.runtime.v2.task/k8s.io/c1" : "/state/c1";
  return decide(hook, of, Variables(of, call, ""));
}

}  // namespace

TEST_CASE("images, labels and namespaces are what the engine says they are") {
  struct Row {
    const char* conditions;
    bool applies;
    const char* why;
  };
  for (const Row& row : {
           Row{R"("when":{"images":["^nginx","/nginx:"]})", true,
               R"(image "docker.io/library/nginx:1.27" matches "/nginx:")"},
           Row{R"("when":{"images":["^nginx"]})", false,
               R"(image "docker.io/library/nginx:1.27" matches none of "^nginx")"},
           Row{R"("when":{"images":[]})", false, "no condition is given"},
           Row{R"("when":{"namespaces":["^shop$"]})", true, R"(namespace "shop" matches "^shop$")"},
           Row{R"("when":{"namespaces":["^kube-"]})", false, R"(namespace "shop" matches none of "^kube-")"},
           Row{R"("when":{"labels":{"container.name$":"^web$"}})", true,
               R"(label "io.kubernetes.container.name" = "web" matches "container.name$" = "^web$")"},
           Row{R"("when":{"labels":{"container.name$":"^web$","pod.name$":"^bank"}})", false,
               R"(label "io.kubernetes.pod.name" = "shop-7" does not match "^bank")"},
           Row{R"("when":{"labels":{"^app$":""}})", false, R"(no label's key matches "^app$")"},
           Row{R"("when":{"always":true,"namespaces":["^kube-"]})", false,
               R"(namespace "shop" matches none of "^kube-")"},
       }) {
    INFO(row.conditions);
    CHECK(in_pod(row.conditions).applies == row.applies);
    CHECK(in_pod(row.conditions).why == row.why);
  }
}

TEST_CASE("what the engine does not tell matches nothing, and an annotation alone proves nothing") {
  CHECK(in_pod(R"("when":{"images":[".*"]})", false).why == "its image is not known");
  CHECK(in_pod(R"("when":{"namespaces":[".*"]})", false).why == "its namespace is not known");
  CHECK_FALSE(in_pod(R"("when":{"labels":{"":""}})", false).applies);
}

TEST_CASE("a hook applies where when holds and unless does not") {
  struct Row {
    const char* conditions;
    bool applies;
  };
  for (const Row& row : {
           Row{R"("when":{"always":true},"unless":{"namespaces":["^kube-system$"]})", true},
           Row{R"("when":{"always":true},"unless":{"namespaces":["^shop$"]})", false},
           Row{R"("when":{"always":true},"unless":{"namespaces":["^shop$"],"images":["redis"]})", true},
           Row{R"("when":{"always":true},"unless":{"namespaces":["^shop$"],"images":["nginx"]})", false},
           Row{R"("when":{"always":false},"unless":{"namespaces":["^kube-system$"]})", false},
           Row{R"("when":{"always":true},"unless":{})", true},
           Row{R"("when":{"always":true},"unless":{"always":true})", false},
           Row{R"("when":{},"unless":{"always":false})", false},
       }) {
    INFO(row.conditions);
    CHECK(in_pod(row.conditions).applies == row.applies);
  }
  CHECK(in_pod(R"("when":{"always":true},"unless":{"namespaces":["^shop$"]})").why ==
        R"(unless: namespace "shop" matches "^shop$")");
}

TEST_CASE("unless whose values are not known does not hold: nobody who hides them escapes a hook") {
  CHECK(in_pod(R"("when":{"always":true},"unless":{"namespaces":[".*"]})", false).applies);
  CHECK(in_pod(R"("when":{"always":true},"unless":{"images":[".*"]})", false).applies);
  CHECK(in_pod(R"("when":{"always":true},"unless":{"labels":{"":""}})", false).applies);
}
