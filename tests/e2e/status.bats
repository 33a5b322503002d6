#!/usr/bin/env bats
# `status`, `uninstall` and the runtime classes of profiles, on a host whose /etc is this test's own.
#
# SPDX-License-Identifier: Apache-2.0
load helpers

setup() {
  needs_root
  needs_command unshare
  needs_command runc
  cd "$BATS_TEST_TMPDIR" || return
  ETC=$PWD/etc BIN=$PWD/bin
  mkdir -p "$ETC/container-hooks" "$ETC/docker"
  export CONTAINER_HOOKS_STATE_DIR=$PWD/state DOCKER_HOST=unix:///nowhere/docker.sock
  unset CONTAINER_HOOKS_CONFIG
  "$BUILD/container-hooks-ctk" install --toolkit-root "$BUILD" --bindir "$BIN" >/dev/null
}

# The command with this test's /etc, where nothing else runs.
here() { unshare --mount --pid --fork --mount-proc --propagation private sh -c 'mount --bind "$0" /etc && exec "$@"' "$ETC" "$@"; }

ctk() { run --separate-stderr here "$BIN/container-hooks-ctk" "$@"; }

configure() { here "$BIN/container-hooks-ctk" runtime configure --path="$BIN/container-hooks-runtime" "$@"; }

unconfigure() { here "$BIN/container-hooks-ctk" runtime unconfigure --path="$BIN/container-hooks-runtime" "$@"; }

# The rows of a subject: health, blank, text.
rows() {
  awk -F '  +' -v subject="$1" '
    $1 != "" { last = $1 }
    last == subject { sub(/^-$/, "absent", $2); print tolower($2) " " $3 }' <<<"$output"
}

## status

@test "status: nothing configured is no fault" {
  ctk status
  ok
  [ "$(rows toolkit)" = "ok $BIN/container-hooks-toolkit" ]
  [ "$(rows config.toml)" = "absent /etc/container-hooks/config.toml does not exist: the defaults are in force (container-hooks-ctk config)" ]
  [ "$(rows hooks)" = "absent none in /etc/container-hooks/hooks.json and /etc/container-hooks/hooks.d (container-hooks-ctk hooks add --help)" ]
  [[ $(rows "low-level runtime") == "ok $(command -v runc): runc version "* ]]
  local engine
  for engine in docker containerd crio podman; do
    [[ $(rows "$engine") == "absent not configured"* ]] || [[ $(rows "$engine") == "absent there is no "*" in PATH" ]]
  done
}

@test "status: which engines there are" {
  mkdir programs
  printf '#!/bin/sh\n' >programs/crio
  chmod +x programs/crio
  PATH=$PWD/programs:$PATH ctk status
  ok
  [ "$(rows crio)" = "absent not configured (container-hooks-ctk runtime configure --runtime=crio)" ]
}

@test "status: configured and working, by engine, file, name and default" {
  echo '{"prestart": [{"path": "/bin/true"}], "poststop": [{"path": "/bin/true"}, {"path": "/bin/false"}]}' >"$ETC/container-hooks/hooks.json"
  here "$BIN/container-hooks-ctk" config
  configure --default
  configure --runtime=crio --name=hooks
  ctk status
  ok
  [ "$(rows config.toml)" = "ok /etc/container-hooks/config.toml" ]
  [ "$(rows hooks)" = "ok 1 prestart, 2 poststop" ]
  [ "$(rows docker | head -n 1)" = "ok /etc/docker/daemon.json: container-hooks-runtime = $BIN/container-hooks-runtime, the default" ]
  [ "$(rows crio)" = "ok /etc/crio/crio.conf.d/99-container-hooks.conf: hooks = $BIN/container-hooks-runtime
absent no crio is running" ]
}

@test "status: a file that configure was told to edit is shown, too" {
  configure --runtime=containerd --config-file="$PWD/elsewhere.toml"
  ctk status
  ok
  [[ $(rows containerd) == "ok $PWD/elsewhere.toml: container-hooks-runtime = $BIN/container-hooks-runtime"* ]]
}

@test "status: a daemon that does not answer is said, and does not hold status up" {
  needs_command docker
  configure
  python3 -c '
import socket, time
hung = socket.socket(socket.AF_UNIX)
hung.bind("hung.sock")
hung.listen()
time.sleep(60)' 3>&- &
  eventually test -S hung.sock
  DOCKER_HOST=unix://$PWD/hung.sock ctk status
  kill $!
  ok 1
  [[ $(rows docker) == *"broken the daemon does not answer: docker info --format {{json .}}: no answer within 10 seconds"* ]]
}

@test "status: why a daemon does not answer is found wherever a docker client says it" {
  configure
  mkdir client
  local answer
  for answer in '{"ServerVersion":""}\nit is asleep\n' 'it is asleep\n{"ServerVersion":""}\n' 'it is asleep\n{"ServerVersion":""}' \
    '{"ServerVersion":"","ServerErrors":["it is asleep"]}\nerrors pretty printing info\n' 'it is asleep\n'; do
    printf '#!/bin/sh\nprintf %%b '"'%s'"'\n' "$answer" >client/docker
    chmod 755 client/docker
    PATH=$PWD/client:$PATH ctk status
    [[ $(rows docker) == *"absent the daemon does not answer: it is asleep"* ]] || no "$answer: $(rows docker)"
  done
}

@test "status: another installation than the running one is said" {
  echo "{\"runtimes\": {\"container-hooks-runtime\": {\"path\": \"$SHIM\"}}}" >"$ETC/docker/daemon.json"
  ctk status
  ok
  [[ $(rows docker) == "ok "*", another installation than this one"* ]]
}

# The chain breaks at one subject, which says why; the others are told all the same.
breaks() {
  ctk status
  ok 1
  [[ $(rows "$1") == "broken "*"$2"* ]] || no "$(rows "$1")" || return
  [ "$(grep -c '^[a-z]' <<<"$output")" = 8 ] || no "$output"
}

@test "status: an engine's file names a program that is not there" {
  configure --default
  rm "$BIN/container-hooks-runtime"
  ctk status
  ok 1
  [[ $(rows docker) == "broken "*"which does not exist or is not executable"* ]]
  [[ $(rows toolkit) == "broken "*"has no container-hooks-runtime beside it"* ]]
}

@test "status: a broken hooks.json, with its place" {
  echo '{"prestrat": []}' >"$ETC/container-hooks/hooks.json"
  breaks hooks '/etc/container-hooks/hooks.json:1:2: '
}

@test "status: one broken file of hooks.d among others" {
  mkdir "$ETC/container-hooks/hooks.d"
  echo '{' >"$ETC/container-hooks/hooks.d/broken.json"
  echo '{"version": "1.0.0", "hook": {"path": "/bin/true"}, "when": {"always": true}, "stages": ["poststop"]}' >"$ETC/container-hooks/hooks.d/good.json"
  breaks hooks '/etc/container-hooks/hooks.d/broken.json:2:1: '
  [[ $(rows hooks) == *"ok 1 poststop" ]]
}

@test "status: hooks that others can write" {
  echo '{}' >"$ETC/container-hooks/hooks.json"
  chmod 666 "$ETC/container-hooks/hooks.json"
  breaks hooks 'users other than root can write it'
}

@test "status: a broken config.toml, with its place" {
  printf '[container-hooks]\nsandbox = 1\n' >"$ETC/container-hooks/config.toml"
  breaks config.toml '/etc/container-hooks/config.toml:2:11: '
}

@test "status: no low-level runtime" {
  here "$BIN/container-hooks-ctk" config --set runtimes=/nowhere/runc
  breaks "low-level runtime" /nowhere/runc
}

@test "status: a low-level runtime that does not run" {
  printf '#!/bin/sh\nexit 3\n' >runc
  chmod +x runc
  here "$BIN/container-hooks-ctk" config --set runtimes="$PWD/runc"
  breaks "low-level runtime" "$PWD/runc --version fails"
}

@test "status: an engine's file that nobody can read" {
  echo '{"runtimes": }' >"$ETC/docker/daemon.json"
  breaks docker /etc/docker/daemon.json:1:14:
}

@test "status: an engine's file that is none" {
  mkdir "$ETC/docker/daemon.json"
  breaks docker /etc/docker/daemon.json
  rmdir "$ETC/docker/daemon.json"
  mkfifo "$ETC/docker/daemon.json"
  breaks docker "it is not a regular file"
}

@test "status: an undo record that nobody can read is told of, not fatal" {
  mkdir state
  echo '{' >state/0000000000000000.undo.json
  breaks docker "state/0000000000000000.undo.json:2:1:"
}

@test "status: colours on a terminal only, and not when NO_COLOR is set" {
  needs_command script
  local escape=$'\033'
  ctk status
  ok
  [[ $output != *"$escape"* ]]
  run here script -qec "$BIN/container-hooks-ctk status" /dev/null
  [[ $output == *"${escape}[32mok"* ]]
  NO_COLOR=1 run here script -qec "$BIN/container-hooks-ctk status" /dev/null
  [[ $output == *"runc version"* ]]
  [[ $output != *"$escape"* ]]
}

@test "status --root tells of the mounted file system, by the places it has there" {
  unset CONTAINER_HOOKS_STATE_DIR
  local ctk="$BUILD/container-hooks-ctk"
  mkdir image
  run --separate-stderr "$ctk" status --root "$PWD/image"
  ok 1
  [[ $(rows toolkit) == "broken "*ENOENT* ]]
  "$ctk" install --root "$PWD/image"
  "$ctk" runtime configure --root "$PWD/image" --default
  mkdir -p image/data image/etc/container-hooks
  echo '{"poststop": [{"path": "/bin/true"}]}' >image/data/hooks.json
  ln -s /data/hooks.json image/etc/container-hooks/hooks.json
  run --separate-stderr "$ctk" status --root "$PWD/image"
  ok 1
  [[ $(rows hooks) == "broken "*'"/bin/true": it does not exist (ENOENT)' ]]
  mkdir -p image/bin
  cp /bin/true image/bin/true
  run --separate-stderr "$ctk" status --root "$PWD/image"
  ok
  [ "$(rows toolkit)" = "ok $PWD/image/usr/bin/container-hooks-toolkit" ]
  [ "$(rows hooks)" = "ok 1 poststop" ]
  [ "$(rows docker | head -n 1)" = "ok $PWD/image/etc/docker/daemon.json: container-hooks-runtime = /usr/bin/container-hooks-runtime, the default" ]
}

@test "status: nobody but a hidden host's processes decides what it says of engines that do not run" {
  configure --runtime=containerd
  configure --default
  ctk status
  ok
  [[ $(rows containerd) == *"absent no containerd is running" ]]
  [[ $(rows docker) == *"absent the daemon does not answer: "* ]]
}

@test "status: a name of ours and an undo record find a path whatever its base name is" {
  configure --name=odd
  sed -i "s|$BIN/container-hooks-runtime|/usr/bin/wrong|" "$ETC/docker/daemon.json"
  ctk status
  ok 1
  [[ $(rows docker) == "broken /etc/docker/daemon.json: odd = /usr/bin/wrong, which does not exist or is not executable"* ]]
  rm -r state
  echo '{"runtimes": {"container-hooks-x": {"path": "/bin/true"}, "other": {"path": "/bin/true"}}}' >"$ETC/docker/daemon.json"
  ctk status
  ok 1
  [[ $(rows docker) == "broken /etc/docker/daemon.json: container-hooks-x = /bin/true, which is not container-hooks-runtime"* ]]
  [[ $output != *other* ]]
}

@test "status: each profile has its hooks and its low-level runtime" {
  printf '[profiles.quiet]\npath = "%s"\nruntimes = ["/nowhere/runc"]\n' "$PWD/quiet.json" >"$ETC/container-hooks/config.toml"
  echo '{"poststop": [{"path": "/bin/true"}]}' >quiet.json
  ctk status
  ok 1
  [ "$(rows "hooks of quiet")" = "ok 1 poststop" ]
  [[ $(rows "low-level runtime of quiet") == "broken "*/nowhere/runc* ]]
  [[ $(rows "low-level runtime") == "ok "* ]]
}

@test "status: a place for hooks that config.toml names and that is not there is a warning, a default one is none" {
  printf '[container-hooks]\ndirs = ["/etc/container-hooks/hooks.d", "/nowhere/hooks.d"]\n' >"$ETC/container-hooks/config.toml"
  mkdir "$ETC/container-hooks/hooks.d"
  ctk status
  ok
  [[ $(rows hooks) == *"warning /nowhere/hooks.d, which config.toml names, does not exist"* ]]
  [[ $output != *"hooks.json, which"* ]]
}

@test "status: annotations that let a pod change what the low-level runtime does are a warning, one by one" {
  mkdir "$ETC/containerd"
  local pattern
  for pattern in '*' 'run.oci.*' 'org.systemd.property.*' 'org.criu.config' 'krun.*' bundle '[a-z]*'; do
    printf 'version = 2\n[plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]\npod_annotations = ["a.example/b", "%s"]\n' "$pattern" >"$ETC/containerd/config.toml"
    rm -rf state
    configure --runtime=containerd
    ctk status
    ok
    [[ $(rows containerd) == *"warning /etc/containerd/config.toml: runtime runc: pod_annotations has \"$pattern\""* ]] || no "$pattern: $output"
  done
  sed -i 's/bundle\|\[a-z\]\*/*.example\/*/' "$ETC/containerd/config.toml"
  ctk status
  ok
  [[ $(rows containerd) != *warning* ]]
  mkdir -p "$ETC/crio/crio.conf.d"
  printf '[crio.runtime.runtimes.crun]\nruntime_path = "/usr/bin/crun"\nallowed_annotations = ["run.oci.handler"]\n' >"$ETC/crio/crio.conf"
  configure --runtime=crio
  ctk status
  [[ $(rows crio) == *"warning /etc/crio/crio.conf: runtime crun: allowed_annotations has \"run.oci.handler\""* ]]
}

@test "status --json: one object, the same names whatever the host has, values and no prose" {
  configure --default
  ctk status --json
  ok
  [ "$(jq -c keys_unsorted <<<"$output")" = '["healthy","toolkit","config","hooks","low_level_runtime","engines"]' ]
  [ "$(jq -c '.engines | map(.engine)' <<<"$output")" = '["docker","containerd","crio","podman"]' ]
  [ "$(jq -c '.engines[0] | del(.problems)' <<<"$output")" = "{\"engine\":\"docker\",\"configured\":true,\"file\":\"/etc/docker/daemon.json\",\"name\":\"container-hooks-runtime\",\"path\":\"$BIN/container-hooks-runtime\",\"is_this_binary\":true,\"default\":true,\"daemon\":{\"reachable\":false,\"knows\":null,\"default\":null},\"health\":\"ok\"}" ]
  rm "$BIN/container-hooks-runtime"
  ctk status --json
  ok 1
  [ "$(jq -c '[.healthy, .toolkit.health, .engines[0].health]' <<<"$output")" = '[false,"broken","broken"]' ]
  [ "$(jq -c '.engines[0].problems[0] | keys_unsorted' <<<"$output")" = '["severity","text","cure"]' ]
  [ "$(jq -r '.engines[0].problems[0].cure' <<<"$output")" = "container-hooks-ctk install --bindir=$BIN" ]
}

## --root

# An image whose every path of ours is a link to the same path of this host.
image_of_links() {
  mkdir -p host image/usr image/var image/etc/container-hooks/hooks.d
  local name
  for name in etc/docker etc/containerd etc/crio etc/containers usr/bin var/lib; do ln -s "$PWD/host/$name" "image/$name"; done
  for name in config.toml hooks.json hooks.d/one.json; do ln -s "$PWD/host/$name" "image/etc/container-hooks/$name"; done
}

@test "--root: absolute links of an image lead to no file of this host" {
  unset CONTAINER_HOOKS_STATE_DIR
  image_of_links
  local engine command ctk="$BUILD/container-hooks-ctk"
  "$ctk" install --root "$PWD/image"
  "$ctk" config --root "$PWD/image" --set log-level=debug
  run "$ctk" hooks add --root "$PWD/image" --stage poststop --name one /bin/true
  for command in "configure --default" unconfigure; do
    for engine in docker containerd crio podman; do
      # shellcheck disable=SC2086 # two words
      "$ctk" runtime $command --root "$PWD/image" --runtime="$engine"
    done
  done
  "$ctk" runtime configure --root "$PWD/image" --profile=x
  [ -L "image$PWD/host/usr/bin/container-hooks-runtime.x" ]
  [ -x "image$PWD/host/usr/bin/container-hooks-toolkit" ]
  [ -f "image$PWD/host/config.toml" ]
  run "$ctk" status --root "$PWD/image"
  grep -qE "^config.toml +ok +$PWD/image/etc/container-hooks/config.toml\$" <<<"$output"
  "$ctk" uninstall --root "$PWD/image" --force
  [ ! -e "image$PWD/host/usr/bin/container-hooks-toolkit" ]
  [ -z "$(ls -A host)" ]
}

@test "--root: links in a circle are an error" {
  unset CONTAINER_HOOKS_STATE_DIR
  mkdir -p image/etc
  ln -s docker image/etc/docker
  run "$BUILD/container-hooks-ctk" runtime configure --root "$PWD/image"
  ok 1
  [[ $output == *"too many links"* ]]
}

## uninstall

@test "uninstall refuses while engines use it, and says which" {
  configure
  configure --runtime=containerd --config-file="$PWD/elsewhere.toml" --name=other
  ctk uninstall --bindir "$BIN"
  ok 1
  [[ $stderr == *"docker (/etc/docker/daemon.json, container-hooks-runtime), containerd ($PWD/elsewhere.toml, other)"*--force* ]]
  [ -x "$BIN/container-hooks-toolkit" ]
  ctk uninstall --bindir "$BIN" --force
  ok
  [ -z "$(ls -A "$BIN")" ]
}

@test "uninstall after unconfigure leaves nothing" {
  find "$ETC" state 2>/dev/null | sort >before
  configure --default
  configure --default --runtime=podman
  unconfigure
  unconfigure --runtime=podman
  ctk uninstall --bindir "$BIN"
  ok
  [ -z "$(ls -A "$BIN")" ]
  [ ! -e state ]
  [ -z "$(find "$ETC" -type f ! -name cni.lock)" ] # podman itself leaves that one where it has looked for networks
}

@test "uninstall leaves links of the same names that lead elsewhere, and --force reads no engine's file" {
  echo '{' >"$ETC/docker/daemon.json"
  ln -sf /bin/true "$BIN/container-hooks"
  ctk uninstall --bindir "$BIN"
  ok 1
  [[ $stderr == *"/etc/docker/daemon.json:2:1:"* ]]
  ctk uninstall --bindir "$BIN" --force
  ok
  [ "$(ls -A "$BIN")" = container-hooks ]
}

## Profiles

profile() { printf '[profiles.%s]\nsandbox = true\n' "$1" >"$ETC/container-hooks/config.toml"; }

@test "a profile's link goes with the last engine that uses it" {
  profile quiet
  configure --profile=quiet
  configure --profile=quiet --runtime=podman
  [ "$(jq -c .runtimes "$ETC/docker/daemon.json")" = "{\"container-hooks-quiet\":{\"path\":\"$BIN/container-hooks-runtime.quiet\"}}" ]
  unconfigure --profile=quiet
  [ ! -e "$ETC/docker/daemon.json" ]
  [ -L "$BIN/container-hooks-runtime.quiet" ]
  unconfigure --profile=quiet --runtime=podman
  [ ! -L "$BIN/container-hooks-runtime.quiet" ]
}

@test "a profile that config.toml does not have is said, and a dry run makes no link" {
  run here "$BIN/container-hooks-ctk" runtime configure --path="$BIN/container-hooks-runtime" --profile=none --dry-run
  ok
  [[ $output == *"/etc/container-hooks/config.toml has no [profiles.none] yet"* ]]
  [ ! -L "$BIN/container-hooks-runtime.none" ]
}

@test "a profile whose engine cannot be configured leaves no link" {
  profile quiet
  echo '{' >"$ETC/docker/daemon.json"
  run ! configure --profile=quiet
  [ ! -L "$BIN/container-hooks-runtime.quiet" ]
}

@test "what is in the way of a profile's link stays" {
  profile quiet
  echo mine >"$BIN/container-hooks-runtime.quiet"
  run configure --profile=quiet
  ok 1
  [[ $output == *"container-hooks-runtime.quiet is in the way"* ]]
  unconfigure --profile=quiet
  [ "$(cat "$BIN/container-hooks-runtime.quiet")" = mine ]
}

@test "a profile's name is a file's name" {
  for name in ../x a/b ''; do
    ctk runtime configure --path="$BIN/container-hooks-runtime" --profile="$name"
    ok 2
  done
  [ ! -e "$ETC/docker/daemon.json" ]
}

@test "an unknown profile: an error on create, and every other command passes through" {
  profile quiet
  ln -s container-hooks-runtime "$BIN/container-hooks-runtime.other"
  mkdir bundle
  echo '{"ociVersion": "1.0.0"}' >bundle/config.json
  run --separate-stderr here "$BIN/container-hooks-runtime.other" create --bundle bundle "$BATS_TEST_NUMBER-$$"
  ok 1
  [[ $stderr == *"there is no profile"*other* ]] || [[ $stderr == *profile*other* ]]
  run --separate-stderr here "$BIN/container-hooks-runtime.other" --version
  ok
  [[ $output == "runc version"* ]]
}
