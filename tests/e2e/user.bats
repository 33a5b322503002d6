#!/usr/bin/env bats
# What a user without root can do with the toolkit, and what they are told where they cannot.
#
# SPDX-License-Identifier: Apache-2.0
load helpers

setup() {
  cd "$BATS_TEST_TMPDIR" || return
  unset CONTAINER_HOOKS_CONFIG CONTAINER_HOOKS_STATE_DIR XDG_CONFIG_HOME XDG_STATE_HOME
  ME=$(mktemp -d /tmp/user.XXXXXX)
  mkdir "$ME/bin"
  cp "$BUILD/container-hooks-toolkit" "$ME/bin/"
  "$ME/bin/container-hooks-toolkit" --install -s "$ME/bin"
  chown -R 65534:65534 "$ME"
  CONFIG=$ME/.config/container-hooks
}

teardown() { rm -rf "$ME" "${SYSTEM:-$ME}"; }

as_user() { env HOME="$ME" setpriv --reuid 65534 --regid 65534 --clear-groups "$@"; }

ctk() { run --separate-stderr as_user "$ME/bin/container-hooks-ctk" "$@"; }

# refused SENTENCE...: one of exactly that on stderr
refused() {
  ok 1
  [ "$stderr" = "container-hooks-ctk: $1" ] || no "$stderr"
}

@test "without root a missing privilege is said once, with the file" {
  ctk runtime configure --runtime=containerd --path="$ME/bin/container-hooks-runtime"
  refused "needs root: /etc/containerd/config.toml is not writable"
  ctk install
  refused "needs root: /usr/bin/container-hooks-toolkit is not writable; --bindir=DIR puts it elsewhere"
  [ ! -e "$ME/.local" ]
}

@test "without root docker's own file is refused with the rootless way" {
  ctk runtime configure --path="$ME/bin/container-hooks-runtime" --config-file=/etc/docker/daemon.json
  refused "needs root: /etc/docker/daemon.json is not writable; a rootless docker reads --config-file=~/.config/docker/daemon.json"
}

@test "without root a file of the system's directory of hooks is neither written nor removed" {
  SYSTEM=$(mktemp -d /tmp/system.XXXXXX)
  chmod 755 "$SYSTEM"
  echo '{}' >"$SYSTEM/x.json"
  printf '[container-hooks]\ndirs = ["%s"]\n' "$SYSTEM" >"$SYSTEM/config.toml"
  CONTAINER_HOOKS_CONFIG=$SYSTEM/config.toml ctk hooks add --stage poststop --timeout 1 /bin/true
  refused "needs root: $SYSTEM/true.json is not writable"
  CONTAINER_HOOKS_CONFIG=$SYSTEM/config.toml ctk hooks remove x
  refused "needs root: $SYSTEM/x.json is not writable"
  CONTAINER_HOOKS_CONFIG=$SYSTEM/config.toml ctk config --set log-level=debug
  refused "needs root: $SYSTEM/config.toml is not writable"
}

@test "without root config writes the user's own file, which names the system's hooks and the user's" {
  ctk config --set log-level=debug
  ok
  [ "$output" = "created $CONFIG/config.toml" ]
  ctk config get dirs
  [ "$output" = "/etc/container-hooks/hooks.d,$CONFIG/hooks.d" ]
  ctk config get log-level
  [ "$output" = debug ]
  ctk config --user
  [ "$output" = "unchanged $CONFIG/config.toml" ]
}

@test "without root hooks add writes the user's own directory, and list, check and remove find it there" {
  ctk hooks add --stage poststop --timeout 1 /bin/true
  ok
  [ "$output" = "created $CONFIG/config.toml"$'\n'"wrote $CONFIG/hooks.d/true.json" ]
  ctk hooks list --json
  ok
  [ "$(jq -r '.[].source' <<<"$output")" = "$CONFIG/hooks.d/true.json" ]
  ctk hooks add --user --stage poststop --timeout 1 /bin/true
  [ "$output" = "unchanged $CONFIG/hooks.d/true.json" ]
  ctk hooks remove true
  ok
  [ "$output" = "removed $CONFIG/hooks.d/true.json" ]
}

@test "a hook that is refused, or a dry run, leaves no config.toml of the user's" {
  ctk hooks add --stage poststop --timeout 1 /no/such/program
  ok 1
  ctk hooks add --stage poststop --timeout 1 --dry-run /bin/true
  ok
  [ ! -e "$ME/.config" ]
}

@test "a user's container has the user's hooks, by the same config.toml that the tool wrote" {
  ctk hooks add --stage poststop --timeout 1 /bin/true
  ok
  mkdir "$ME/bundle"
  echo '{"ociVersion":"1.0.2","root":{"path":"rootfs"}}' >"$ME/bundle/config.json"
  printf '#!/bin/sh\n' >"$ME/runc"
  chmod 755 "$ME/runc"
  ctk config --set "runtimes=$ME/runc"
  ok
  chown -R 65534:65534 "$ME"
  run as_user "$ME/bin/container-hooks-runtime" create --bundle "$ME/bundle" c1
  ok
  [ "$(jq -r '[.hooks.poststop[].path] | last' "$ME/bundle/config.json")" = /bin/true ]
}

@test "--user is refused for root, whose containers have no such file, and with --root" {
  run --separate-stderr "$BUILD/container-hooks-ctk" config --user
  ok 2
  [[ $stderr == *"--user: containers of root, and of \$CONTAINER_HOOKS_CONFIG, have no other files" ]]
  ctk config --user --root="$ME"
  ok 2
}

# RECORD-FILE: a container of runc in a user namespace, by a user who has a hook of their own that is recorded there.
rootless_run() {
  needs_command runc
  mkdir -p "$CONFIG" "$ME/bundle/rootfs/bin" "$ME"/bundle/rootfs/{proc,dev,sys}
  cp "$(command -v busybox)" "$ME/bundle/rootfs/bin/true"
  (cd "$ME/bundle" && runc spec --rootless)
  jq '.process.terminal = false | .process.args = ["/bin/true"] | .linux.uidMappings[0].hostID = 65534 | .linux.gidMappings[0].hostID = 65534' \
    "$ME/bundle/config.json" >spec.json
  mv spec.json "$ME/bundle/config.json"
  jq -n --arg seen "$ME/seen" '{createRuntime: [{path: "/bin/sh", args: ["sh", "-c", "cat >\($seen)"]}],
    createContainer: [{path: "/bin/true"}], poststop: [{path: "/bin/true"}]}' >"$ME/hooks.json"
  printf '[container-hooks]\npath = "%s"\nrecord = "all"\nrecord-file = "%s"\n' "$ME/hooks.json" "$1" >"$CONFIG/config.toml"
  chown -R 65534:65534 "$ME"
  run --separate-stderr as_user "$ME/bin/container-hooks-runtime" --root "$ME/state" run --bundle "$ME/bundle" "rootless-$$"
  ok
  [ "$(jq -r .id "$ME/seen")" = "rootless-$$" ]
}

@test "in a container without root hooks run and are recorded" {
  rootless_run "$ME/log/hooks.jsonl"
  [ "$(jq -r '[.stage, .result] | join(" ")' "$ME/log/hooks.jsonl")" = $'createRuntime ok\ncreateContainer ok\npoststop ok' ]
}

@test "in a container without root a record that only root may write stops no hook" {
  rootless_run /var/log/container-hooks/hooks.jsonl
}
