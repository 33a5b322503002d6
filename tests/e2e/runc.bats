#!/usr/bin/env bats
# The shim over the real runc: all stages run, and what fails with runc fails the same way.
#
# SPDX-License-Identifier: Apache-2.0
load helpers
load engines

setup_file() { setup_engine_file runc; }

setup() {
  setup_engine_test
  STATE=$BATS_TEST_TMPDIR/runc
}

teardown() {
  runc --root "$STATE" delete --force "$ID" 2>/dev/null || true
}

@test "run: the hooks of all six stages run, in order, and the container's output is its own" {
  runnable_bundle 'echo "hello from inside"'
  shim --root "$STATE" run --bundle "$BUNDLE" "$ID"
  ok
  [ "$output" = "hello from inside" ]
  [ -z "$stderr" ]
  all_stages_ran
}

@test "create, start, kill and delete: the hooks of all six stages run, in order" {
  runnable_bundle 'sleep 1000'
  "$SHIM" --root "$STATE" create --bundle "$BUNDLE" "$ID" >"$BATS_TEST_TMPDIR/out" 2>&1 </dev/null 3>&-
  [ "$(head -n 3 "$SEEN/order" | paste -sd " ")" = "prestart createRuntime createContainer" ]
  shim --root "$STATE" start "$ID"
  ok
  shim --root "$STATE" state "$ID"
  [ "$(jq -r .status <<<"$output")" = running ]
  shim --root "$STATE" kill "$ID" KILL
  ok
  eventually stopped
  shim --root "$STATE" delete "$ID"
  ok
  all_stages_ran
  [ ! -s "$BATS_TEST_TMPDIR/out" ]
}

stopped() { [ "$("$SHIM" --root "$STATE" state "$ID" | jq -r .status)" = stopped ]; }

@test "each hook gets the container's state: id, bundle, and the status of its stage" {
  runnable_bundle true
  shim --root "$STATE" run --bundle "$BUNDLE" "$ID"
  ok
  local stage
  for stage in $STAGES; do
    [ "$(state_of "$stage" .id)" = "$ID" ]
    [ "$(state_of "$stage" .bundle)" = "$BUNDLE" ]
  done
  [ "$(state_of createRuntime .status)" = creating ]
  [ "$(state_of startContainer .status)" = created ]
  [ "$(state_of poststop .status)" = stopped ]
}

@test "the hooks of hooks.json run after those that the spec has" {
  runnable_bundle true
  jq --arg path "$SEEN/hook" '.hooks.createRuntime = [{path: $path, args: ["hook", "of-the-spec"]}]' "$SPEC" >"$SPEC.new"
  mv "$SPEC.new" "$SPEC"
  shim --root "$STATE" run --bundle "$BUNDLE" "$ID"
  ok
  [ "$(sed -n '2,3p' "$SEEN/order" | paste -sd ' ')" = "of-the-spec createRuntime" ]
}

@test "without a bundle option the current directory is the bundle" {
  runnable_bundle true
  cd "$BUNDLE"
  shim --root "$STATE" run "$ID"
  ok
  all_stages_ran
}

@test "a hook that fails stops the container, with runc's own error" {
  add_failing_hook createRuntime
  runnable_bundle 'echo unreachable'
  shim --root "$STATE" run --bundle "$BUNDLE" "$ID"
  [ "$status" -ne 0 ]
  [[ $stderr == *"error running hook"* ]]
  [[ $stderr != *container-hooks-runtime:* ]]
  [ -z "$output" ]
  has_run poststop
}

@test "the container's exit status is that of run" {
  runnable_bundle 'exit 37'
  shim --root "$STATE" run --bundle "$BUNDLE" "$ID"
  ok 37
}

@test "run twice on one bundle has the hooks once" {
  runnable_bundle true
  shim --root "$STATE" run --bundle "$BUNDLE" "$ID"
  ok
  all_stages_ran
  rm "$SEEN/order"
  shim --root "$STATE" run --bundle "$BUNDLE" "$ID"
  ok
  all_stages_ran
}

@test "features, list and --version are runc's own output" {
  local words
  for words in features list --version; do
    shim --root "$STATE" "$words"
    ok
    [ "$output" = "$(runc --root "$STATE" "$words")" ]
    [ -z "$stderr" ]
  done
}

@test "an error of runc itself is told by runc alone" {
  shim --root "$STATE" state never-created
  [ "$status" -eq 1 ]
  [ "$stderr" = "$(runc --root "$STATE" state never-created 2>&1)" ]
}
