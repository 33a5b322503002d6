#!/usr/bin/env bats
# The shim under a real podman, by --runtime and through containers.conf.
#
# podman gives the runtime an environment of its own making, so the shim finds its configuration where it looks without
# one: in an /etc that is a copy, in a mount namespace that all these tests share.
#
# SPDX-License-Identifier: Apache-2.0
load helpers
load engines

setup_file() {
  setup_engine_file podman conmon runc unshare nsenter
  export LOW_LEVEL_RUNTIME
  LOW_LEVEL_RUNTIME=$(command -v runc)
  write_containers_conf
  start_namespace_with_own_etc
  tar -C "$ROOTFS" -c . | podman_here import - busybox:test
}

setup() { setup_engine_test; }

teardown_file() { end_namespace; }

start_namespace_with_own_etc() {
  cp -a /etc "$BATS_FILE_TMPDIR/etc"
  mkdir -p "$BATS_FILE_TMPDIR/etc/container-hooks"
  cp "$CONTAINER_HOOKS_CONFIG" "$BATS_FILE_TMPDIR/etc/container-hooks/config.toml"
  start_namespace "$BATS_FILE_TMPDIR/etc"
}

write_containers_conf() {
  export CONTAINERS_CONF=$BATS_FILE_TMPDIR/containers.conf
  podman_settings >"$CONTAINERS_CONF"
  cat >>"$CONTAINERS_CONF" <<TOML
runtime = "hooks"

[engine.runtimes]
hooks = ["$SHIM"]
runc = ["$LOW_LEVEL_RUNTIME"]
TOML
}

podman_run() { run podman_here "${podman_options[@]}" run --rm -v "$SEEN:$SEEN" "$@"; }

@test "podman run through containers.conf starts a container with the hooks in it" {
  podman_run busybox:test echo "hello from inside"
  ok
  [ "$output" = "hello from inside" ]
  all_stages_ran
}

@test "podman --runtime starts a container with the hooks in it" {
  local podman_options=(--runtime "$SHIM")
  podman_run busybox:test echo "hello from inside"
  ok
  [ "$output" = "hello from inside" ]
  all_stages_ran
}

@test "podman --runtime runc does not come by the shim" {
  local podman_options=(--runtime runc)
  podman_run busybox:test true
  ok
  no_stage_ran
}

@test "podman's exit status through the shim is the container's" {
  podman_run busybox:test sh -c 'exit 37'
  ok 37
}

@test "podman exec, stop and restart work on a container of the shim" {
  run podman_here run -d --name "$ID" -v "$SEEN:$SEEN" busybox:test sleep 1000
  ok
  run podman_here exec "$ID" echo "from exec"
  ok
  [ "$output" = "from exec" ]
  podman_here stop --time 0 "$ID"
  all_stages_ran
  rm "$SEEN/order"
  podman_here start "$ID"
  podman_here rm --force --time 0 "$ID"
  all_stages_ran
}

@test "hooks preview knows a running container by its name and by the beginning of its id" {
  podman_run --detach --name "$ID" busybox:test sleep 1000
  ok
  local id=$output word
  for word in "$ID" "${id:0:12}"; do
    run in_namespace "$BUILD/container-hooks-ctk" hooks preview --json "$word"
    ok
    [ "$(jq -r .outcome <<<"$output")" = "already there" ]
  done
  run podman_here rm --force --time 0 "$ID"
  ok
}

@test "an error of the shim is what podman run prints" {
  printf '{"prestrat": []}' >"$HOOKS"
  podman_run busybox:test echo unreachable
  ok 126
  [[ $output == *"$HOOKS:1:"* ]]
  [[ $output == *prestrat* ]]
  [[ $output != *unreachable* ]]
  no_stage_ran
}

@test "annotations of a user of podman neither switch hooks off nor lie to them" {
  hook_that_is_told
  local annotation annotations=()
  while read -r annotation; do annotations+=(--annotation "$annotation"); done < <(forged_annotations)
  podman_run "${annotations[@]}" busybox:test true
  ok
  was_told podman "" ""
}

@test "labels that cannot be read stop nothing" {
  hook_that_is_told
  podman_run --annotation io.container.manager=cri-o --annotation 'io.kubernetes.cri-o.Labels={' busybox:test true
  ok
  was_told podman "" ""
}

@test "podman run shows a recorded hook that fails by its name and what it said" {
  local config=$BATS_FILE_TMPDIR/etc/container-hooks/config.toml
  failing_hook_recorded "$config"
  podman_run busybox:test echo unreachable
  no_record "$config"
  failure_was_told podman
}
