#!/usr/bin/env bats
# Paths on the command line and in the environment: a relative one is below the current directory, or below --root.
#
# SPDX-License-Identifier: Apache-2.0
load helpers

setup() {
  setup_fake_runtime
  CTK=$BUILD/container-hooks-ctk
  export CONTAINER_HOOKS_STATE_DIR=$BATS_TEST_TMPDIR/state
  mkdir there
  cd there || return
}

ctk() { run --separate-stderr "$CTK" "$@"; }

@test "install takes a relative bindir" {
  ctk install --bindir ./bin/
  ok && [ "${lines[0]}" = "installed $PWD/bin/container-hooks-toolkit" ] && [ -x bin/container-hooks-runtime ]
  ctk uninstall --bindir bin
  ok && [ -z "$(ls -A bin)" ]
}

@test "install takes a relative toolkit-root" {
  ln -s "$BUILD" built
  ctk install --toolkit-root built --bindir bin
  ok && cmp bin/container-hooks-toolkit "$BUILD/container-hooks-toolkit"
}

@test "install takes a relative root, and a relative bindir is in it" {
  ctk install --root ../image --bindir opt/bin
  ok && [ -x ../image/opt/bin/container-hooks-runtime ] && [ ! -e opt ] && [ ! -e bin ]
}

@test "the root / is this file system" {
  ctk install --root / --bindir bin
  ok && [ -x bin/container-hooks-runtime ]
}

@test "status takes a relative root" {
  ctk install --root image
  ctk status --root image
  [[ $output == *"$PWD/image/usr/bin/container-hooks-toolkit"* ]] || no "$output"
}

@test "config writes the relative file that CONTAINER_HOOKS_CONFIG names, and changes it" {
  local file
  for file in mine.toml ./new/mine.toml; do
    CONTAINER_HOOKS_CONFIG=$file ctk config
    ok && [ -f "$file" ]
    CONTAINER_HOOKS_CONFIG=$file ctk config --set sandbox=true
    ok && grep -q '^sandbox = true' "$file"
  done
}

@test "the shim reads the relative file that CONTAINER_HOOKS_CONFIG names" {
  mv "$CONTAINER_HOOKS_CONFIG" mine.toml
  CONTAINER_HOOKS_CONFIG=mine.toml shim create -b "$BUNDLE" c1
  ok && hooks_are_in
}

@test "configure takes a relative --config-file, and unconfigure finds it from another directory" {
  printf '{"debug": true}\n' >daemon.json
  cp daemon.json before
  ctk runtime configure --config-file daemon.json
  ok && [ "${lines[0]}" = "wrote $PWD/daemon.json" ] && grep -q container-hooks-runtime daemon.json
  cd ..
  ctk runtime unconfigure --config-file=there/daemon.json
  ok && cmp there/daemon.json there/before
}

@test "configure takes a relative --drop-in-config, and containerd imports it by its absolute path" {
  printf 'version = 2\n' >config.toml
  cp config.toml before
  ctk runtime configure --runtime containerd --config-file config.toml --drop-in-config ./hooks.toml
  ok && [ -f hooks.toml ] && grep -qF "\"$PWD/hooks.toml\"" config.toml
  ctk runtime unconfigure --runtime containerd --config-file config.toml --drop-in-config hooks.toml
  ok && cmp config.toml before && [ ! -e hooks.toml ]
}

@test "a relative --config-file with --root is in that file system" {
  mkdir -p ../image/etc
  ctk runtime configure --force --root ../image --config-file etc/daemon.json
  ok && [ -f ../image/etc/daemon.json ] && [ ! -e etc ]
}

@test "a relative --path is a wrong use: engines have no current directory" {
  ctk runtime configure --config-file daemon.json --path bin/container-hooks-runtime
  [ "$status" -eq 2 ] && [[ $stderr == *"--path bin/container-hooks-runtime: an absolute path is expected"* ]]
  [ ! -e daemon.json ]
}

@test "hooks preview takes a relative bundle and a relative spec, and knows the bundle's absolute path" {
  local option
  hooks_file '{"createRuntime":[{"path":"/bin/true","args":["true","{{bundle}}"]}]}'
  for option in "--bundle ../bundle" "--bundle ../bundle/" "--spec ../bundle/config.json"; do
    # shellcheck disable=SC2086 # words
    ctk hooks preview $option --json
    ok && [ "$(jq -r '.spec.hooks.createRuntime[1].args[1]' <<<"$output")" = "$BUNDLE" ] || no "$option: $output$stderr"
  done
  cd "$BUNDLE"
  ctk hooks preview --spec config.json --json
  ok && [ "$(jq -r '.spec.hooks.createRuntime[1].args[1]' <<<"$output")" = "$BUNDLE" ]
}
