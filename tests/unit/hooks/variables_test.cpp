// SPDX-License-Identifier: Apache-2.0
#include "core/hooks/variables.h"

#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "catch.h"

namespace {

namespace fs = std::filesystem;
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

// Docker's directory of one container, and the mount by which a spec tells of it.
class DockerContainer {
 public:
  DockerContainer() : root_(fs::temp_directory_path() / fmt::format("variables_test.{}", getpid())) {
    fs::create_directories(directory());
    std::ofstream(directory() / "config.v2.json")
        << R"({"ID":"c1","Config":{"Image":"busybox:1","Labels":{"a":"b","c":"{{id}}"}}})";
  }
  ~DockerContainer() { fs::remove_all(root_); }

  std::string mount(std::string_view destination = "/etc/hosts", std::string_view of = "c1") const {
    return fmt::format(R"("mounts":[{{"destination":"{}","type":"bind","source":"{}/containers/{}/hosts"}}])",
                       destination, root_.string(), of);
  }

 private:
  fs::path directory() const { return root_ / "containers" / "c1"; }
  fs::path root_;
};

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
  for (const char* name :
       {"hostname", "rootfs", "image", "engine", "annotation:x", "annotation:", "env:X", "env:", "label:x"})
    CHECK(expanded(fmt::format("<{{{{{}}}}}>", name), "") == "<>");
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

TEST_CASE("engine and image come from the annotations of the engine that made the container") {
  struct Row {
    const char* annotations;
    const char* engine;
    const char* image;
  };
  const auto row = GENERATE(values<Row>({
      {R"("io.kubernetes.cri.container-type":"container","io.kubernetes.cri.image-name":"i")", "containerd", "i"},
      {R"("io.kubernetes.cri.container-type":"sandbox","io.kubernetes.cri.podsandbox.image-name":"i")", "containerd",
       "i"},
      {R"("io.kubernetes.cri-o.ContainerType":"container","io.kubernetes.cri-o.ImageName":"n","io.kubernetes.cri-o.Image":"i")",
       "cri-o", "n"},
      {R"("io.container.manager":"cri-o","io.kubernetes.cri-o.Image":"i")", "cri-o", "i"},
      {R"("io.container.manager":"libpod","io.kubernetes.cri-o.ContainerType":"x","io.kubernetes.cri-o.Image":"i")",
       "podman", ""},
      {R"("io.kubernetes.cri.image-name":"i")", "", ""},
  }));
  CHECK(expanded("{{engine}}", annotated(row.annotations)) == row.engine);
  CHECK(expanded("{{image}}", annotated(row.annotations)) == row.image);
}

TEST_CASE("labels of CRI-O are all there, under containerd's CRI the kubelet's") {
  const std::string crio =
      annotated(R"("io.container.manager":"cri-o","io.kubernetes.cri-o.Labels":"{\"app\":\"web\"}")");
  CHECK(expanded("{{label:app}}", crio) == "web");
  CHECK(expanded("{{label:none}}", crio).empty());
  const std::string containerd =
      annotated(R"("io.kubernetes.cri.container-type":"container","io.kubernetes.cri.sandbox-namespace":"ns1")");
  CHECK(expanded("{{label:io.kubernetes.pod.namespace}}", containerd) == "ns1");
  CHECK(expanded("{{label:app}}", containerd).empty());
}

TEST_CASE("Docker's own file tells image and labels, whatever annotations say") {
  const DockerContainer docker;
  CHECK(expanded("{{engine}} {{image}} {{label:a}}", docker.mount()) == "docker busybox:1 b");
  CHECK(expanded("{{label:c}}", docker.mount()) == "{{id}}");
  CHECK(expanded("{{label:none}}", docker.mount()).empty());
  CHECK(expanded(
            "{{engine}} {{image}}",
            docker.mount() + ',' +
                annotated(R"("io.kubernetes.cri.container-type":"container","io.kubernetes.cri.image-name":"evil")")) ==
        "docker busybox:1");
}

TEST_CASE("a container that shares another's network still has its own image") {
  const DockerContainer docker;
  CHECK(expanded("{{image}}", docker.mount("/etc/hosts", "other")) == "busybox:1");
}

TEST_CASE("a mount that is not one of Docker's, or an id that is a path, leads to no file") {
  const DockerContainer docker;
  CHECK(expanded("{{engine}}", docker.mount("/data/hosts")).empty());
  CHECK(expanded("{{engine}}", docker.mount("/etc/hostname")).empty());
  CHECK(expanded("{{engine}}", docker.mount(), "../containers/c1").empty());
  CHECK(expanded("{{engine}}", docker.mount(), "unknown").empty());
}

TEST_CASE("what looks like a variable and is none is told, with what was meant") {
  const Hook hook = {"/bin/x", Texts{"{{id}}", "{{imgae}} {{annotation:x}}"}, Texts{"A={{nothing-like-it}}"}, {}};
  CHECK(Variables::unknown_in(hook) == Texts{"{{imgae}}, did you mean \"image\"?", "{{nothing-like-it}}"});
}
