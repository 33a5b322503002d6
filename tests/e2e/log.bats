#!/usr/bin/env bats
# Our own log: whole lines appended, and never a reason to fail.
#
# SPDX-License-Identifier: Apache-2.0
load helpers

setup() { setup_fake_runtime; }

create() { shim create -b "$BUNDLE" c1; }

has_no_effect() {
  create
  ok && silent && hooks_are_in && runtime_got create -b "$BUNDLE" c1
}

@test "a create leaves a line that names the container or its bundle" {
  has_no_effect
  grep -qF "$BUNDLE" "$LOG"
}

@test "the log is appended to" {
  echo "an old line" >"$LOG"
  has_no_effect
  [ "$(head -n 1 "$LOG")" = "an old line" ]
  [ "$(wc -l <"$LOG")" -gt 1 ]
}

@test "an error is in the log too" {
  hooks_file '{"prestrat":[]}'
  create
  grep -qF "$HOOKS:1:2" "$LOG"
}

@test "at log-level error a create leaves no line" {
  sed -i 's/^debug/log-level = "error"\n&/' "$CONTAINER_HOOKS_CONFIG"
  has_no_effect
  [ ! -s "$LOG" ]
}

@test "a log in a directory that is missing has no effect" {
  sed -i 's@^debug.*@debug = "/nonexistent/directory/log"@' "$CONTAINER_HOOKS_CONFIG"
  has_no_effect
}

@test "a log that is a directory has no effect" {
  mkdir "$LOG"
  has_no_effect
}

@test "a log that is a fifo nobody reads has no effect" {
  mkfifo "$LOG"
  run --separate-stderr timeout 10 "$SHIM" create -b "$BUNDLE" c1
  ok && silent && hooks_are_in
}

@test "a log on a full device has no effect" {
  ln -s /dev/full "$LOG"
  has_no_effect
}

@test "an empty debug path means no log" {
  sed -i 's@^debug.*@debug = ""@' "$CONTAINER_HOOKS_CONFIG"
  has_no_effect
}

@test "the runtime does not inherit the log" {
  has_no_effect
  ! grep -F "$LOG" "$RECORD/descriptors" || false
}

@test "the time is UTC whatever the time zone, whose file is not read" {
  TZ=:/etc/shadow strace -qq -o calls -e trace=openat "$SHIM" create -b "$BUNDLE" c1
  ! grep -E 'shadow|localtime' calls || false
  TZ=XYZ-14 create
  ok
  local second
  second=$(sed -n '1s/^time="\([^"]*\)Z".*/\1/p' "$LOG")
  [ "$(($(date -u +%s) - $(date -u -d "$second" +%s)))" -lt 3600 ]
}

@test "names with line breaks make no lines of their own in the log" {
  local odd=$'b\nlevel=error forged'
  mv bundle "$odd"
  BUNDLE=$PWD/$odd
  create
  ok
  ! grep '^level=error forged' "$LOG" || false
}

@test "64 creates at once leave whole lines" {
  local n pids=()
  for n in $(seq 64); do
    mkdir "b$n"
    cp "$OLD_SPEC" "b$n/config.json"
  done
  for n in $(seq 64); do
    "$SHIM" create -b "b$n" "c$n" 3>&- &
    pids+=($!)
  done
  for n in "${pids[@]}"; do wait "$n"; done
  for n in $(seq 64); do [ "$(SPEC=b$n/config.json stage createRuntime | jq length)" = 1 ]; done
  local form
  form=$(sed -n '1s/[0-9]/0/gp' "$LOG" | sed 's/ .*//')
  [ "$(sed 's/[0-9]/0/g; s/ .*//' "$LOG" | sort -u)" = "$form" ]
}

@test "a hook without env that others put into the spec is named in the log, createContainer's with a warning" {
  bundle_with '{"hooks":{"poststart":[{"path":"/a"}],"createContainer":[{"path":"/b","env":[]},{"path":"/c"}],"startContainer":[{"path":"/d"}]}}'
  shim create -b "$BUNDLE" c1
  ok && silent && hooks_are_in && nothing_but_insertions
  grep -q "level=warning msg=\"container c1: $SPEC: createContainer\[1\] (/c) has no env: it gets the image's under runc up to 1.2\"" "$LOG"
  grep -q "level=info msg=\"container c1: added 1 hook to $SPEC: true in createRuntime; poststart\[0\] (/a) has no env: it gets the engine's\"" "$LOG"
  [ "$(grep -c "has no env" "$LOG")" = 2 ]
}

# create_at LEVEL: of two hooks in directories, one for a command that the container does not have
create_at() {
  mkdir -p "$BATS_TEST_TMPDIR/hooks.d"
  hooks_file '{}'
  sed -i "s|^dirs = .*|dirs = [\"$BATS_TEST_TMPDIR/hooks.d\"]|; s/^debug/log-level = \"$1\"\n&/" "$CONTAINER_HOOKS_CONFIG"
  printf '{"version":"1.0.0","hook":{"path":"/bin/true","timeout":1},"when":{"always":true},"stages":["poststart","poststop"]}' \
    >"$BATS_TEST_TMPDIR/hooks.d/10-verify.json"
  printf '{"version":"1.0.0","hook":{"path":"/bin/true","timeout":1},"when":{"commands":["^nothing$"]},"stages":["poststop"]}' \
    >"$BATS_TEST_TMPDIR/hooks.d/20-gpu.json"
  create
  ok && silent
}

@test "at info the log has the names of the hooks that a container got, and their stages" {
  create_at info
  grep -qF "level=info msg=\"container c1: added 2 hooks to $SPEC: verify in poststart, verify in poststop" "$LOG"
  [ "$(wc -l <"$LOG")" = 1 ]
}

@test "at debug it has those that were passed over, too, and why" {
  create_at debug
  grep -q "level=debug msg=\"container c1: passed over $BATS_TEST_TMPDIR/hooks.d/20-gpu.json: command .* matches none of .*^nothing" "$LOG"
  [ "$(wc -l <"$LOG")" = 2 ]
}

@test "at debug it says why a container got no hook" {
  create_at debug
  create
  grep -q 'level=debug msg="container c1: added no hook: the spec has the marker already"' "$LOG"
}

@test "at trace it has each value of the container, and where that comes from" {
  create_at trace
  grep -qF 'level=trace msg="container c1: {{id}} is \"c1\" from the command line"' "$LOG"
  grep -qF "level=trace msg=\"container c1: {{bundle}} is \\\"$BUNDLE\\\" from the command line\"" "$LOG"
  grep -qF "{{engine}} is \\\"\\\" from nothing: the bundle's place is not that of an engine" "$LOG"
}
