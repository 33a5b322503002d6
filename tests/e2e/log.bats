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
  grep -q "level=info msg=\"container c1: added 1 hook to $SPEC; poststart\[0\] (/a) has no env: it gets the engine's\"" "$LOG"
  [ "$(grep -c "has no env" "$LOG")" = 2 ]
}
