#!/usr/bin/env bats
# An image never runs code on the host: a hook there has the environment of its file, or PATH, and nothing of the
# container's. The attack is real: an image with a shared object whose constructor leaves a trace on the host, and
# LD_PRELOAD in the container's environment.
#
# SPDX-License-Identifier: Apache-2.0
load helpers
load engines

HOST_STAGES="prestart createRuntime createContainer poststart poststop"

setup_file() {
  setup_engine_file runc crun dockerd docker containerd unshare gcc
  export TRACE=$BATS_FILE_TMPDIR/trace
  make_poisoned_object
  start_dockerd
  tar -C "$ROOTFS" -c . | docker import --change "ENV LD_PRELOAD=$(poison)" - evil:test
}

teardown_file() { stop_daemon dockerd; }

setup() {
  cd "$BATS_TEST_TMPDIR" || return
  SEEN=$BATS_TEST_TMPDIR
  ID=t$BATS_TEST_NUMBER-$$
  STATE=$BATS_TEST_TMPDIR/state
  rm -f "$TRACE"
}

teardown() {
  local runtime
  for runtime in runc crun; do "$runtime" --root "$STATE" delete --force "$ID" 2>/dev/null || true; done
}

make_poisoned_object() {
  gcc -shared -fPIC -O1 -DTRACE="\"$TRACE\"" -o "$ROOTFS/poc.so" -x c - <<'C'
#include <stdio.h>
#include <unistd.h>
__attribute__((constructor)) static void leave_trace(void) {
  FILE* trace = fopen(TRACE, "a");
  if (!trace) return;
  fprintf(trace, "uid %d\n", (int)getuid());
  fclose(trace);
}
C
}

# Every path under which a program of the host could find the image's file.
poison() { echo "/proc/self/cwd/poc.so:/proc/self/cwd/rootfs/poc.so:$ROOTFS/poc.so"; }

# A hook that says what environment it got, and that it ran. Nothing but cat and the shell's own words: PATH may be empty.
hook_of() {
  printf '#!/bin/sh\n/bin/cat /proc/self/environ >%q/env; : >%q/ran\n' "$PWD" "$PWD" >hook
  chmod 755 hook
  jq -cn --arg stage "$1" --arg path "$PWD/hook" --argjson more "${2:-{\}}" '{($stage): [{path: $path, timeout: 10} + $more]}' >"$HOOKS"
}

poisoned_bundle() {
  runnable_bundle true
  jq --arg poison "$(poison)" 'del(.linux.resources) | .process.env += ["LD_PRELOAD=\($poison)"]' "$SPEC" >"$SPEC.new"
  mv "$SPEC.new" "$SPEC"
}

# The environment is exactly this; PWD, SHLVL and _ are the shell's own.
hook_had() { [ "$(tr '\0' '\n' <./env | grep -vE '^(PWD|OLDPWD|SHLVL|_)=')" = "$1" ] || no "had: $(tr '\0' ' ' <./env | head -c 200)"; }

nothing_of_the_image_ran() {
  eventually test -e ran || return
  [ ! -e "$TRACE" ] || no "the image's code ran on the host: $(cat "$TRACE")"
}

on_runc() { run --separate-stderr "$SHIM" --root "$STATE" run --bundle "$BUNDLE" "$ID"; }

on_crun() {
  run --separate-stderr unshare --mount --propagation private sh -c '
    umount -R -l /sys/fs/cgroup && mount -t cgroup2 none /sys/fs/cgroup && exec "$@"' sh \
    "$SHIM" --root "$STATE" run --bundle "$BUNDLE" "$ID"
}

on_docker() { run docker run --rm --network none evil:test true; }

safe() {
  local runtime=$1 stage=$2
  [ "$runtime" = docker ] || configure_runtimes "$runtime"
  hook_of "$stage"
  [ "$runtime" = docker ] || poisoned_bundle
  "on_$runtime"
  configure_runtimes runc
  ok && nothing_of_the_image_ran && hook_had "$DEFAULT_ENV"
}

@test "the attack is real: a createContainer hook that an earlier tool put in without env runs the image's code" {
  runc --version | grep -qE ' 1\.[0-2]\.' || skip "this runc gives no container's environment to hooks"
  poisoned_bundle
  jq '.hooks.createContainer = [{path: "/bin/true"}]' "$SPEC" >"$SPEC.new" && mv "$SPEC.new" "$SPEC"
  run runc --root "$STATE" run --bundle "$BUNDLE" "$ID"
  ok
  [ "$(cat "$TRACE")" = "uid 0" ]
}

@test "runc: an image's LD_PRELOAD is not in a prestart hook" { safe runc prestart; }
@test "runc: an image's LD_PRELOAD is not in a createRuntime hook" { safe runc createRuntime; }
@test "runc: an image's LD_PRELOAD is not in a createContainer hook" { safe runc createContainer; }
@test "runc: an image's LD_PRELOAD is not in a poststart hook" { safe runc poststart; }
@test "runc: an image's LD_PRELOAD is not in a poststop hook" { safe runc poststop; }

@test "crun: an image's LD_PRELOAD is not in a prestart hook" { safe crun prestart; }
@test "crun: an image's LD_PRELOAD is not in a createRuntime hook" { safe crun createRuntime; }
@test "crun: an image's LD_PRELOAD is not in a createContainer hook" { safe crun createContainer; }
@test "crun: an image's LD_PRELOAD is not in a poststart hook" { safe crun poststart; }
@test "crun: an image's LD_PRELOAD is not in a poststop hook" { safe crun poststop; }

@test "docker: an image's LD_PRELOAD is not in a prestart hook" { safe docker prestart; }
@test "docker: an image's LD_PRELOAD is not in a createRuntime hook" { safe docker createRuntime; }
@test "docker: an image's LD_PRELOAD is not in a createContainer hook" { safe docker createContainer; }
@test "docker: an image's LD_PRELOAD is not in a poststart hook" { safe docker poststart; }
@test "docker: an image's LD_PRELOAD is not in a poststop hook" { safe docker poststop; }
