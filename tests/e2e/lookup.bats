#!/usr/bin/env bats
# Which low-level runtime is executed: the first of `runtimes` that is one, and never the shim itself.
#
# SPDX-License-Identifier: Apache-2.0
load helpers

setup() {
  setup_fake_runtime
  BIN=$BATS_TEST_TMPDIR/bin
  fake_runtime crun
}

# A create goes to this runtime.
goes_to() {
  shim create -b "$BUNDLE" c1
  ok && silent && runtime_was "$1" && hooks_are_in
}

warned() {
  local word
  for word in "$@"; do grep -qF "$word" "$LOG" || no "no \"$word\" in the log: $(cat "$LOG")" || return; done
}

@test "the first of runtimes is executed" {
  configure_runtimes "$BIN/crun" "$BIN/runc"
  goes_to crun
}

@test "a name is found in PATH" {
  configure_runtimes crun
  PATH=$BIN:$PATH goes_to crun
}

@test "argv[0] is the path that was found" {
  configure_runtimes crun
  PATH=$BIN:$PATH shim state c1
  ok
  printf '%s\0' "$BIN/crun" state c1 | cmp - "$RECORD/cmdline"
}

@test "a name that PATH does not have is found in the usual directories" {
  configure_runtimes true
  run --separate-stderr env PATH=/nonexistent "$SHIM" state c1
  ok && silent
}

@test "without PATH a name is found in the usual directories" {
  configure_runtimes true
  run --separate-stderr env -i "CONTAINER_HOOKS_CONFIG=$CONTAINER_HOOKS_CONFIG" "$SHIM" delete c1
  ok && silent
}

@test "an empty entry of PATH is not the current directory" {
  configure_runtimes only-here "$BIN/crun"
  cp bin/runc only-here
  run --separate-stderr env PATH=:/nonexistent "$SHIM" state c1
  ok && silent && runtime_was crun
}

@test "a missing file is skipped with a warning" {
  configure_runtimes "$BIN/missing" "$BIN/crun"
  goes_to crun
  warned "$BIN/missing"
}

@test "a directory is skipped with a warning" {
  mkdir bin/directory
  configure_runtimes "$BIN/directory" "$BIN/crun"
  goes_to crun
  warned "$BIN/directory"
}

@test "a file that is not executable is skipped with a warning" {
  echo x >bin/plain
  configure_runtimes "$BIN/plain" "$BIN/crun"
  goes_to crun
  warned "$BIN/plain"
}

@test "a relative path with a slash is skipped with a warning" {
  configure_runtimes bin/runc "$BIN/crun"
  goes_to crun
  warned bin/runc
}

@test "an empty name is skipped" {
  configure_runtimes "" "$BIN/crun"
  goes_to crun
}

@test "the shim itself is skipped with a warning" {
  configure_runtimes "$SHIM" "$BIN/crun"
  goes_to crun
  warned "$SHIM"
}

@test "a symbolic link to the shim is skipped with a warning" {
  ln -s "$SHIM" bin/link
  configure_runtimes "$BIN/link" "$BIN/crun"
  goes_to crun
  warned "$BIN/link"
}

@test "a hard link to the shim is skipped with a warning" {
  cp "$SHIM" bin/container-hooks-runtime
  ln bin/container-hooks-runtime bin/hard
  configure_runtimes "$BIN/hard" "$BIN/crun"
  run --separate-stderr bin/container-hooks-runtime create -b "$BUNDLE" c1
  ok && silent && runtime_was crun
  warned "$BIN/hard"
}

@test "the shim under the name runc in PATH is skipped" {
  mkdir first
  ln -s "$SHIM" first/runc
  configure_runtimes runc
  PATH=$PWD/first:$BIN:$PATH shim state c1
  ok && silent && runtime_was runc
}

@test "a pass-through call skips what is no runtime too, without a log" {
  configure_runtimes "$SHIM" "$BIN/missing" "$BIN/crun"
  shim state c1
  ok && silent && runtime_was crun
  [ ! -e "$LOG" ]
}

@test "when nothing is left the error names each candidate and why" {
  mkdir bin/directory
  echo x >bin/plain
  configure_runtimes "$SHIM" "$BIN/missing" "$BIN/directory" "$BIN/plain" bin/runc no-such-name
  shim create -b "$BUNDLE" c1
  one_error "$SHIM" "$BIN/missing" "$BIN/directory" "$BIN/plain" bin/runc no-such-name
  runtime_was_not_called
}

@test "an empty list is an error that says so" {
  configure_runtimes
  shim create -b "$BUNDLE" c1
  one_error runtimes
  runtime_was_not_called
}

@test "a pass-through call with nothing left is one error too" {
  configure_runtimes "$BIN/missing"
  shim state c1
  one_error "$BIN/missing"
}

@test "a file that no kernel executes is one error" {
  printf 'not a program' >bin/odd
  chmod 755 bin/odd
  configure_runtimes "$BIN/odd"
  shim state c1
  one_error "$BIN/odd"
}

@test "a script serves as a low-level runtime" {
  printf '#!/bin/sh\necho "script $*"\n' >bin/script
  chmod 755 bin/script
  configure_runtimes "$BIN/script"
  shim state c1
  ok
  [ "$output" = "script state c1" ]
}
