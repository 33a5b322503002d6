// Which engine made a container, and what that engine itself says of it: its image, its labels, whether it is a sandbox.
//
// Annotations alone prove nothing: `docker run --annotation`, `podman run --annotation` and a pod's annotations set any
// of them, those of another engine, too. What stands here, in this order, is what a container's user cannot forge:
//
// 1. The bundle's place, which the engine chooses; its shape counts, not its root, since data roots, rootless set-ups
//    and other distributions have other roots.
//      STATE/io.containerd.runtime.v2.task/NAMESPACE/ID   containerd; Docker where NAMESPACE is moby, the CRI where it
//                                                         is k8s.io (likewise …runtime.v1.linux)
//      STORAGE/DRIVER-containers/ID/userdata              podman or CRI-O
//    ID is the one on the command line. Who chooses a namespace talks to containerd's socket and is root.
// 2. Docker's own file, DATA/containers/ID/config.v2.json, where DATA is a directory above the root file system: Docker
//    chooses that path, and root alone may have written the file. The mounts of /etc/hosts and the like, by which it
//    could be found, too, are a user's to replace.
// 3. CRI-O's annotations, where io.kubernetes.cri-o.ContainerID is this very container. CRI-O writes it after the pod's
//    annotations; a user of podman sets annotations before the id, 64 random digits, is made.
// 4. Annotations of containerd's CRI, in its namespace. It writes them after those that a pod may pass on; before 1.7
//    that of a sandbox's image is missing there, and a pod's user may set it, of the pause container alone.
//
// A sandbox must name itself as the sandbox, in the annotations of one engine, and no other engine's place.
//
// What podman says of an image, or of a pod's infra container, is in its database; nothing in the spec tells of it that
// a user could not set (measured with podman 4.3: the command /catatonit -P, the name in storage, cgroup and namespaces).
//
// What cannot be known safely, or read, is empty, never an error: a user who could cause an error could switch hooks off
// where on-error = "ignore".
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/oci/command_line.h"
#include "core/oci/spec.h"
#include "core/text/json_text.h"

enum class Maker : std::uint8_t { unknown, docker, podman, containerd, containerd_cri, crio };

class ContainerOrigin {
 public:
  /// The spec must outlive it.
  ContainerOrigin(const Spec& spec, const CommandLine& call);

  /// "docker", "podman", "containerd" or "cri-o".
  std::string_view engine() const;

  /// What the answers rest on: "/var/lib/docker/containers/ID/config.v2.json", "the bundle's place".
  std::string source() const;

  /// The image's name, as Docker, containerd's CRI or CRI-O has it.
  std::string image() const;

  /// What identifies the image's content, as Docker or CRI-O has it: "sha256:…", or a name with that at its end.
  std::string image_digest() const;

  /// The container's name, as Docker and Kubernetes have it.
  std::string name() const;

  /// The namespace of Kubernetes that its pod is in.
  std::string space() const { return label("io.kubernetes.pod.namespace"); }

  /// The name of its pod.
  std::string pod() const { return label("io.kubernetes.pod.name"); }

  /// All labels, as label() has them.
  std::vector<Spec::Annotation> labels() const;

  /// One label. containerd's CRI keeps labels to itself, but for those that the kubelet gives every container.
  std::string label(std::string_view key) const;

 private:
  const Spec& spec_;
  Maker maker_;
  std::optional<JsonText> record_;  // Docker's file, or the labels of CRI-O
};

/// Whether this is the pause container of a pod. Costs next to nothing where no annotation says so.
bool is_sandbox(const Spec& spec, const CommandLine& call);

/// The bundle's one absolute path; as it was given where it cannot be told.
std::string absolute_bundle(const CommandLine& call);
