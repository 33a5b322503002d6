#!/usr/bin/env bats
# The shim under a real containerd as Kubernetes calls it, over its CRI: what is told of a pod's container, and which get hooks.
#
# SPDX-License-Identifier: Apache-2.0
load helpers
load engines

setup_file() {
  setup_engine_file containerd ctr runc
  export CRI=$BATS_TEST_DIRNAME/cri.py CONTAINERD_ADDRESS=$BATS_FILE_TMPDIR/c.sock
  write_containerd_config
  start_daemon containerd containerd -c "$BATS_FILE_TMPDIR/containerd.toml"
  eventually ctr version || daemon_log containerd
  for name in docker.io/library/pause:test docker.io/library/busybox:test docker.io/library/other:test; do
    "$CRI" image "$name" "$ROOTFS" "$BATS_FILE_TMPDIR/image.tar"
    ctr --namespace k8s.io images import --snapshotter native "$BATS_FILE_TMPDIR/image.tar"
  done
}

write_containerd_config() {
  cat >"$BATS_FILE_TMPDIR/containerd.toml" <<TOML
version = 2
root = "$BATS_FILE_TMPDIR/root"
state = "$BATS_FILE_TMPDIR/state"

[grpc]
  address = "$CONTAINERD_ADDRESS"

[ttrpc]
  address = "$CONTAINERD_ADDRESS.ttrpc"

[plugins."io.containerd.internal.v1.opt"]
  path = "$BATS_FILE_TMPDIR/opt"

[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "docker.io/library/pause:test"
  restrict_oom_score_adj = true
  [plugins."io.containerd.grpc.v1.cri".containerd]
    snapshotter = "native"
    [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
      runtime_type = "io.containerd.runc.v2"
      [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
        BinaryName = "$SHIM"
        Root = "$BATS_FILE_TMPDIR/runc"
TOML
}

teardown_file() { stop_daemon containerd; }

setup() {
  setup_engine_test
  rm "$HOOKS"
  HOOKS_D=$BATS_FILE_TMPDIR/hooks.d
  sed -i "s|^dirs = .*|dirs = [\"$HOOKS_D\"]|" "$CONTAINER_HOOKS_CONFIG"
  rm -rf "$HOOKS_D"
}

teardown() {
  local pod
  while read -r pod; do "$CRI" remove "$CONTAINERD_ADDRESS" "$pod"; done < <(head -n 1 "$BATS_TEST_TMPDIR/ids")
}

# pod NAMESPACE IMAGE [COMMAND...]: both ids are in the file ids.
pod() {
  run --separate-stderr "$CRI" run "$CONTAINERD_ADDRESS" "$1" "pod-$BATS_TEST_NUMBER-$$" web "docker.io/library/$2:test" "${@:3}"
  echo "$output" >"$BATS_TEST_TMPDIR/ids"
}

hooks_add() { "$BUILD/container-hooks-ctk" hooks add --timeout 20 "$@" >/dev/null; }

# A hook that writes down its arguments, a line each time.
tell() { hooks_add "${@:2}" --name "$1" /bin/sh -- -c 'cat >/dev/null; echo "$@" >>"$0"' "$SEEN/$1" '{{engine}} {{image}} {{name}} {{namespace}} {{pod}}'; }

@test "a pod's container is told its engine, image, name, namespace and pod, and its sandbox has no hook" {
  tell all --stage createRuntime
  pod default busybox sleep 100
  ok
  [ "$(cat "$SEEN/all")" = "containerd docker.io/library/busybox:test web default pod-$BATS_TEST_NUMBER-$$" ]
}

@test "images, labels of the kubelet's, namespaces and unless choose among pods" {
  tell image --stage createRuntime --when-image 'library/busybox:'
  tell others --stage createRuntime --unless-image 'library/busybox:'
  tell space --stage createRuntime --when-namespace prod
  tell not-system --stage createRuntime --unless-namespace kube-system
  tell label --stage createRuntime --when-label io.kubernetes.container.name=web
  pod kube-system other sleep 100
  ok
  [ "$(cd "$SEEN" && echo *)" = "hook label others" ]
  teardown
  pod prod busybox sleep 100
  ok
  [ "$(cd "$SEEN" && wc -l image others space not-system label | awk '{print $1}' | paste -sd ' ')" = "1 1 1 1 2 6" ]
}

@test "a precreate hook writes the spec of a pod's containers" {
  printf '#!/bin/sh\nexec jq -c ".process.rlimits = [{type: \\"RLIMIT_CORE\\", soft: 0, hard: 0}] | .mounts += [{destination: \\"/site\\", type: \\"bind\\", source: \\"%s\\", options: [\\"bind\\"]}]"\n' \
    "$SEEN" >"$SEEN/write"
  chmod 755 "$SEEN/write"
  hooks_add --stage precreate --env PATH=/usr/bin:/bin "$SEEN/write"
  pod default busybox sh -c 'ulimit -H -c >/site/limit; exec sleep 100'
  ok
  eventually grep -qx 0 "$SEEN/limit"
}

@test "an image that is not on the list does not start, and the kubelet is told why" {
  hooks_add --stage createRuntime --name images --unless-image '/busybox:' /bin/sh -- -c 'cat >/dev/null; echo "image $0 is not on the list" >&2; exit 1' '{{image}}'
  pod default other sleep 100
  ok 1
  [[ $stderr == *"image docker.io/library/other:test is not on the list"* ]] || no "$stderr"
  teardown
  pod default busybox sleep 100
  ok
}

@test "a device of a CDI file, for pods of one namespace" {
  echo '{"cdiVersion":"1.1.0","kind":"example.com/device","devices":[{"name":"zero","containerEdits":{"deviceNodes":[{"path":"/dev/vendor","hostPath":"/dev/zero"}],"mounts":[{"hostPath":"'"$SEEN"'","containerPath":"/site","options":["bind"]}]}}]}' >"$SEEN/vendor.json"
  hooks_add --stage precreate --when-namespace gpu "$ROOT/scripts/examples/cdi-device" -- "$SEEN/vendor.json" -- zero
  pod gpu busybox sh -c 'busybox head -c 2 /dev/vendor | busybox od -An -tx1 >/site/bytes; exec sleep 100'
  ok
  eventually grep -q '00 00' "$SEEN/bytes"
}
