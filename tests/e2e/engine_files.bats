#!/usr/bin/env bats
# `runtime configure` and `runtime unconfigure` on the files of engines: what is written, how, and what is said.
#
# SPDX-License-Identifier: Apache-2.0
load helpers

setup() {
  cd "$BATS_TEST_TMPDIR" || return
  CTK=$BUILD/container-hooks-ctk
  PROGRAM=$BUILD/container-hooks-runtime
  export CONTAINER_HOOKS_STATE_DIR=$PWD/state
  FILE=$PWD/daemon.json
}

configure() { run --separate-stderr "$CTK" runtime configure --config-file="$FILE" --path="$PROGRAM" "$@"; }
unconfigure() { run --separate-stderr "$CTK" runtime unconfigure --config-file="$FILE" "$@"; }

rich_daemon_json() {
  printf '{\n  "z": 12345678901234567890,\n  "default-runtime": "crun",\n  "runtimes": {"crun": {"path": "/usr/bin/crun"}},\n  "e": 1e3\n}\n' >"$FILE"
  cp -p "$FILE" original
}

identity() { stat -c '%i %Y %Z' "$FILE"; }

@test "docker's file comes back byte for byte, with its mode" {
  rich_daemon_json
  chmod 640 "$FILE"
  configure --default
  [ "$status" -eq 0 ]
  run ! cmp -s "$FILE" original
  [ "$(stat -c %a "$FILE")" = 640 ]
  unconfigure
  [ "$status" -eq 0 ]
  cmp "$FILE" original
  [ "$(stat -c %a "$FILE")" = 640 ]
}

@test "configuring twice writes once" {
  rich_daemon_json
  configure --default
  local before
  before=$(identity)
  configure --default
  [ "$status" -eq 0 ]
  [ "$output" = "docker: nothing to change" ]
  [ "$(identity)" = "$before" ]
}

@test "what was never configured stays untouched" {
  rich_daemon_json
  local before
  before=$(identity)
  unconfigure
  [ "$status" -eq 0 ]
  [ "$(identity)" = "$before" ]
  rm "$FILE"
  unconfigure
  [ "$status" -eq 0 ]
  [ ! -e "$FILE" ]
}

@test "a symlinked file stays a symlink" {
  rich_daemon_json
  mv "$FILE" real.json
  ln -s real.json "$FILE"
  configure
  [ -L "$FILE" ]
  grep -q container-hooks-runtime real.json
  unconfigure
  [ -L "$FILE" ]
  cmp real.json original
}

@test "a dry run prints a patch that makes the very change, and writes nothing" {
  rich_daemon_json
  configure --default --dry-run
  [ "$status" -eq 0 ]
  cmp "$FILE" original
  [ ! -e state ]
  printf '%s\n' "$output" >change.patch
  cp original patched
  patch -s patched change.patch
  configure --default
  cmp patched "$FILE"
}

@test "the command that makes the engine read it is said on stderr" {
  rich_daemon_json
  configure
  [ "$status" -eq 0 ]
  [ "$stderr" = "for docker to read this: systemctl reload docker" ]
}

@test "a program that does not exist, or cannot be executed, is refused, and nothing is written" {
  rich_daemon_json
  local program
  touch plain
  for program in /nowhere/shim "$PWD/plain" "$PWD"; do
    run --separate-stderr "$CTK" runtime configure --config-file="$FILE" --path="$program" --default
    [ "$status" -eq 1 ]
    [[ $stderr == *"$program cannot be executed: "*"; --force configures it all the same" ]]
    cmp "$FILE" original
    [ ! -e state ]
  done
}

@test "--force configures a program that is not there yet, and says so" {
  rich_daemon_json
  run --separate-stderr "$CTK" runtime configure --config-file="$FILE" --path=/nowhere/shim --force
  [ "$status" -eq 0 ]
  [[ $stderr == *"/nowhere/shim cannot be executed: "* ]]
  [ "$(jq -r '.runtimes["container-hooks-runtime"].path' "$FILE")" = /nowhere/shim ]
}

@test "the program is the one beside the running tool; with --root the one in /usr/bin there" {
  run "$CTK" runtime configure --config-file="$FILE"
  [ "$status" -eq 0 ]
  [ "$(jq -r '.runtimes["container-hooks-runtime"].path' "$FILE")" = "$PROGRAM" ]
  mkdir -p image/usr/bin
  run "$CTK" runtime configure --root="$PWD/image"
  [ "$status" -eq 1 ]
  [[ $output == *"$PWD/image/usr/bin/container-hooks-runtime cannot be executed"* ]]
  cp /bin/true image/usr/bin/container-hooks-runtime
  run "$CTK" runtime configure --root="$PWD/image"
  [ "$status" -eq 0 ]
  [ "$(jq -r '.runtimes["container-hooks-runtime"].path' image/etc/docker/daemon.json)" = /usr/bin/container-hooks-runtime ]
}

@test "wrong use exits 2, a broken file 1, and neither writes" {
  rich_daemon_json
  configure --runtime=podmann
  [ "$status" -eq 2 ]
  [[ $stderr == *'did you mean "podman"?'* ]]
  configure --drop-in-config="$PWD/x.json"
  [ "$status" -eq 2 ]
  run "$CTK" runtime configure --config-file="$FILE" --path=relative
  [ "$status" -eq 2 ]
  cmp "$FILE" original
  echo '{"runtimes":[]}' >"$FILE"
  configure
  [ "$status" -eq 1 ]
  [[ $stderr == *"$FILE:1:13: an object is expected here, not an array" ]]
  [ "$(cat "$FILE")" = '{"runtimes":[]}' ]
}

# What the containerd on this machine makes of the file before and after, in `changes`.
compare_dumps() {
  command -v containerd || skip "containerd is not installed"
  FILE=$PWD/config.toml
  cp "$ROOT/tests/data/engine-configs/$1" "$FILE"
  containerd -c "$FILE" config dump >before
  configure --runtime=containerd --default
  [ "$status" -eq 0 ]
  containerd -c "$FILE" config dump >after
  diff before after >changes || true
}

@test "containerd's own dump differs in the new table and the default alone" {
  compare_dumps containerd-1.6-default-v2.toml
  grep -q '^>.*default_runtime_name = "container-hooks-runtime"' changes
  grep -q "^>.*BinaryName = \"$PROGRAM\"" changes
  [ "$(grep -c '^<' changes)" -eq 1 ] # the name of the default
}

@test "containerd keeps the runc that it has built in" {
  compare_dumps debian-12-containerd.toml
  grep -q 'containerd.runtimes.runc]' after
  unconfigure --runtime=containerd
  cmp "$FILE" "$ROOT/tests/data/engine-configs/debian-12-containerd.toml"
}

@test "what the engine's checker rejects is not written" {
  mkdir bin
  printf '#!/bin/sh\ngrep -q container-hooks "$3" && { echo "no hooks here"; exit 1; }\nexit 0\n' >bin/dockerd
  chmod +x bin/dockerd
  rich_daemon_json
  PATH=$PWD/bin:$PATH configure
  [ "$status" -eq 1 ]
  [[ $stderr == *"dockerd rejects what would be written: no hooks here"* ]]
  cmp "$FILE" original
}

@test "what the checker rejects of the main file takes the drop-in and its undo record back" {
  mkdir bin
  printf '#!/bin/sh\ngrep -q imports "$2" && { echo "no imports here"; exit 1; }\nexit 0\n' >bin/containerd
  chmod +x bin/containerd
  FILE=$PWD/config.toml
  printf 'version = 3\n' >"$FILE"
  cp "$FILE" original
  PATH=$PWD/bin:$PATH configure --runtime=containerd --drop-in-config="$PWD/conf.d/99.toml"
  [ "$status" -eq 1 ]
  [[ $stderr == *"rejects what would be written: no imports here"* ]]
  cmp "$FILE" original
  [ ! -e conf.d/99.toml ]
  [ -z "$(ls -A state)" ]
}

@test "names and paths with quotes, brackets, blanks and line breaks come and go" {
  local name engine
  mkdir bin # containerd 1.6 knows no escapes in the names of tables, and says so
  printf '#!/bin/sh\n' >bin/containerd
  chmod +x bin/containerd
  PATH=$PWD/bin:$PATH
  for name in 'a "b"' "it's" $'two\nlines' '[x].y' 'runc.v2' $'\\' 'ü'; do
    rich_daemon_json
    configure --name="$name" --default
    [ "$status" -eq 0 ]
    [ "$(jq -r '.["default-runtime"]' "$FILE")" = "$name" ]
    unconfigure --name="$name"
    cmp "$FILE" original
    for engine in containerd crio podman; do
      run --separate-stderr "$CTK" runtime configure --runtime="$engine" --config-file="$PWD/$engine" --path="$PROGRAM" --name="$name" --default
      [ "$status" -eq 0 ]
      run --separate-stderr "$CTK" runtime unconfigure --runtime="$engine" --config-file="$PWD/$engine" --name="$name"
      [ "$status" -eq 0 ]
      [ ! -e "$engine" ]
    done
  done
}

@test "files that are none are refused, as they are" {
  mkdir directory
  mkfifo fifo
  ln -s loop loop
  for FILE in "$PWD/directory" "$PWD/fifo" "$PWD/loop" /dev/null "$PWD/original/below"; do
    echo '{}' >original
    configure
    [ "$status" -eq 1 ]
    [ "${#stderr_lines[@]}" -eq 1 ]
    unconfigure
    [ "$status" -eq 1 ]
  done
  [ ! -e state ]
}

@test "a link to a file that is missing yet stays, and the file comes and goes where it leads" {
  ln -s far/away.json "$FILE"
  configure
  [ "$status" -eq 0 ]
  [ "$(jq -r '.runtimes | keys[]' far/away.json)" = container-hooks-runtime ]
  unconfigure
  [ "$status" -eq 0 ]
  [ -L "$FILE" ]
  [ ! -e far/away.json ]
}

@test "an undo record that is broken stops configure before it writes" {
  rich_daemon_json
  configure
  for record in state/*; do echo '{' >"$record"; done
  cp "$FILE" configured
  unconfigure
  [ "$status" -eq 1 ]
  [[ $stderr == *state/*.undo.json:2:1:* ]]
  cmp "$FILE" configured
}

@test "where no undo record can be written nothing is" {
  rich_daemon_json
  touch state
  configure
  [ "$status" -eq 1 ]
  cmp "$FILE" original
}

@test "a hundred configures and unconfigures at once leave no file, no record and no lock" {
  local n
  mkdir bin # nobody who is asked for containers
  printf '#!/bin/sh\nexit 1\n' >bin/podman
  chmod +x bin/podman
  FILE=$PWD/containers.conf
  for n in $(seq 50); do
    (PATH=$PWD/bin:$PATH && configure --runtime=podman --name="n$n" && [ "$status" -eq 0 ] &&
      unconfigure --runtime=podman --name="n$n" && [ "$status" -eq 0 ] || echo "n$n: $stderr" >>failures) &
  done
  wait
  [ ! -e failures ] || no "$(cat failures)"
  [ ! -e "$FILE" ]
  [ ! -e state ]
}

@test "unconfigure finds the record through a symlinked directory" {
  mkdir real
  ln -s real link
  FILE=$PWD/real/daemon.json
  rich_daemon_json
  configure --default
  FILE=$PWD/link/daemon.json
  unconfigure
  [ "$status" -eq 0 ]
  cmp real/daemon.json original
  [ ! -e state ]
}

@test "killed at any moment, configure leaves the old file or the new one" {
  rich_daemon_json
  configure --default
  cp "$FILE" new
  cp original "$FILE"
  rm -r state
  local syscall
  command -v strace || skip "strace is not installed"
  for syscall in openat write fsync rename renameat2 renameat close; do
    for when in 1 2 3 4 5 6 8 10 12; do
      strace -qq -o /dev/null -e "inject=$syscall:signal=KILL:when=$when" \
        "$CTK" runtime configure --config-file="$FILE" --path="$PROGRAM" --default >/dev/null 2>&1 || true
      cmp -s "$FILE" original || cmp "$FILE" new
      cp original "$FILE"
    done
  done
}

# engine_file ENGINE: one that has no default of ours yet
engine_file() {
  case $1 in
    docker) rich_daemon_json ;;
    containerd) printf 'version = 2\n[plugins."io.containerd.grpc.v1.cri".containerd]\n  default_runtime_name = "runc" # old\n' >"$FILE" ;;
    crio) printf '[crio.runtime]\ndefault_runtime = "crun"\n\n[crio.runtime.runtimes.crun]\nruntime_path = "/usr/bin/crun"\n' >"$FILE" ;;
    podman) printf '[engine]\n# the default\nruntime = "crun"\n' >"$FILE" ;;
  esac
  cp -p "$FILE" original
}

default_line() { grep -E '^ *"?(default[-_]runtime(_name)?|runtime)"? *[:=]' "$1"; }

@test "unconfigure --keep-runtime: the default of before returns, the entry stays, and the way to finish is said, for each engine" {
  local engine
  for engine in docker containerd crio podman; do
    engine_file $engine
    configure --runtime=$engine --default
    ok
    unconfigure --runtime=$engine --keep-runtime
    ok
    grep -q "container-hooks-runtime" "$FILE"
    run "$CTK" runtime unconfigure --runtime=$engine --config-file="$FILE" --keep-runtime
    [ "$output" = "$engine: nothing to change" ]
    diff <(default_line original) <(default_line "$FILE")
    unconfigure --runtime=$engine
    ok
    cmp "$FILE" original
    rm "$FILE"
  done
}

@test "unconfigure --keep-runtime says that the runtime stays, and how to finish" {
  rich_daemon_json
  configure --default --name=hooked
  unconfigure --name=hooked --keep-runtime
  ok
  [[ $stderr == *"hooked stays for the containers that need it; when there are none: container-hooks-ctk runtime unconfigure --runtime=docker --name=hooked"* ]]
}

@test "unconfigure --keep-runtime of a file that was made for the default keeps the file, and the rest of unconfigure removes it" {
  configure --default
  unconfigure --keep-runtime
  ok
  [ "$(jq -c 'keys' "$FILE")" = '["runtimes"]' ]
  unconfigure
  ok
  [ ! -e "$FILE" ]
}

@test "edits of others before and after unconfigure --keep-runtime stay" {
  rich_daemon_json
  configure --default
  sed -i 's/"e": 1e3/"e": 2e3/' "$FILE"
  unconfigure --keep-runtime
  ok
  sed -i 's/"z": 1/"z": 9/' "$FILE"
  unconfigure
  ok
  sed 's/"e": 1e3/"e": 2e3/; s/"z": 1/"z": 9/' original | cmp - "$FILE"
}

@test "unconfigure --keep-runtime without a record takes the default away alone, and so does unconfigure with the rest" {
  rich_daemon_json
  configure --default
  rm -r "$CONTAINER_HOOKS_STATE_DIR"
  unconfigure --keep-runtime
  ok
  [ "$(jq -c '[has("default-runtime"), (.runtimes | keys)]' "$FILE")" = '[false,["container-hooks-runtime","crun"]]' ]
  unconfigure
  ok
  [ "$(jq -c '[has("default-runtime"), (.runtimes | keys)]' "$FILE")" = '[false,["crun"]]' ]
}

@test "unconfigure --keep-runtime --dry-run shows the difference and writes nothing" {
  rich_daemon_json
  configure --default
  local before
  before=$(identity)
  unconfigure --keep-runtime --dry-run
  ok
  [[ $output == *'-  "default-runtime": "container-hooks-runtime"'*'+  "default-runtime": "crun"'* ]]
  [ "$(identity)" = "$before" ]
}
