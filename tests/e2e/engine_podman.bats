#!/usr/bin/env bats
# A real podman before and after the drop-in that configure makes in /etc/containers/containers.conf.d.
#
# In a mount namespace with a copy of /etc, without CONTAINERS_CONF: podman reads the files that it reads everywhere.
#
# SPDX-License-Identifier: Apache-2.0
load helpers
load engines

setup_file() {
  setup_engine_file podman conmon runc unshare nsenter
  export FOLDER=$BATS_FILE_TMPDIR
  unset CONTAINERS_CONF
  copy_etc
  start_namespace "$FOLDER/etc"
  tar -C "$ROOTFS" -c . | podman_here import - busybox:test
}

teardown_file() { end_namespace; }

setup() { setup_engine_test; }

# The shim, called by podman, gets no environment that could name another configuration.
copy_etc() {
  cp -a /etc "$FOLDER/etc"
  rm -rf "$FOLDER/etc/container-hooks" "$FOLDER/etc/containers/containers.conf.d"
  mkdir -p "$FOLDER/etc/container-hooks" "$FOLDER/etc/containers"
  cp "$CONTAINER_HOOKS_CONFIG" "$FOLDER/etc/container-hooks/config.toml"
  podman_settings >"$FOLDER/etc/containers/containers.conf"
  echo 'runtime = "runc"' >>"$FOLDER/etc/containers/containers.conf"
  files_in_etc >"$FOLDER/etc.before"
}

# podman itself leaves a lock where it has looked for networks.
files_in_etc() { find "$FOLDER/etc" -type f ! -path '*/cni/net.d/cni.lock' -exec cksum {} + | sort; }

here() { CONTAINER_HOOKS_STATE_DIR=$FOLDER/state in_namespace "$@"; }

podman_run() { run podman_here run --rm -v "$SEEN:$SEEN" "$@"; }

@test "with the drop-in podman run runs the hooks, and when it is gone it does not" {
  podman_run busybox:test true
  ok
  no_stage_ran
  here "$BUILD/container-hooks-ctk" runtime configure --runtime=podman --path="$SHIM" --default
  [ "$(podman_here info --format '{{.Host.OCIRuntime.Name}}')" = container-hooks-runtime ]
  podman_run busybox:test echo "hello from inside"
  ok
  [ "$output" = "hello from inside" ]
  all_stages_ran
  here "$BUILD/container-hooks-ctk" runtime unconfigure --runtime=podman
  rm "$SEEN"/*.state "$SEEN/order"
  [ "$(podman_here info --format '{{.Host.OCIRuntime.Name}}')" = runc ]
  podman_run busybox:test true
  ok
  no_stage_ran
  diff "$FOLDER/etc.before" <(files_in_etc)
}

@test "without --default podman's own stays, and --runtime takes the name" {
  here "$BUILD/container-hooks-ctk" runtime configure --runtime=podman --path="$SHIM" --name=hooks
  podman_run busybox:test true
  ok
  no_stage_ran
  run podman_here --runtime hooks run --rm -v "$SEEN:$SEEN" busybox:test true
  ok
  all_stages_ran
  here "$BUILD/container-hooks-ctk" runtime unconfigure --runtime=podman --name=hooks
}
