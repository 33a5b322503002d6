#!/usr/bin/env bats
# Many containers at once: every one has its hooks, once, and none fails.
#
# SPDX-License-Identifier: Apache-2.0
load helpers
load engines

containers=500
at_once=64
creates_of_one=200

teardown() {
  [ -n "${STATE:-}" ] || return 0
  local id
  for id in $(runc --root "$STATE" list -q 2>/dev/null); do runc --root "$STATE" delete --force "$id" || true; done
}

# One process a hook: what it reads on stdin says whose it is.
hook_that_keeps_states() {
  jq -n --arg states "$PWD/states" '
    {createRuntime: [{path: "/bin/sh", args: ["sh", "-c", "exec cat >>\($states)"], env: ["PATH=/bin:/usr/bin"]}]}' >"$HOOKS"
}

# What one worker does, for its number: a bundle, create, and the end of it all.
write_worker() {
  cat >worker <<'SH'
#!/bin/sh
id=scale-$1
mkdir "bundles/$1" && cp spec.json "bundles/$1/config.json" || exit
"$SHIM" --root "$STATE" create --bundle "bundles/$1" --pid-file "bundles/$1/pid" "$id" >"out/$1" 2>&1 </dev/null || echo "$id" >>failed
runc --root "$STATE" delete --force "$id" 2>>deleted || echo "$id" >>failed
SH
  chmod 755 worker
}

# All of them over runc, with the hooks in $HOOKS: none fails, none prints, none leaves anything.
run_containers() {
  cd "$BATS_TEST_TMPDIR" || return
  export SHIM STATE=$BATS_TEST_TMPDIR/runc
  runnable_bundle_without_mounts
  write_worker
  mkdir bundles out
  seq "$containers" | xargs -P "$at_once" -I N ./worker N 3>&-
  [ ! -e failed ] || no "failed: $(sort -u failed | head -n 5); $(cat out/* deleted | sort | uniq -c | head -n 5)" || return
  [ -z "$(cat out/*)" ] || no "printed: $(cat out/* | head -n 5)" || return
  [ -z "$(find bundles -mindepth 2 ! -name config.json ! -name pid)" ]
}

@test "500 containers, 64 at a time, over runc: each has its hooks once, and none fails" {
  setup_engine_file runc
  cd "$BATS_TEST_TMPDIR"
  hook_that_keeps_states
  run_containers
  [ "$(jq -c '[.hooks[] | length]' bundles/*/config.json | sort | uniq -c | xargs)" = "$containers [2]" ]
  [ "$(jq -r .id states | sort -u | wc -l)" = "$containers" ]
  [ "$(jq -r .id states | wc -l)" = "$containers" ]
}

@test "500 recorded containers, 64 at a time, over runc: a record of each run of each hook, none torn, lost or doubled" {
  setup_engine_file runc
  record_all
  echo '{"createRuntime":[{"path":"/bin/true"},{"path":"/bin/echo"}],"poststop":[{"path":"/bin/true"}]}' >"$HOOKS"
  run_containers
  local record=$BATS_TEST_TMPDIR/log/hooks.jsonl
  [ "$(wc -l <"$record")" = $((3 * containers)) ]
  [ "$(jq -r '[.container, .stage, .hook, .result] | join(" ")' "$record" | sort -u | cut -d ' ' -f 2- | sort | uniq -c | xargs)" = \
    "$containers createRuntime echo ok $containers createRuntime true ok $containers poststop true ok" ] ||
    no "$(jq -r '[.container, .stage, .hook, .result] | join(" ")' "$record" | sort -u | cut -d ' ' -f 2- | sort | uniq -c)"
}

# Little to set up: no network, one mount.
runnable_bundle_without_mounts() {
  runc spec
  jq --arg rootfs "$ROOTFS" '
    .process.terminal = false | .process.args = ["/bin/true"] | .root.path = $rootfs | del(.process.rlimits)
    | .mounts |= map(select(.destination == "/proc" or .destination == "/dev"))' config.json >spec.json
}

@test "200 creates at once on one bundle leave one copy of the hooks, and none fails" {
  setup_fake_runtime
  hooks_file '{"createRuntime":[{"path":"/bin/true","args":["true","one"]}],"poststop":[{"path":"/bin/true"}]}'
  local n pids=()
  for n in $(seq "$creates_of_one"); do
    "$SHIM" create -b "$BUNDLE" "c$n" >>printed 2>&1 </dev/null 3>&- &
    pids+=($!)
  done
  for n in "${pids[@]}"; do wait "$n"; done
  [ ! -s printed ] || no "printed: $(head -n 5 printed)"
  hooks_are_in && nothing_but_insertions && no_litter
  [ "$(grep -c 'added' "$LOG")" = 1 ]
}

@test "200 creates at once, while others kill some of them, leave one copy of the hooks" {
  setup_fake_runtime
  local n pids=()
  for n in $(seq "$creates_of_one"); do
    timeout -s KILL "0.00$((n % 8))" "$SHIM" create -b "$BUNDLE" "c$n" >/dev/null 2>&1 </dev/null 3>&- &
    pids+=($!)
  done
  for n in "${pids[@]}"; do wait "$n" || true; done
  "$SHIM" create -b "$BUNDLE" last
  hooks_are_in && nothing_but_insertions && no_litter
}
