#!/usr/bin/env bats
# How a failure of the shim is told: one line where the engine reads, in the format it asks for, and one on stderr.
#
# SPDX-License-Identifier: Apache-2.0
load helpers

setup() {
  setup_fake_runtime
  hooks_file '{"prestrat":[]}'
  ENGINE_LOG=$BATS_TEST_TMPDIR/engine.log
}

json_line() {
  [ "$(wc -l <"$ENGINE_LOG")" = 1 ] || no "lines: $(cat "$ENGINE_LOG")" || return
  jq -e --arg message "$stderr" '
    .level == "error" and .msg == $message and (.time | test("^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}(\\.[0-9]+)?(Z|[+-][0-9]{2}:[0-9]{2})$"))
    and keys == ["level", "msg", "time"]' "$ENGINE_LOG"
}

text_line() {
  [ "$(wc -l <"$ENGINE_LOG")" = 1 ] || no "lines: $(cat "$ENGINE_LOG")" || return
  grep -qE '^time="[0-9-]{10}T[^"]+" level=error msg=".*prestrat.*"$' "$ENGINE_LOG" || no "$(cat "$ENGINE_LOG")"
}

@test "--log-format json gets one JSON line, with the message of stderr" {
  shim --log "$ENGINE_LOG" --log-format json create -b "$BUNDLE" c1
  one_error "$HOOKS:1:2" prestrat && json_line
}

@test "--log=L --log-format=json gets one JSON line" {
  shim --log="$ENGINE_LOG" --log-format=json create -b "$BUNDLE" c1
  one_error prestrat && json_line
}

@test "--log-format text gets one text line" {
  shim --log "$ENGINE_LOG" --log-format text create -b "$BUNDLE" c1
  one_error prestrat && text_line
}

@test "without --log-format it is one text line" {
  shim --log "$ENGINE_LOG" create -b "$BUNDLE" c1
  one_error prestrat && text_line
}

@test "crun's --log file:L gets the line" {
  low_level_runtime_is crun
  shim --log "file:$ENGINE_LOG" --log-format json create -b "$BUNDLE" c1
  one_error prestrat && json_line
}

@test "runsc's -log L -log-format json gets the line" {
  low_level_runtime_is runsc
  shim -log "$ENGINE_LOG" -log-format json create -bundle "$BUNDLE" c1
  one_error prestrat && json_line
}

@test "crun's --log journald:x and syslog:x make no file" {
  low_level_runtime_is crun
  shim --log journald:x create -b "$BUNDLE" c1
  one_error prestrat
  shim --log syslog:x create -b "$BUNDLE" c1
  one_error prestrat
  [ ! -e journald:x ]
  [ ! -e syslog:x ]
}

@test "a relative --log is in the current directory" {
  shim --log engine.log --log-format json create -b "$BUNDLE" c1
  one_error prestrat && json_line
}

@test "the line is appended to what is there" {
  echo '{"level":"info","msg":"before","time":"2026-01-01T00:00:00Z"}' >"$ENGINE_LOG"
  shim --log "$ENGINE_LOG" --log-format json create -b "$BUNDLE" c1
  one_error prestrat
  [ "$(jq -r .level "$ENGINE_LOG" | paste -sd ' ')" = "info error" ]
}

@test "a --log that cannot be written does not hide the error on stderr" {
  shim --log /nonexistent/log --log-format json create -b "$BUNDLE" c1
  one_error prestrat
}

@test "a --log that is a fifo nobody reads does not block" {
  mkfifo "$ENGINE_LOG"
  run --separate-stderr timeout 10 "$SHIM" --log "$ENGINE_LOG" create -b "$BUNDLE" c1
  one_error prestrat
}

@test "without --log the error is on stderr only" {
  shim create -b "$BUNDLE" c1
  one_error "$HOOKS:1:2" prestrat
}

@test "a message with quotes, bytes and line breaks from a name is one valid line" {
  local odd=$'h"\n\\\377.json'
  mv bundle "$odd"
  BUNDLE=$PWD/$odd SPEC=$PWD/$odd/config.json
  hooks_file '{"poststop":[{"path":"/bin/true"}]}'
  echo '[]' >"$SPEC"
  shim --log "$ENGINE_LOG" --log-format json create -b "$BUNDLE" c1
  [ "$status" -eq 1 ]
  [ "${#stderr_lines[@]}" -eq 1 ]
  [ "$(wc -l <"$ENGINE_LOG")" = 1 ]
  jq -e '.level == "error"' "$ENGINE_LOG"
}

@test "a message stays below what conmon reads" {
  hooks_file "{\"$(head -c 20000 /dev/zero | tr '\0' x)\":[]}"
  shim --log "$ENGINE_LOG" --log-format json create -b "$BUNDLE" c1
  [ "$status" -eq 1 ]
  [ "${#stderr}" -lt 8192 ]
  [[ $stderr == *"$HOOKS:1:2"* ]]
  jq -e '.level == "error" and (.msg | length < 8192)' "$ENGINE_LOG"
}

@test "no low-level runtime is an error in --log too" {
  hooks_file '{}'
  configure_runtimes "$BATS_TEST_TMPDIR/missing"
  shim --log "$ENGINE_LOG" --log-format json create -b "$BUNDLE" c1
  one_error "$BATS_TEST_TMPDIR/missing" && json_line
}

@test "an error in words that engines misread is told in others" {
  hooks_file '{"poststop":[{"path":"/bin/true"}]}'
  rm -r "$BUNDLE"
  shim create -b "$BUNDLE" c1
  one_error "$BUNDLE"
  echo x >"$BUNDLE"
  shim create -b "$BUNDLE" c1
  one_error "$BUNDLE" ENOTDIR
}

@test "a create that succeeds writes nothing to --log" {
  hooks_file '{"poststop":[{"path":"/bin/true"}]}'
  shim --log "$ENGINE_LOG" --log-format json create -b "$BUNDLE" c1
  ok && silent && hooks_are_in
  [ ! -e "$ENGINE_LOG" ]
}
