#!/usr/bin/env bats
# The shim under a real containerd, as the runc binary of its shim.
#
# SPDX-License-Identifier: Apache-2.0
load helpers
load engines

setup_file() {
  setup_engine_file containerd ctr runc
  export CONTAINERD_ADDRESS=$BATS_FILE_TMPDIR/c.sock
  cat >"$BATS_FILE_TMPDIR/containerd.toml" <<TOML
version = 2
root = "$BATS_FILE_TMPDIR/root"
state = "$BATS_FILE_TMPDIR/state"
disabled_plugins = ["io.containerd.grpc.v1.cri"]

[grpc]
  address = "$CONTAINERD_ADDRESS"

[ttrpc]
  address = "$CONTAINERD_ADDRESS.ttrpc"

[plugins."io.containerd.internal.v1.opt"]
  path = "$BATS_FILE_TMPDIR/opt"
TOML
  start_daemon containerd containerd -c "$BATS_FILE_TMPDIR/containerd.toml"
  eventually ctr version || daemon_log containerd
  export RUNC_ROOT=$BATS_FILE_TMPDIR/runc
}

teardown_file() { stop_daemon containerd; }

setup() { setup_engine_test; }

teardown() {
  ctr task kill -s KILL "$ID" 2>/dev/null || true
  ctr container rm "$ID" 2>/dev/null || true
}

ctr_run() {
  run ctr run --rm --rootfs --runc-root "$RUNC_ROOT" --runc-binary "$1" \
    --mount "type=bind,src=$SEEN,dst=$SEEN,options=rbind:rw" "$ROOTFS" "$ID" "${@:2}"
}

@test "ctr run --runc-binary starts a container with the hooks in it" {
  ctr_run "$SHIM" /bin/echo "hello from inside"
  ok
  [ "$output" = "hello from inside" ]
  all_stages_ran
}

@test "ctr run --runc-binary runc does not come by the shim" {
  ctr_run runc /bin/true
  ok
  no_stage_ran
}

@test "ctr's exit status through the shim is the container's" {
  ctr_run "$SHIM" /bin/sh -c 'exit 37'
  ok 37
  all_stages_ran
}

@test "ctr task exec, pause, resume and kill work on a container of the shim" {
  run ctr run -d --rootfs --runc-root "$RUNC_ROOT" --runc-binary "$SHIM" \
    --mount "type=bind,src=$SEEN,dst=$SEEN,options=rbind:rw" "$ROOTFS" "$ID" /bin/sleep 1000 3>&-
  ok
  run ctr task exec --exec-id e1 "$ID" /bin/echo "from exec"
  ok
  [ "$output" = "from exec" ]
  ctr task pause "$ID"
  ctr task resume "$ID"
  ctr task kill -s KILL "$ID"
  eventually ctr task rm "$ID"
  ctr container rm "$ID"
  all_stages_ran
}

@test "hooks preview knows a running container by its id" {
  run ctr run -d --rootfs --runc-root "$RUNC_ROOT" --runc-binary "$SHIM" \
    --mount "type=bind,src=$SEEN,dst=$SEEN,options=rbind:rw" "$ROOTFS" "$ID" /bin/sleep 1000 3>&-
  ok
  run "$BUILD/container-hooks-ctk" hooks preview --json "$ID"
  ok
  [ "$(jq -r .outcome <<<"$output")" = "already there" ]
  ctr task kill -s KILL "$ID"
  eventually ctr task rm "$ID"
  ctr container rm "$ID"
}

@test "an error of the shim is what ctr prints" {
  printf '{"prestrat": []}' >"$HOOKS"
  ctr_run "$SHIM" /bin/echo unreachable
  [ "$status" -ne 0 ]
  [[ $output == *"OCI runtime create failed: "*"$HOOKS:1:"*prestrat* ]]
  [[ $output != *unreachable* ]]
  no_stage_ran
}

@test "annotations of a user of containerd neither switch hooks off nor lie to them" {
  hook_that_is_told
  local annotation annotations=()
  while read -r annotation; do annotations+=(--annotation "$annotation"); done < <(forged_annotations)
  run ctr run --rm --rootfs --runc-root "$RUNC_ROOT" --runc-binary "$SHIM" "${annotations[@]}" \
    --annotation io.kubernetes.cri-o.ContainerID="$ID" --annotation io.kubernetes.cri-o.SandboxID="$ID" \
    --annotation io.kubernetes.cri.sandbox-id="$ID" "$ROOTFS" "$ID" /bin/true
  ok
  was_told containerd "" ""
}

@test "ctr run shows a recorded hook that fails by its name and what it said" {
  failing_hook_recorded
  ctr_run "$SHIM" echo unreachable
  no_record
  failure_was_told containerd
}
