#!/usr/bin/env bats
# One hooks.d directory under podman itself and under the shim: the same containers get the same hooks.
#
# Compared is what stands in config.json. Left out is what podman keeps from the spec: poststop, which it
# runs itself, and that it calls a tmpfs of the user's (--tmpfs, --read-only) a bind mount.
#
# SPDX-License-Identifier: Apache-2.0
load helpers
load engines

setup_file() {
  setup_engine_file podman conmon runc unshare nsenter
  export HOOKS_D=$BATS_FILE_TMPDIR/hooks.d
  mkdir -p "$HOOKS_D"
  write_hooks
  write_containers_conf
  start_namespace_with_own_etc
  tar -C "$ROOTFS" -c . | podman_here import - busybox:test
}

teardown_file() { end_namespace; }

start_namespace_with_own_etc() {
  cp -a /etc "$BATS_FILE_TMPDIR/etc"
  mkdir -p "$BATS_FILE_TMPDIR/etc/container-hooks"
  cat >"$BATS_FILE_TMPDIR/etc/container-hooks/config.toml" <<TOML
[container-hooks]
path = "$BATS_FILE_TMPDIR/none.json"
dirs = ["$HOOKS_D"]

[container-hooks-runtime]
debug = "$LOG"
runtimes = ["runc"]
TOML
  start_namespace "$BATS_FILE_TMPDIR/etc"
}

write_containers_conf() {
  export CONTAINERS_CONF=$BATS_FILE_TMPDIR/containers.conf
  podman_settings >"$CONTAINERS_CONF"
  echo "hooks_dir = [\"$BATS_FILE_TMPDIR/no-hooks.d\"]" >>"$CONTAINERS_CONF"
  mkdir -p "$BATS_FILE_TMPDIR/no-hooks.d"
}

# hook NAME WHEN [STAGES]: version 1.0.0; the hook's argument is its name.
hook() {
  jq -n --arg name "$1" --argjson when "$2" --argjson stages "${3:-[\"createRuntime\"]}" '
    {version: "1.0.0", hook: {path: "/bin/true", args: ["true", $name], env: ["A=b"], timeout: 9},
     when: $when, stages: $stages}' >"$HOOKS_D/$1.json"
}

# old_hook NAME CONDITIONS: version 0.1.0.
old_hook() {
  jq -n --arg name "$1" --argjson conditions "$2" '
    {hook: "/bin/true", arguments: [$name], stage: ["poststart"]} + $conditions' >"$HOOKS_D/$1.json"
}

write_hooks() {
  hook 00-prestart '{"always":true}' '["prestart"]'
  hook 01-never '{"always":false}'
  hook 02-none '{}'
  hook 03-Upper '{"always":true}' '["createRuntime","poststart","poststart"]'
  hook 03-lower '{"always":true}' '["createRuntime","poststart"]'
  hook 04-gpu '{"annotations":{"gpu":"t"}}'
  hook 05-gpu-anchored '{"annotations":{"^gpu$":"^true$"}}'
  hook 06-two '{"annotations":{"^a":"^b$","^c$":"d"}}'
  hook 07-command '{"commands":["^/bin/sh$","^/?sleep"]}'
  hook 08-command-and-annotation '{"commands":["sh"],"annotations":{"gpu":""}}'
  hook 09-mount '{"hasBindMounts":true}'
  hook 10-no-mount '{"hasBindMounts":false}'
  hook 11-always-and-command '{"always":true,"commands":["^/x$"]}'
  hook 12-case '{"annotations":{"(?i)^GPU$":"(?i)^TRUE$"}}'
  hook 13-class '{"annotations":{"[[:alpha:]]+\\d?$":"^\\w+$"}}' '["createContainer"]'
  old_hook 20-old-command '{"cmds":["sh$"]}'
  old_hook 21-old-annotation '{"annotations":["^true$","^d$"]}'
  old_hook 22-old-any '{"cmds":["^never$"],"annotation":["true"],"hasbindmounts":true}'
  old_hook 23-old-empty '{"annotations":[]}'
  old_hook 24-old-none '{}'
  hook 25-É2 '{"always":true}'
  hook 25-é '{"always":true}'
  hook 25-ДОМ '{"always":true}'
  hook 25-дома '{"always":true}'
}

# The hooks that a container gets from PODMAN-OPTIONS...; podman init stops at create.
hooks_of() {
  local spec id
  id=$(podman_here "${podman_options[@]}" create "${container[@]}")
  podman_here "${podman_options[@]}" init "$id" >/dev/null
  spec=$(podman_here inspect --format '{{.OCIConfigPath}}' "$id")
  jq -cS .hooks "$spec"
  podman_here "${podman_options[@]}" rm --force --time 0 "$id" >/dev/null
}

# podman 4.3 leaves prestart as it is, later ones and the shim make it createRuntime; the marker is the shim's own, and so
# is the environment of a hook whose file gives none.
as_today() {
  jq -cS --arg marker "$MARKER" --arg env "$DEFAULT_ENV" '
    map_values(map(select(.path != $marker)))
    | .createRuntime = (.prestart // []) + (.createRuntime // []) | del(.prestart)
    | map_values(map(.env //= [$env]))'
}

same_hooks() {
  local container=("$@") podman_options native ours
  podman_options=(--runtime runc --hooks-dir "$HOOKS_D")
  native=$(hooks_of | as_today)
  podman_options=(--runtime "$SHIM")
  ours=$(hooks_of | as_today)
  [ "$(jq 'map_values(length) | add' <<<"$native")" -ge 4 ] || no "podman has too few to compare: $native" || return
  [ "$native" = "$ours" ] || no "podman: $native; shim: $ours"
}

@test "a plain container" { same_hooks busybox:test true; }

@test "a command, by its path" { same_hooks busybox:test /bin/sh -c true; }

@test "a command, by its name" { same_hooks busybox:test sleep 1; }

@test "an annotation" { same_hooks --annotation gpu=true busybox:test true; }

@test "annotations whose keys and values only contain what is looked for" {
  same_hooks --annotation my.gpu.x=it --annotation abc=b --annotation c=ede busybox:test sh
}

@test "annotations of which one has the key and another the value" {
  same_hooks --annotation gpu=false --annotation gpu2=true --annotation GPU=TRUE busybox:test true
}

@test "a hostile annotation" { same_hooks --annotation $'gpu=t\'{}]\t\\u0000\x01{{id}}' busybox:test true; }

@test "a bind mount" { same_hooks -v "$BATS_TEST_TMPDIR:/data" busybox:test true; }

@test "a volume" { same_hooks -v "vol$BATS_TEST_NUMBER:/data" busybox:test true; }

@test "mounts of the engine's own" { same_hooks --shm-size 1m --hostname h1 --add-host a:10.0.0.1 busybox:test true; }

## precreate

# precreate NAME FILTER-OF-JQ [WHEN]
precreate() {
  jq -n --arg jq "$(command -v jq)" --arg filter "$2" --argjson when "${3:-{\"always\":true\}}" '
    {version: "1.0.0", hook: {path: $jq, args: ["jq", "-c", $filter], env: ["PATH=/usr/bin:/bin"], timeout: 20},
     when: $when, stages: ["precreate"]}' >"$PRECREATE/$1.json"
}

# The spec that podman creates a container with, but for what is another in each container, such as the order of podman's
# own mounts, and for the hooks.
spec_of() {
  local spec id
  id=$(podman_here "${podman_options[@]}" create --hostname h1 --annotation gpu=true busybox:test /bin/true)
  podman_here "${podman_options[@]}" init "$id" >/dev/null
  spec=$(podman_here inspect --format '{{.OCIConfigPath}}' "$id")
  sed "s/$id/ID/g" "$spec" | jq -S 'del(.hooks, .root.path, .annotations["io.kubernetes.cri-o.Created"]) | .mounts |= sort_by(.destination)'
  podman_here "${podman_options[@]}" rm --force --time 0 "$id" >/dev/null
}

@test "hooks of precreate make the same container of it" {
  local native ours
  export PRECREATE=$HOOKS_D
  mkdir "$BATS_TEST_TMPDIR/others"
  mv "$HOOKS_D"/*.json "$BATS_TEST_TMPDIR/others"
  precreate 1 '.process.rlimits += [{type: "RLIMIT_CORE", soft: 0, hard: 0}] | .hostname = "changed"'
  precreate 2 '.mounts += [{destination: "/etc/site", type: "bind", source: "/srv", options: ["rbind", "ro"]}] | del(.process.env)'
  precreate 3 '.annotations.seen = .hostname' '{"annotations":{"^gpu$":"^true$"}}'
  precreate 4 '.annotations.never = "1"' '{"annotations":{"^gpu$":"^false$"}}'
  podman_options=(--runtime runc --hooks-dir "$HOOKS_D")
  native=$(spec_of)
  podman_options=(--runtime "$SHIM")
  ours=$(spec_of)
  rm "$HOOKS_D"/*.json
  mv "$BATS_TEST_TMPDIR/others"/*.json "$HOOKS_D"
  [ "$(jq -c '[.hostname, .annotations.seen, .annotations.never, (.mounts[] | select(.destination == "/etc/site") | .source), .process.env]' <<<"$native")" = \
    '["changed","changed",null,"/srv",null]' ] || no "podman: $native" || return
  [ "$native" = "$ours" ] || no "$(diff <(echo "$native") <(echo "$ours"))"
}
