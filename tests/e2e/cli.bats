#!/usr/bin/env bats
# Which command lines get hooks, and that all of them reach the low-level runtime as they were.
#
# SPDX-License-Identifier: Apache-2.0
load helpers

setup() {
  setup_fake_runtime
  ID=c1
}

# The call gets the hooks, prints nothing and reaches the runtime as it is.
injects() {
  shim "$@"
  ok && silent && runtime_got "$@" && hooks_are_in && no_litter
}

# The call does not get hooks, whatever lies about, prints what the runtime prints and has its exit code.
passes() {
  cd "$BUNDLE" || return
  shim "$@"
  ok && silent && runtime_got "$@" && spec_is_untouched && no_litter && [ ! -e "$LOG" ]
}

## With hooks

@test "the command line of docker and containerd gets hooks" {
  injects --root /r --log "$PWD/log" --log-format json create --bundle "$BUNDLE" --pid-file "$PWD/pid" "$ID"
  [ ! -e log ]
}

@test "the command line of CRI-O gets hooks" {
  injects --systemd-cgroup --root=/r create --bundle "$BUNDLE" --pid-file "$PWD/pid" --no-pivot "$ID"
}

@test "the command line of podman gets hooks" {
  injects create --bundle "$BUNDLE" --pid-file "$PWD/pid" "$ID"
}

@test "the command line of buildkit gets hooks" {
  injects --log "$PWD/log" --log-format json run --bundle "$BUNDLE" --keep "$ID"
}

@test "--log=L --log-format=json create -b B gets hooks" {
  injects --log="$PWD/log" --log-format=json create -b "$BUNDLE" "$ID"
}

@test "create -bB gets hooks" {
  injects create -b"$BUNDLE" "$ID"
}

@test "create --bundle=B gets hooks" {
  injects create --bundle="$BUNDLE" "$ID"
}

@test "create -bundle B, as Go's flags have it, gets hooks" {
  injects create -bundle "$BUNDLE" "$ID"
}

@test "create -b=B, as Go's flags have it, gets hooks" {
  injects create -b="$BUNDLE" "$ID"
}

@test "create without a bundle gets hooks in the current directory" {
  cd "$BUNDLE"
  injects create "$ID"
}

@test "a relative bundle gets hooks" {
  injects create --bundle bundle "$ID"
}

@test "a bundle with a trailing slash gets hooks" {
  injects create --bundle "$BUNDLE/" "$ID"
}

@test "a bundle that a symbolic link leads to gets hooks" {
  ln -s bundle link
  injects create --bundle link "$ID"
}

@test "a bundle called create gets hooks" {
  mv bundle create
  BUNDLE=$PWD/create SPEC=$PWD/create/config.json
  injects create --bundle create "$ID"
}

@test "run --keep -b B gets hooks" {
  injects run --keep -b "$BUNDLE" "$ID"
}

@test "run -d gets hooks" {
  injects run -d -b "$BUNDLE" "$ID"
}

@test "restore --image-path I -b B gets hooks" {
  injects restore --image-path "$PWD/image" -b "$BUNDLE" "$ID"
}

@test "crun's create --config F gets hooks in F" {
  low_level_runtime_is crun
  mv "$SPEC" "$PWD/other.json"
  SPEC=$PWD/other.json
  rmdir "$BUNDLE"
  mkdir "$BUNDLE"
  shim create --config "$SPEC" -b "$BUNDLE" "$ID"
  ok
  hooks_are_in
}

@test "crun's create -f F, relative, is found from the current directory" {
  low_level_runtime_is crun
  mv "$SPEC" "$PWD/other.json"
  SPEC=$PWD/other.json
  shim create -f other.json -b "$BUNDLE" "$ID"
  ok
  hooks_are_in
}

@test "crun's create --config config.json is the bundle's" {
  low_level_runtime_is crun
  injects create --config config.json -b "$BUNDLE" "$ID"
}

@test "crun's abbreviation --bun gets hooks" {
  low_level_runtime_is crun
  injects create --bun "$BUNDLE" "$ID"
}

@test "--rootless true create gets hooks" {
  injects --rootless true create -b "$BUNDLE" "$ID"
}

@test "--rootless=true create gets hooks" {
  injects --rootless=true create -b "$BUNDLE" "$ID"
}

@test "--systemd-cgroup create gets hooks" {
  injects --systemd-cgroup create -b "$BUNDLE" "$ID"
}

@test "--debug create gets hooks" {
  injects --debug create -b "$BUNDLE" "$ID"
}

@test "youki's create -c SOCKET -b B gets hooks" {
  low_level_runtime_is youki
  injects create -c "$PWD/socket" -b "$BUNDLE" "$ID"
}

@test "runsc's -root R -log L -platform systrap create -bundle B gets hooks" {
  low_level_runtime_is runsc
  injects -root /r -log "$PWD/log" -platform systrap create -bundle "$BUNDLE" "$ID"
}

@test "an unknown boolean option before create does not hide it" {
  injects --brand-new create -b "$BUNDLE" "$ID"
}

@test "an ID called create gets hooks" {
  injects create -b "$BUNDLE" create
}

@test "an ID after -- gets hooks" {
  injects create -b "$BUNDLE" -- "$ID"
}

## Without hooks

@test "delete create passes through" { passes delete create; }

@test "kill start KILL passes through" { passes kill start KILL; }

@test "--root create state x passes through" { passes --root create state x; }

@test "--log create state x passes through" { passes --log create state x; }

@test "exec c git create passes through" { passes exec c git create; }

@test "exec with a program's own --bundle, --log and --version passes through" {
  mkdir evil
  cp "$SPEC" evil/
  passes exec c prog --bundle "$BATS_TEST_TMPDIR/evil" --log="$BATS_TEST_TMPDIR/x" --version
  cmp "$OLD_SPEC" "$BATS_TEST_TMPDIR/evil/config.json"
  [ ! -e "$BATS_TEST_TMPDIR/x" ]
}

@test "state start passes through" { passes state start; }

@test "state run passes through" { passes --root /r state run; }

@test "start passes through" { passes --log "$PWD/log" --log-format json start "$ID"; }

@test "features passes through" { passes features; }

@test "spec --bundle B passes through" { passes spec --bundle "$BUNDLE"; }

@test "--version passes through" { passes --version; }

@test "-v passes through" { passes -v; }

@test "--help passes through" { passes --help; }

@test "no arguments pass through" { passes; }

@test "unknown commands and flags pass through" { passes --brand-new value frobnicate --also=this create; }

@test "create --help passes through" { passes create --help; }

@test "create -h passes through" { passes create -h; }

@test "create without an ID passes through" { passes create; }

@test "an option without its value passes through" { passes create --bundle; }

@test "a global option without its value passes through" { passes --log; }

@test "empty arguments pass through" { passes '' '' ''; }

@test "the runtime's stdout, stderr and exit code are those of a pass-through call" {
  echo '{"status":"running"}' >bin/stdout
  echo 'a warning of runc' >bin/stderr
  echo 42 >bin/exit-code
  shim state "$ID"
  ok 42
  [ "$output" = '{"status":"running"}' ]
  [ "$stderr" = 'a warning of runc' ]
}

@test "the runtime's stdout, stderr and exit code are those of a create" {
  echo 'from runc' >bin/stdout
  echo 'runc failed' >bin/stderr
  echo 7 >bin/exit-code
  shim create -b "$BUNDLE" "$ID"
  ok 7
  [ "$output" = 'from runc' ]
  [ "$stderr" = 'runc failed' ]
}

## Arguments as bytes

@test "arguments with any bytes pass through" {
  passes state $'\001\002 \t\n\r"\'\\$`*?\377\376' $'\303\050' '--=' '-' '--'
}

@test "create with any bytes in its ID passes them on" {
  injects create -b "$BUNDLE" $'c\377\n"\\'
}

@test "a bundle with any bytes in its name gets hooks" {
  local odd=$'b\377 \n"\\x'
  mv bundle "$odd"
  BUNDLE=$PWD/$odd SPEC=$PWD/$odd/config.json
  injects create -b "$BUNDLE" "$ID"
}

@test "10,000 arguments pass through" {
  local arguments
  mapfile -t arguments < <(seq 10000)
  passes exec "$ID" "${arguments[@]}"
}

@test "no argument vector at all, not even a name, is a clear error" {
  run -127 --separate-stderr "$BUILD/tests/e2e/no_argv" "$SHIM"
  [ -z "$output" ]
  [ "${#stderr_lines[@]}" -eq 1 ]
  runtime_was_not_called
}

## The process

@test "the runtime has the shim's pid: exec, no fork" {
  "$SHIM" state "$ID" &
  local pid=$!
  wait "$pid"
  [ "$(sed -n 's/^Pid:\t//p' "$RECORD/status")" = "$pid" ]
}

@test "the runtime of a create has the shim's pid too" {
  "$SHIM" create -b "$BUNDLE" "$ID" &
  local pid=$!
  wait "$pid"
  [ "$(sed -n 's/^Pid:\t//p' "$RECORD/status")" = "$pid" ]
  hooks_are_in
}

# What a runtime called at once is given, beside what it is given through the shim: all but argv[0] must be the same.
same_with_and_without_shim() {
  local files=$1 file
  shift
  env "${settings[@]}" "$BATS_TEST_TMPDIR/bin/runc" "$@"
  mv "$RECORD" "$RECORD.alone"
  env "${settings[@]}" "$SHIM" "$@"
  for file in $files; do
    cmp "$RECORD.alone/$file" "$RECORD/$file" || diff "$RECORD.alone/$file" "$RECORD/$file"
  done
}

@test "the environment is passed on, byte for byte and in its order" {
  needs_native
  local settings=(-i "CONTAINER_HOOKS_CONFIG=$CONTAINER_HOOKS_CONFIG" $'ODD=\377\n=' "LISTEN_FDS=2" "_OCI_SYNCPIPE=3" "Z=1" "A=2")
  same_with_and_without_shim environ create -b "$BUNDLE" "$ID"
}

@test "a call without PATH and without any environment works" {
  local settings=(-i "CONTAINER_HOOKS_CONFIG=$CONTAINER_HOOKS_CONFIG")
  same_with_and_without_shim environ delete --force "$ID"
}

@test "the descriptors that a create inherits are those that the runtime gets" {
  local settings=()
  exec 7</dev/null 9>"$BATS_TEST_TMPDIR/nine"
  same_with_and_without_shim descriptors create -b "$BUNDLE" "$ID"
  grep -q '^7 /dev/null$' "$RECORD/descriptors"
  grep -q '^9 .*/nine$' "$RECORD/descriptors"
}

@test "closed standard descriptors stay closed" {
  needs_native
  "$SHIM" create -b "$BUNDLE" "$ID" <&- >&- 2>&-
  ! grep -E '^[012] ' "$RECORD/descriptors" || false
  hooks_are_in
}

@test "the current directory stays the same" {
  local settings=()
  same_with_and_without_shim cwd create -b "$BUNDLE" "$ID"
}

@test "ignored and blocked signals stay so, default ones stay default" {
  needs_native
  local settings=(--ignore-signal=HUP --ignore-signal=PIPE --block-signal=USR1 --default-signal=INT)
  same_with_and_without_shim "" create -b "$BUNDLE" "$ID"
  diff <(grep '^Sig[^Q]' "$RECORD.alone/status") <(grep '^Sig[^Q]' "$RECORD/status")
  [ "$(sed -n 's/^SigCgt:\t//p' "$RECORD/status")" = 0000000000000000 ]
}

@test "the umask and the limits stay the same" {
  local settings=()
  umask 0137
  ulimit -S -n 300
  same_with_and_without_shim limits create -b "$BUNDLE" "$ID"
  [ "$(sed -n 's/^Umask:\t//p' "$RECORD/status")" = 0137 ]
}

@test "standard input is not read" {
  printf 'for the container' | { "$SHIM" create -b "$BUNDLE" "$ID"; cat >rest; }
  [ "$(cat rest)" = 'for the container' ]
}

## Configurations that do not work, on calls that do not need one

@test "a pass-through call works with a broken config.toml" {
  printf '[container-hooks\nx = = 1\n' >"$CONTAINER_HOOKS_CONFIG"
  PATH=$BATS_TEST_TMPDIR/bin:$PATH shim state "$ID"
  ok
  silent
  runtime_was runc
}

@test "a pass-through call works with a config.toml that is a directory" {
  rm "$CONTAINER_HOOKS_CONFIG"
  mkdir "$CONTAINER_HOOKS_CONFIG"
  PATH=$BATS_TEST_TMPDIR/bin:$PATH shim state "$ID"
  ok
  silent
  runtime_was runc
}

@test "a pass-through call works without a config.toml" {
  rm "$CONTAINER_HOOKS_CONFIG"
  PATH=$BATS_TEST_TMPDIR/bin:$PATH shim state "$ID"
  ok
  silent
  runtime_was runc
}

@test "a pass-through call works with a config.toml of wrong types" {
  printf '[container-hooks-runtime]\nruntimes = 5\n' >"$CONTAINER_HOOKS_CONFIG"
  PATH=$BATS_TEST_TMPDIR/bin:$PATH shim state "$ID"
  ok
  silent
  runtime_was runc
}

@test "a pass-through call works with a broken hooks.json" {
  hooks_file '{{{'
  passes state "$ID"
}

@test "a create with a broken config.toml is refused with its place" {
  printf '[container-hooks]\npath = = 1\n' >"$CONTAINER_HOOKS_CONFIG"
  PATH=$BATS_TEST_TMPDIR/bin:$PATH shim create -b "$BUNDLE" "$ID"
  refused "$CONTAINER_HOOKS_CONFIG:2:8"
}
