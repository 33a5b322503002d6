#!/usr/bin/env bats
# The shim over the real crun, in a private mount namespace with a pure cgroup2: crun refuses hybrid ones.
#
# SPDX-License-Identifier: Apache-2.0
load helpers
load engines

setup_file() {
  setup_engine_file crun runc unshare
  configure_runtimes crun
  private_cgroup2 true || skip "no private mount namespace with a cgroup2 to be had"
}

setup() {
  setup_engine_test
  STATE=$BATS_TEST_TMPDIR/crun
}

teardown() {
  private_cgroup2 crun --root "$STATE" delete --force "$ID" 2>/dev/null || true
}

# A bundle without device rules: those need more locked memory than every host allows.
crun_bundle() {
  runnable_bundle "$1"
  jq 'del(.linux.resources)' "$SPEC" >"$SPEC.new"
  mv "$SPEC.new" "$SPEC"
}

# Runs a command where /sys/fs/cgroup is a cgroup2 of its own mount.
private_cgroup2() {
  unshare --mount --propagation private sh -c '
    umount -R -l /sys/fs/cgroup && mount -t cgroup2 none /sys/fs/cgroup && exec "$@"' private_cgroup2 "$@"
}

shim_on_cgroup2() { run --separate-stderr private_cgroup2 "$SHIM" --root "$STATE" "$@"; }

@test "crun run: the hooks of all six stages run, in order" {
  crun_bundle 'echo "hello from inside"'
  shim_on_cgroup2 run --bundle "$BUNDLE" "$ID"
  ok
  [ "$output" = "hello from inside" ]
  all_stages_ran
}

@test "crun create, start and delete: the hooks of all six stages run, in order" {
  crun_bundle 'sleep 1000'
  private_cgroup2 sh -ec '
    shim=$1 state=$2 bundle=$3 id=$4
    "$shim" --root "$state" create --bundle="$bundle" "$id" </dev/null >/dev/null 2>&1
    "$shim" --root "$state" start "$id"' sh "$SHIM" "$STATE" "$BUNDLE" "$ID" 3>&-
  eventually has_run startContainer
  shim_on_cgroup2 delete --force "$ID"
  ok
  all_stages_ran
}

@test "crun's --config names the spec, found from the caller's directory" {
  crun_bundle true
  mkdir "$BATS_TEST_TMPDIR/elsewhere"
  mv "$SPEC" "$BATS_TEST_TMPDIR/elsewhere/other.json"
  cd "$BATS_TEST_TMPDIR/elsewhere"
  shim_on_cgroup2 run --config other.json -b "$BUNDLE" "$ID"
  ok
  all_stages_ran
}

@test "a hook that fails stops the container, with crun's own error" {
  add_failing_hook createRuntime
  crun_bundle 'echo unreachable'
  shim_on_cgroup2 run --bundle "$BUNDLE" "$ID"
  [ "$status" -ne 0 ]
  [[ $stderr == *"error executing hook \`/bin/false\`"* ]]
  [[ $stderr != *container-hooks-runtime:* ]]
  [ -z "$output" ]
}
