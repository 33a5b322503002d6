// SPDX-License-Identifier: Apache-2.0
#include "core/hooks/container_origin.h"

#include <sys/stat.h>
#include <unistd.h>

#include "catch.h"
#include "core/text/split.h"
#include "scratch.h"

namespace {

constexpr std::string_view id = "c1";
constexpr std::string_view moby = "/run/docker/containerd/daemon/io.containerd.runtime.v2.task/moby/c1";
constexpr std::string_view moby_before_2 = "/run/docker/containerd/io.containerd.runtime.v1.linux/moby/c1";
constexpr std::string_view cri = "/run/k3s/containerd/io.containerd.runtime.v2.task/k8s.io/c1";
constexpr std::string_view ctr = "/run/containerd/io.containerd.runtime.v2.task/default/c1";
constexpr std::string_view storage = "/run/containers/storage/overlay-containers/c1/userdata";

constexpr std::string_view cri_marks = R"("io.kubernetes.cri.container-type":"container",
    "io.kubernetes.cri.image-name":"evil","io.kubernetes.cri.sandbox-namespace":"evil")";
constexpr std::string_view crio_marks =
    R"("io.container.manager":"cri-o","io.kubernetes.cri-o.ContainerType":"container",
    "io.kubernetes.cri-o.ImageName":"evil","io.kubernetes.cri-o.Labels":"{\"app\":\"evil\"}")";
constexpr std::string_view names_itself = R"("io.kubernetes.cri-o.ContainerID":"c1")";

// What hooks can be told of a container: engine, image and two labels.
std::string told(std::string_view bundle, const std::string& members, std::string_view container = id) {
  const Spec spec("config.json", '{' + members + '}');
  CommandLine call;
  call.id = container;
  call.bundle = bundle;
  const ContainerOrigin origin(spec, call);
  return fmt::format("{} {} {} {}", origin.engine(), origin.image(), origin.label("app"),
                     origin.label("io.kubernetes.pod.namespace"));
}

template <class... Marks>
std::string annotated(const Marks&... marks) {
  return fmt::format("\"annotations\":{{{}}}", join(std::array<std::string_view, sizeof...(marks)>{marks...}, ","));
}

std::string rooted(const std::string& path) { return fmt::format(R"("root":{{"path":"{}"}})", path); }

bool is_sandbox(std::string_view bundle, std::string_view annotations) {
  const Spec spec("config.json", fmt::format("{{\"annotations\":{}}}", annotations));
  CommandLine call;
  call.id = id;
  call.bundle = bundle;
  return ::is_sandbox(spec, call);
}

// A Docker's data root with what it wrote of container c1.
class DockerData {
 public:
  explicit DockerData(std::string_view config = R"({"Config":{"Image":"busybox:1","Labels":{"app":"web","n":5}}})") {
    for (const char* directory : {"data", "data/containers", "data/containers/c1"})
      REQUIRE(mkdir(scratch.path(directory).c_str(), 0755) == 0);
    scratch.file("data/containers/c1/config.v2.json", config);
  }
  std::string root() const { return rooted(scratch.path("data/overlay2/abc/merged")); }

  Scratch scratch;
};

}  // namespace

TEST_CASE("the engine is known by the bundle's place, whatever its root") {
  CHECK(told(moby, "") == "docker   ");
  CHECK(told(moby_before_2, "") == "docker   ");
  CHECK(told(cri, "") == "containerd   ");
  CHECK(told(ctr, "") == "containerd   ");
  CHECK(told(storage, "") == "podman   ");
  CHECK(told("/home/u/.local/share/containers/storage/vfs-containers/c1/userdata", "") == "podman   ");
  CHECK(told(storage, annotated(crio_marks, names_itself)) == "cri-o evil evil ");
}

TEST_CASE("a place that only looks like an engine's is not known") {
  for (const std::string_view bundle :
       {"/", "/b", "", "/run/io.containerd.runtime.v2.task/moby/other", "/run/x/moby/c1",
        "/x/overlay-containers/other/userdata", "/x/overlay/c1/userdata", "/x/overlay-containers/c1/bundle",
        "/run/io.containerd.runtime.v2.task/moby/c1/rootfs", "moby/c1", "c1", "userdata", "c1/userdata"})
    CHECK(told(bundle, annotated(cri_marks, crio_marks, names_itself)) == "   ");
}

TEST_CASE("annotations of an engine count only under that engine") {
  CHECK(told(moby, annotated(cri_marks, crio_marks, names_itself)) == "docker   ");
  CHECK(told(ctr, annotated(cri_marks, crio_marks, names_itself)) == "containerd   ");
  CHECK(told(storage, annotated(cri_marks, crio_marks)) == "podman   ");
  CHECK(told(storage, annotated(crio_marks, R"("io.kubernetes.cri-o.ContainerID":"c2")")) == "podman   ");
  CHECK(told(cri, annotated(cri_marks)) == "containerd evil  evil");
  CHECK(told(cri, annotated(cri_marks, crio_marks, names_itself)) == "containerd evil  evil");
}

TEST_CASE("labels of CRI-O that cannot be read are not known") {
  for (const char* labels :
       {"", "{", "[]", "5", "null", "{\\\"app\\\":5}", "{\\\"app\\\":\\\"a\\\",\\\"app\\\":\\\"b\\\"}"})
    CHECK(told(storage, annotated(R"("io.container.manager":"cri-o")", names_itself,
                                  fmt::format(R"("io.kubernetes.cri-o.Labels":"{}")", labels))) == "cri-o   ");
}

TEST_CASE("Docker's own file tells image and labels, whatever annotations and mounts say") {
  const DockerData docker;
  CHECK(told(moby, docker.root()) == "docker busybox:1 web ");
  CHECK(told(moby, docker.root() + ',' + annotated(cri_marks, crio_marks, names_itself)) == "docker busybox:1 web ");
  CHECK(told(moby, docker.root() + R"(,"mounts":[{"destination":"/etc/hosts","type":"bind","source":"/evil"}])") ==
        "docker busybox:1 web ");
  CHECK(told("/run/x/io.containerd.runtime.v2.task/other/c1", docker.root()) == "docker busybox:1 web ");
}

TEST_CASE("Docker's file tells name and digest, CRI-O's annotations digest and pod, containerd's name and pod") {
  const auto identity = [](std::string_view bundle, const std::string& members) {
    const Spec spec("config.json", '{' + members + '}');
    CommandLine call;
    call.id = id;
    call.bundle = bundle;
    const ContainerOrigin origin(spec, call);
    return fmt::format("{} {} {} {}", origin.name(), origin.image_digest(), origin.space(), origin.pod());
  };
  const DockerData docker(R"({"Name":"/web","Image":"sha256:abc","Config":{}})");
  CHECK(identity(moby, docker.root() + ',' + annotated(cri_marks, crio_marks, names_itself)) == "web sha256:abc  ");
  constexpr std::string_view crio_pod =
      R"("io.kubernetes.cri-o.ImageRef":"busybox@sha256:def","io.container.manager":"cri-o",
    "io.kubernetes.cri-o.Labels":"{\"io.kubernetes.pod.name\":\"p\",\"io.kubernetes.pod.namespace\":\"n\"}")";
  CHECK(identity(storage, annotated(crio_pod, names_itself)) == " busybox@sha256:def n p");
  CHECK(identity(storage, annotated(crio_pod)) == "   ");
  CHECK(identity(cri, annotated(R"("io.kubernetes.cri.container-name":"c","io.kubernetes.cri.sandbox-name":"p")")) ==
        "c   p");
}

TEST_CASE("Docker's file of another container, or what is none, tells nothing and stops nothing") {
  const DockerData docker;
  CHECK(told("/run/io.containerd.runtime.v2.task/moby/c2", docker.root(), "c2") == "docker   ");
  CHECK(told(storage, docker.root()) == "podman   ");
  CHECK(told(moby, rooted("data/overlay2/abc/merged")) == "docker   ");
  for (const char* config : {"", "{", "[]", R"({"Config":5})", R"({"Config":{"Image":5,"Labels":[]}})",
                             R"({"Config":{"Image":"a"},"Config":{"Image":"b"}})"}) {
    const DockerData broken(config);
    CHECK(told(moby, broken.root()) == "docker   ");
  }
  const DockerData huge(R"({"Config":{"Image":")" + std::string(17u << 20, 'a') + R"("}})");
  CHECK(told(moby, huge.root()) == "docker   ");
}

TEST_CASE("what a container wrote into its own root file system, and that system's mode, change nothing") {
  const DockerData docker;
  const std::string as_it_is = told(moby, docker.root());
  for (const char* directory : {"overlay2", "overlay2/abc", "overlay2/abc/merged", "overlay2/abc/merged/containers",
                                "overlay2/abc/merged/containers/c1"})
    REQUIRE(mkdir(docker.scratch.path(std::string("data/") + directory).c_str(), 0755) == 0);
  docker.scratch.file("data/overlay2/abc/merged/containers/c1/config.v2.json", R"({"Config":{"Image":"forged"}})");
  CHECK(told(moby, docker.root()) == as_it_is);
  REQUIRE(chmod(docker.scratch.path("data/overlay2/abc/merged").c_str(), 0777) == 0);
  CHECK(told(moby, docker.root()) == as_it_is);
}

TEST_CASE("a file that others could have written is not Docker's") {
  if (getuid() != 0) return;
  const DockerData docker;
  chmod(docker.scratch.path("data/containers/c1/config.v2.json").c_str(), 0666);
  CHECK(told(moby, docker.root()) == "docker   ");
  CHECK(told(ctr, docker.root()) == "containerd   ");
}

TEST_CASE("a sandbox says so and names itself, in the words of one engine and in no other's place") {
  const std::string_view by_cri =
      R"({"io.kubernetes.cri.container-type":"sandbox","io.kubernetes.cri.sandbox-id":"c1"})";
  const std::string_view by_crio =
      R"({"io.kubernetes.cri-o.ContainerType":"sandbox","io.kubernetes.cri-o.SandboxID":"c1",
          "io.container.manager":"cri-o","io.kubernetes.cri-o.ContainerID":"c1"})";
  CHECK(is_sandbox(cri, by_cri));
  CHECK(is_sandbox("/b", by_cri));
  CHECK(is_sandbox(storage, by_crio));
  CHECK(is_sandbox("/b", by_crio));
  for (const std::string_view elsewhere : {moby, ctr, storage}) CHECK_FALSE(is_sandbox(elsewhere, by_cri));
  for (const std::string_view elsewhere : {moby, ctr, cri}) CHECK_FALSE(is_sandbox(elsewhere, by_crio));
}

TEST_CASE("a mark of a sandbox that a user could set is none") {
  for (const char* annotations :
       {R"({"io.kubernetes.cri.container-type":"sandbox"})", R"({"io.kubernetes.cri-o.ContainerType":"sandbox"})",
        R"({"io.kubernetes.cri.container-type":"sandbox","io.kubernetes.cri.sandbox-id":"c2"})",
        R"({"io.kubernetes.cri.container-type":"sandbox","io.kubernetes.cri-o.SandboxID":"c1"})",
        R"({"io.kubernetes.cri.container-type":"container","io.kubernetes.cri.sandbox-id":"c1"})",
        R"({"io.kubernetes.cri.container-type":["sandbox"],"io.kubernetes.cri.sandbox-id":"c1"})", "{}", "null", "[1]"})
    for (const std::string_view bundle : {std::string_view("/b"), cri, ctr, moby, storage})
      CHECK_FALSE(is_sandbox(bundle, annotations));
}

TEST_CASE("specs that engines were seen to write, in their places") {
  struct Row {
    const char* file;
    const char* place;
    const char* told;
  };
  const auto row = GENERATE(values<Row>({
      {"containerd16-cri.container", "/s/io.containerd.runtime.v2.task/k8s.io/{}",
       "containerd docker.io/library/busybox:real  default"},
      {"containerd21-cri.container", "/s/io.containerd.runtime.v2.task/k8s.io/{}",
       "containerd docker.io/library/busybox:real  default"},
      {"containerd16-cri.sandbox", "/s/io.containerd.runtime.v2.task/k8s.io/{}", "containerd   default"},
      {"containerd21-cri.sandbox", "/s/io.containerd.runtime.v2.task/k8s.io/{}",
       "containerd docker.io/library/pause:real  default"},
      {"containerd16", "/s/io.containerd.runtime.v2.task/default/{}", "containerd   "},
      {"docker20", "/s/exec/containerd/daemon/io.containerd.runtime.v2.task/moby/{}", "docker   "},
      {"docker28", "/s/exec/containerd/daemon/io.containerd.runtime.v2.task/moby/{}", "docker   "},
      {"podman43-runc", "/s/root/vfs-containers/{}/userdata", "podman   "},
      {"podman58-crun", "/s/root/vfs-containers/{}/userdata", "podman   "},
  }));
  INFO(row.file);
  std::string text = content_of(test_data(fmt::format("specs/{}.json", row.file)));
  text.erase(text.rfind('}'));
  const Spec spec("config.json", text + '}');
  const std::string* sandbox = spec.annotation("io.kubernetes.cri.sandbox-id");
  const bool expected = std::string_view(row.file).ends_with(".sandbox");
  const std::string own = expected ? *sandbox : "0123456789abcdef";
  CHECK(told(fmt::format(fmt::runtime(row.place), own), text.substr(1), own) == row.told);
  CommandLine call;
  call.id = own;
  CHECK(::is_sandbox(spec, call) == expected);
}
