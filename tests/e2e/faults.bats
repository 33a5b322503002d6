#!/usr/bin/env bats
# Whatever system call fails, and wherever the program is killed: scripts/faults tries them all, these tests a fifth of
# them, a fiftieth where they are thousands, others in each run.
#
# SPDX-License-Identifier: Apache-2.0
load helpers

# Every scenario that scripts/faults has.
survives() {
  needs_command strace
  run "$ROOT/scripts/faults" --every "${2:-5}" "$1"
  [ "$status" -eq 0 ] || no "$output"
  [[ ${lines[-1]} =~ ^"$1: "([0-9]+)" points tried, "([0-9]+)" survived"$ ]]
  [ "${BASH_REMATCH[1]}" -ge 60 ]
  echo "# ${lines[-1]}" >&3
}

@test "create, whichever system call fails" { survives create; }

@test "create with a precreate hook, whichever system call fails" { survives precreate; }

@test "install, whichever system call fails" { survives install; }

@test "config --set, whichever system call fails" { survives config; }

@test "configure, docker, whichever system call fails" { survives configure-docker; }

@test "unconfigure, docker, whichever system call fails" { survives unconfigure-docker; }

@test "configure, containerd, whichever system call fails" { survives configure-containerd; }

@test "unconfigure, containerd, whichever system call fails" { survives unconfigure-containerd; }

@test "configure, podman, whichever system call fails" { survives configure-podman; }

@test "unconfigure, podman, whichever system call fails" { survives unconfigure-podman; }

@test "setup, whichever system call fails" { survives setup 50; }

@test "setup --undo, whichever system call fails" { survives setup-undo 50; }

@test "a worker whose directory is gone does nothing, and nothing where it was called" {
  run "$ROOT/scripts/faults" --worker "$BATS_TEST_TMPDIR/gone" setup main/close:error=EIO:when=1
  [ "$status" -ne 0 ]
  [ ! -e "$ROOT/state" ]
}

@test "no scenario of scripts/faults is left out here" {
  local scenario
  for scenario in $("$ROOT/scripts/faults" --list); do grep -q "survives $scenario;" "$BATS_TEST_FILENAME"; done
}
