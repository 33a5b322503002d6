#!/usr/bin/env bats
# A real dockerd with the daemon.json that configure makes of a rich one, and unconfigure gives back.
#
# dockerd is reloaded as its unit does it, by SIGHUP. It finds the shim's profiles in a configuration of its own.
#
# SPDX-License-Identifier: Apache-2.0
load helpers
load engines

setup_file() {
  setup_engine_file dockerd docker containerd runc
  export FOLDER=$BATS_FILE_TMPDIR CTK=$BUILD/container-hooks-ctk
  export FILE=$FOLDER/daemon.json DOCKER_HOST=unix://$FOLDER/docker.sock
  export CONTAINER_HOOKS_STATE_DIR=$FOLDER/state
  rich_daemon_json
  start_daemon dockerd dockerd --config-file "$FILE" -p "$FOLDER/docker.pid" -H "$DOCKER_HOST"
  eventually docker info --format '{{.ID}}' || daemon_log dockerd
  tar -C "$ROOTFS" -c . | docker import - busybox:test
}

teardown_file() { stop_daemon dockerd; }

setup() {
  setup_engine_test
  cp "$FILE" "$BATS_TEST_TMPDIR/original"
}

teardown() {
  [ ! -e "$BATS_TEST_TMPDIR/status" ] || cat "$BATS_TEST_TMPDIR/status" >&2
  "$CTK" runtime unconfigure --config-file="$FILE"
  "$CTK" runtime unconfigure --config-file="$FILE" --path="$FOLDER/bin/container-hooks-runtime" --profile=quiet
}

# Everything in it is known to dockerd; how it is written is nobody's style.
rich_daemon_json() {
  cat >"$FILE" <<JSON
{
    "iptables":false,"ip6tables" : false,
    "bridge": "none",
  "data-root": "$FOLDER/data", "exec-root": "$FOLDER/exec",
    "storage-driver": "vfs",
    "labels": [ "a=\u00e9\/", "b=\"default-runtime\": \"x\"" ],
    "log-driver": "json-file",
    "log-opts": {
        "max-size": "10m",

        "max-file": "3"
    },
    "max-concurrent-downloads": 3,
	"default-runtime": "low",
    "runtimes": { "low": { "path": "$(command -v runc)" } },
    "default-ulimits": {"nofile": {"Name": "nofile", "Hard": 20000, "Soft": 20000}},
    "live-restore": false
}
JSON
  chmod 640 "$FILE"
}

ctk() { run --separate-stderr "$CTK" "$@" --config-file="$FILE"; }

default_is() { [ "$(docker info --format '{{.DefaultRuntime}}')" = "$1" ]; }

knows() { docker info --format '{{json .Runtimes}}' | jq -e --arg name "$1" 'has($name)' >/dev/null; }

reload() { kill -HUP "$(cat "$FOLDER/docker.pid")"; }

docker_run() { run docker run --rm --network none -v "$SEEN:$SEEN" "$@"; }

@test "configure --default and a reload: docker run runs the hooks; unconfigure and a reload: the old default" {
  default_is low
  ctk runtime configure --path="$SHIM" --default
  ok
  reload
  eventually default_is container-hooks-runtime
  docker_run busybox:test echo "hello from inside"
  ok
  [ "$output" = "hello from inside" ]
  all_stages_ran
  ctk runtime unconfigure
  ok
  cmp "$FILE" "$BATS_TEST_TMPDIR/original"
  [ "$(stat -c %a "$FILE")" = 640 ]
  reload
  eventually default_is low
  rm "$SEEN/order"
  docker_run busybox:test true
  ok
  no_stage_ran
}

@test "unconfigure names the containers that use the runtime, and says nothing when there are none" {
  ctk runtime configure --path="$SHIM"
  reload
  eventually knows container-hooks-runtime
  docker create --name kept --network none --runtime container-hooks-runtime busybox:test true
  docker create --name other --network none busybox:test true
  ctk runtime unconfigure
  docker rm kept other
  ok
  [[ $stderr == *"do not start without it; create them again: kept"$'\n'* ]] || no "$stderr"
  ctk runtime configure --path="$SHIM"
  ctk runtime unconfigure
  [[ $stderr != *"do not start"* ]]
}

@test "after unconfigure --keep-runtime a container that was created with the runtime still starts, and is named" {
  ctk runtime configure --path="$SHIM" --default
  ok
  reload
  eventually default_is container-hooks-runtime
  run docker create --name kept --network none -v "$SEEN:$SEEN" busybox:test true
  ok
  ctk runtime unconfigure --keep-runtime
  ok
  [[ $stderr == *"kept"*"container-hooks-runtime stays for the containers that need it"* ]]
  reload
  eventually default_is low
  run docker start --attach kept
  ok
  run docker rm kept
  ok
  ctk runtime unconfigure
  ok
  cmp "$FILE" "$BATS_TEST_TMPDIR/original"
}

@test "configure without --default: the default stays, docker run --runtime runs the hooks" {
  ctk runtime configure --path="$SHIM"
  ok
  reload
  eventually knows container-hooks-runtime
  default_is low
  docker_run --runtime container-hooks-runtime busybox:test true
  ok
  all_stages_ran
}

@test "edited in between, dockerd takes what is left and has the old default" {
  ctk runtime configure --path="$SHIM" --default
  reload
  eventually default_is container-hooks-runtime
  sed -i 's/"max-concurrent-downloads": 3/"max-concurrent-downloads": 4/' "$FILE"
  ctk runtime unconfigure
  ok
  reload
  eventually default_is low
  diff <(sed 's/"max-concurrent-downloads": 3/"max-concurrent-downloads": 4/' "$BATS_TEST_TMPDIR/original") "$FILE"
  cp "$BATS_TEST_TMPDIR/original" "$FILE"
}

# A profile whose hooks are one createRuntime hook and whose low-level runtime tells of its calls.
profile_quiet() {
  mkdir -p "$FOLDER/bin" "$SEEN/hooks.d"
  cp "$BUILD/container-hooks-toolkit" "$FOLDER/bin/"
  ln -sfn container-hooks-toolkit "$FOLDER/bin/container-hooks-runtime"
  ln -sfn container-hooks-toolkit "$FOLDER/bin/container-hooks"
  printf '#!/bin/sh\necho "$*" >>"%s"\nexec runc "$@"\n' "$FOLDER/other-runc.calls" >"$FOLDER/bin/other-runc"
  chmod 755 "$FOLDER/bin/other-runc"
  hook_entry createRuntime | jq '{version: "1.0.0", hook: ., when: {always: true}, stages: ["createRuntime"]}' >"$SEEN/hooks.d/one.json"
  configure_runtimes runc
  cat >>"$CONTAINER_HOOKS_CONFIG" <<TOML

[profiles.quiet]
path = "/nowhere/hooks.json"
dirs = ["$SEEN/hooks.d"]
runtimes = ["$FOLDER/bin/other-runc"]
TOML
}

@test "a container of a profile's runtime has the profile's hooks and low-level runtime" {
  profile_quiet
  ctk runtime configure --path="$FOLDER/bin/container-hooks-runtime" --profile=quiet
  ok
  [ "$(readlink "$FOLDER/bin/container-hooks-runtime.quiet")" = container-hooks-runtime ]
  reload
  eventually knows container-hooks-quiet
  docker_run --runtime container-hooks-quiet busybox:test true
  ok
  [ "$(cat "$SEEN/order")" = createRuntime ]
  grep -q 'create --bundle' "$FOLDER/other-runc.calls"
  ctk runtime unconfigure --path="$FOLDER/bin/container-hooks-runtime" --profile=quiet
  ok
  cmp "$FILE" "$BATS_TEST_TMPDIR/original"
  [ ! -e "$FOLDER/bin/container-hooks-runtime.quiet" ] && [ ! -L "$FOLDER/bin/container-hooks-runtime.quiet" ]
}

@test "a container of an unknown profile is not created" {
  profile_quiet
  ctk runtime configure --path="$FOLDER/bin/container-hooks-runtime" --profile=quiet
  sed -i 's/profiles.quiet/profiles.other/' "$CONTAINER_HOOKS_CONFIG"
  reload
  eventually knows container-hooks-quiet
  docker_run --runtime container-hooks-quiet busybox:test true
  [ "$status" -eq 125 ] || [ "$status" -eq 128 ]
  [[ $output == *"OCI runtime create failed"*quiet* ]]
  no_stage_ran
}

# What status says of docker: health, blank, text and cure.
status_of_docker() {
  "$CTK" status | sed -n '/^docker/,/^containerd/p' | sed -E '/^containerd/d; s/^(docker)? +//; s/ +/ /g' | tee "$BATS_TEST_TMPDIR/status"
}

@test "status: the running daemon does not know the runtime before the reload, and does after" {
  ctk runtime configure --path="$SHIM" --default
  [[ $(status_of_docker) == *"BROKEN the running daemon does not know container-hooks-runtime (systemctl reload docker)"* ]]
  reload
  eventually default_is container-hooks-runtime
  [[ $(status_of_docker) == *"ok the running daemon knows container-hooks-runtime as its default"* ]]
  [[ $(status_of_docker) == *"- the RUN steps of docker build get no hooks: BuildKit has a runc of its own (a buildkitd takes [worker.oci] binary ="* ]]
  ctk runtime unconfigure
  ctk runtime configure --path="$SHIM"
  [[ $(status_of_docker) == *"BROKEN the running daemon's default is container-hooks-runtime (systemctl reload docker)"* ]]
  run jq -c '[.healthy, (.engines[] | select(.engine == "docker") | .name, .default, .daemon)]' <<<"$("$CTK" status --json)"
  [ "$output" = '[false,"container-hooks-runtime",false,{"reachable":true,"knows":true,"default":true}]' ]
  ctk runtime unconfigure
  reload
  eventually default_is low
}

@test "status: a file that the daemon does not read is no fault of the daemon's" {
  "$CTK" runtime configure --path="$SHIM" --default --config-file="$BATS_TEST_TMPDIR/other.json"
  ctk runtime configure --path="$SHIM"
  reload
  eventually knows container-hooks-runtime
  run "$CTK" status
  ok
  [[ $(status_of_docker) == *"ok $BATS_TEST_TMPDIR/other.json: container-hooks-runtime = $SHIM, the default"* ]]
  [[ $(status_of_docker) == *"- the running daemon does not read $BATS_TEST_TMPDIR/other.json"* ]]
  "$CTK" runtime unconfigure --config-file="$BATS_TEST_TMPDIR/other.json"
}

@test "a daemon that still has the shim as its default though its file names none: status says it, uninstall refuses" {
  jq 'del(.["default-runtime"], .runtimes)' "$BATS_TEST_TMPDIR/original" >"$FILE"
  cp "$FILE" "$BATS_TEST_TMPDIR/unnamed"
  ctk runtime configure --path="$SHIM" --default
  reload
  eventually default_is container-hooks-runtime
  ctk runtime unconfigure
  ok
  reload
  docker_run busybox:test true
  default_is container-hooks-runtime
  [[ $(status_of_docker) == *"BROKEN the running daemon still has container-hooks-runtime = $SHIM as its default, which its file does not name (systemctl restart docker)"* ]]
  run --separate-stderr "$CTK" uninstall --bindir "$BATS_TEST_TMPDIR/bin"
  ok 1
  [[ $stderr == *"docker (running, container-hooks-runtime, its default: systemctl restart docker)"*--force* ]]
  cp "$BATS_TEST_TMPDIR/original" "$FILE"
  reload
  eventually default_is low
}

@test "status: a user who may ask the system's daemon sees the system's file, not an own one" {
  chmod o+x "$BATS_RUN_TMPDIR" "$FOLDER" "$BATS_TEST_TMPDIR"
  chmod o+rw "$FOLDER/docker.sock"
  mkdir -p "$BATS_TEST_TMPDIR/home/.config/docker"
  echo '{"runtimes": {"container-hooks-runtime": {"path": "/nowhere"}}}' >"$BATS_TEST_TMPDIR/home/.config/docker/daemon.json"
  chown -R 65534 "$BATS_TEST_TMPDIR/home"
  cp "$BUILD/container-hooks-toolkit" "$BATS_TEST_TMPDIR/container-hooks-ctk"
  run env -u CONTAINER_HOOKS_CONFIG -u CONTAINER_HOOKS_STATE_DIR HOME="$BATS_TEST_TMPDIR/home" setpriv --reuid 65534 --regid 65534 --clear-groups "$BATS_TEST_TMPDIR/container-hooks-ctk" status
  [[ $output != */nowhere* ]] || no "$output"
  DOCKER_HOST=unix:///nowhere.sock run env -u CONTAINER_HOOKS_CONFIG -u CONTAINER_HOOKS_STATE_DIR HOME="$BATS_TEST_TMPDIR/home" setpriv --reuid 65534 --regid 65534 --clear-groups "$BATS_TEST_TMPDIR/container-hooks-ctk" status
  [[ $output == *"$BATS_TEST_TMPDIR/home/.config/docker/daemon.json: container-hooks-runtime = /nowhere"* ]] || no "$output"
}
