#!/usr/bin/env bats
# Hooks run as root: a file that others can write is refused when the shim runs as root.
#
# SPDX-License-Identifier: Apache-2.0
load helpers

setup() {
  needs_root
  setup_fake_runtime
}

create() { shim create -b "$BUNDLE" c1; }

@test "hooks.json of another owner is refused, with how to mend it" {
  chown 1000 "$HOOKS"
  create
  refused "$HOOKS" "chown root"
}

@test "hooks.json that all can write is refused, with how to mend it" {
  chmod 666 "$HOOKS"
  create
  refused "$HOOKS" "chmod"
}

@test "hooks.json that its group can write is refused" {
  chmod 664 "$HOOKS"
  chgrp 1000 "$HOOKS"
  create
  refused "$HOOKS" "chmod"
}

@test "hooks.json of root that all can read is accepted" {
  chmod 644 "$HOOKS"
  create
  ok && silent && hooks_are_in
}

@test "hooks.json in a directory that all can write is refused" {
  mkdir open
  mv "$HOOKS" open/
  HOOKS=$PWD/open/hooks.json
  configure_runtimes "$BATS_TEST_TMPDIR/bin/runc"
  chmod 777 open
  create
  refused "$PWD/open" "chmod"
}

@test "a symbolic link to a file of another owner is refused" {
  mv "$HOOKS" real.json
  chown 1000 real.json
  ln -s real.json "$HOOKS"
  create
  refused "$HOOKS"
}

@test "config.toml that others can write is refused on create" {
  chmod 666 "$CONTAINER_HOOKS_CONFIG"
  PATH=$BATS_TEST_TMPDIR/bin:$PATH create
  refused "$CONTAINER_HOOKS_CONFIG"
}

@test "a pass-through call does not look at hooks.json at all" {
  chmod 666 "$HOOKS"
  shim state c1
  ok && silent && runtime_got state c1
}
