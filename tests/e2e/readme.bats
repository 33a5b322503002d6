#!/usr/bin/env bats
# README.md tells the truth.
#
# SPDX-License-Identifier: Apache-2.0
load helpers

@test "every command of README.md prints what README.md says" {
  needs_root
  for command in dockerd docker busybox runc; do needs_command "$command"; done
  run "$ROOT/tests/e2e/readme.py"
  ok
}
