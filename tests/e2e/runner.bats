#!/usr/bin/env bats
# The runner of recorded hooks, called as a low-level runtime calls it.
#
# SPDX-License-Identifier: Apache-2.0
load helpers

setup() {
  cd "$BATS_TEST_TMPDIR" || return
  RECORD_FILE=$BATS_TEST_TMPDIR/log/hooks.jsonl
}

# runner OPTION... -- PATH ARGUMENT...
runner() {
  run --separate-stderr "$MARKER" run --stage=createRuntime --hook=verify --file=/etc/h.json --record=all \
    --record-file="$RECORD_FILE" "$@"
}

record() { jq -r "$1" "$RECORD_FILE"; }

milliseconds() { echo $(($(date +%s%N) / 1000000)); }

# took_at_least A_MS at_most B_MS: since $began
took() {
  local ms=$(($(milliseconds) - began))
  [ "$ms" -ge "$1" ] && [ "$ms" -le "$2" ] || no "took $ms ms, not $1 to $2"
}

gone() { ! kill -0 "$1" 2>/dev/null || [ "$(awk '{print $3}' "/proc/$1/stat")" = Z ]; }

## What the hook gets

@test "a hook gets its arguments, standard input, environment and directory as they are" {
  echo '{"id": "c1"}' >state
  run --separate-stderr env -i A=1 PATH=/usr/bin:/bin "$MARKER" run --hook=x --stage=poststart -- /bin/sh sh -c \
    'cat; echo "$0 $1"; pwd; env | grep -v _= | sort' 'a b' <state
  ok
  [ "$output" = '{"id": "c1"}
a b 
'"$PWD"'
A=1
PATH=/usr/bin:/bin
PWD='"$PWD" ]
  [ -z "$stderr" ]
}

@test "a hook without args has its path as argv, and one with args has those alone" {
  runner -- /bin/busybox true
  ok
  runner -- /bin/busybox
  ok
  [[ $output == BusyBox* ]]
}

@test "both outputs come as the hook writes them, and not at its end" {
  mkfifo out
  "$MARKER" run --hook=x -- /bin/sh sh -c 'echo first; sleep 30' >out 2>/dev/null &
  local pid=$! line
  read -r -t 5 line <out
  [ "$line" = first ]
  kill "$pid"
}

@test "a hook has a session of its own" {
  runner -- /bin/sh sh -c 'awk "{print \$1, \$5, \$6}" /proc/$$/stat'
  ok
  read -r pid group session <<<"$output"
  [ "$pid" = "$group" ] && [ "$pid" = "$session" ]
}

@test "a hook has no descriptor of the runner's" {
  needs_native
  runner -- /bin/sh sh -c 'exec 3>&- 4>&-; ls /proc/self/fd | sort -n | tail -1; ls -l /proc/$$/fd >&2'
  ok
  local expected
  expected=$(sh -c 'exec 3>&- 4>&-; ls /proc/self/fd | sort -n | tail -1')
  [ "$output" = "$expected" ] || no "$output, not $expected: $stderr"
}

@test "a hook has the signals that the runner was given" {
  runner -- /bin/grep grep -E '^Sig(Blk|Ign)' /proc/self/status
  ok
  [ "$output" = "$(grep -E '^Sig(Blk|Ign)' /proc/self/status)" ] || no "$output"
}

## How it ends

@test "the exit status is the hook's own, and a failure is told in one line with its name, stage and file" {
  runner -- /bin/sh sh -c 'echo why >&2; exit 3'
  ok 3
  [[ ${stderr_lines[0]} == why ]]
  [[ ${stderr_lines[1]} =~ ^"hook verify (createRuntime, /etc/h.json): exit status 3 after 0."[0-9]+" s"$ ]]
  [ "${#stderr_lines[@]}" = 2 ]
  [ "$(record '[.result, .exit, .stderr] | @json')" = '["failed",3,"why\n"]' ]
}

@test "the line about a failure begins on a line of its own" {
  runner -- /bin/sh sh -c 'printf why >&2; exit 3'
  [[ ${stderr_lines[1]} == "hook verify"* ]]
}

@test "a hook that a signal ends has 128 and its number as its exit status" {
  runner -- /bin/sh sh -c 'kill -11 $$'
  ok 139
  [[ $stderr == *"killed by signal 11"* ]]
  [ "$(record '[.result, .exit, .signal] | @json')" = '["signal",139,11]' ]
}

@test "a program that is missing has 127, and one that cannot be executed 126" {
  run -127 --separate-stderr "$MARKER" run --hook=x --record=all --record-file="$RECORD_FILE" -- /no/such/program
  [[ $stderr == *"start /no/such/program: it does not exist (ENOENT)"* ]]
  touch not-executable
  runner -- "$PWD/not-executable"
  ok 126
  [ "$(record .result | paste -sd ' ')" = "not-started not-started" ]
}

@test "a success is silent, and recorded with what the hook used" {
  runner --container=c1 --bundle=/b --engine=docker --image=busybox --name=web --namespace=n --pod=p -- /bin/true
  ok
  silent
  [ "$(record '[.container, .bundle, .engine, .image, .name, .namespace, .pod, .stage, .hook, .file, .path, .result, .exit] | @json')" = \
    '["c1","/b","docker","busybox","web","n","p","createRuntime","verify","/etc/h.json","/bin/true","ok",0]' ]
  record '.duration >= 0 and .user >= 0 and .system >= 0 and ."peak-memory" > 0' | grep -x true
}

@test "only failures are recorded where only those are asked for" {
  runner --record=failures -- /bin/true
  ok
  [ ! -e "$RECORD_FILE" ]
  runner --record=failures -- /bin/false
  ok 1
  [ "$(record .result)" = failed ]
}

## The time-out

# On a machine that has the time to run it; always before the hook would have ended by itself.
killed_in_time() {
  local began
  began=$(milliseconds)
  runner --timeout=1 -- /bin/sh sh -c 'echo begun >&2; sleep 5'
  took 1000 4000 && took 1000 1100
}

@test "a hook that takes too long is killed at its time-out, and fails within a tenth of a second after" {
  eventually killed_in_time
  ok 124
  [[ $stderr == *"killed, since it had not ended after 1.0"* ]]
  [ "$(tail -n 1 "$RECORD_FILE" | jq -c '[.result, .exit, .stderr]')" = '["timeout",124,"begun\n"]' ]
}

# COMMAND...: of the runner, long before a time-out; three tries, since the machine may have no time to run it.
soon() { at_once "$@" || at_once "$@" || at_once "$@"; }

at_once() {
  local began
  began=$(milliseconds)
  runner "$@"
  took 0 1900
}

@test "a process that a hook leaves with its outputs holds nobody up, and lives on" {
  soon --timeout=20 -- /bin/sh sh -c 'sleep 20 & echo $!; exit 0'
  ok
  kill "$output"
}

@test "a hook that becomes a daemon succeeds at once, and the daemon outlives the runner" {
  soon --timeout=20 -- /bin/sh sh -c 'setsid sh -c "echo \$\$ >daemon; exec sleep 20" & exit 0'
  ok
  eventually test -s daemon
  kill -0 "$(cat daemon)"
  kill "$(cat daemon)"
}

@test "the whole process group is killed at the time-out, also what ignores SIGTERM" {
  runner --timeout=1 -- /bin/sh sh -c 'trap "" TERM HUP; sleep 20 & echo $! $$; while :; do sleep 20; done'
  ok 124
  local child hook
  read -r child hook <<<"$output"
  eventually gone "$child"
  eventually gone "$hook"
}

# Children that are forked, but execute nothing, so that a thousand are there before the time is out on a busy machine, too.
@test "a thousand children are killed with the hook" {
  mkfifo never
  runner --timeout=6 -- /bin/busybox sh -c 'exec 3<>never; echo $$
    i=0; while [ $i -lt 1000 ]; do read -r line <&3 & i=$((i+1)); done; echo $! >last; kill -STOP $$'
  ok 124
  [ -s last ]
  eventually gone "$(cat last)"
  eventually no_process_in_group "$output"
}

no_process_in_group() { ! pgrep -g "$1" -r D,R,S >/dev/null; }

@test "a time-out larger than any clock is none" {
  runner --timeout=18446744073709551615 -- /bin/true
  ok
  runner --timeout=9223372036854775807 -- /bin/true
  ok
}

@test "no hook survives a runner that is killed" {
  "$MARKER" run --hook=x --timeout=30 -- /bin/sh sh -c 'echo $$ >hook.pid; exec sleep 30' &
  local runner=$!
  eventually test -s hook.pid
  kill -9 "$runner"
  eventually gone "$(cat hook.pid)"
}

@test "a signal to the runner ends it, and the hook with it" {
  "$MARKER" run --hook=x --timeout=30 -- /bin/sh sh -c 'trap "" TERM; echo $$ >hook.pid; while :; do sleep 30; done' &
  local runner=$!
  eventually test -s hook.pid
  kill "$runner"
  eventually gone "$(cat hook.pid)"
}

## What surrounds it

@test "standard input that is closed is closed for the hook" {
  "$MARKER" run --hook=x -- /bin/sh sh -c '[ ! -e /proc/$$/fd/0 ]' <&-
}

@test "each of descriptors 0, 1 and 2 may be closed" {
  local status=0
  "$MARKER" run --hook=x --record=all --record-file="$RECORD_FILE" -- /bin/sh sh -c 'echo out; echo err >&2; exit 4' >&- || status=$?
  [ "$status" = 4 ]
  "$MARKER" run --hook=x --record=all --record-file="$RECORD_FILE" -- /bin/sh sh -c 'echo out; echo err >&2; exit 4' 2>&- || status=$?
  [ "$status" = 4 ]
  "$MARKER" run --hook=x --record=all --record-file="$RECORD_FILE" -- /bin/sh sh -c 'echo out; echo err >&2; exit 5' <&- >&- 2>&- || status=$?
  [ "$status" = 5 ]
  [ "$(record '[.stdout, .stderr] | @json' | uniq -c | awk '{print $1, $2}')" = '3 ["out\n","err\n"]' ]
}

@test "an engine that reads no more does not fail the hook" {
  "$MARKER" run --hook=x -- /bin/sh sh -c 'i=0; while [ $i -lt 5000 ]; do echo a line of output; i=$((i+1)); done; touch finished' | head -n 1
  eventually test -e finished
}

@test "a record that cannot be written changes nothing" {
  for RECORD_FILE in /proc/no/such/file /dev/null/x / relative ''; do
    runner -- /bin/sh sh -c 'echo out; exit 0'
    ok
    [ "$output" = out ] && [ -z "$stderr" ]
  done
}

@test "a read-only /var changes nothing" {
  needs_root
  run --separate-stderr unshare --mount sh -c 'mount --bind /var /var && mount -o remount,ro,bind /var && exec "$@"' sh \
    "$MARKER" run --hook=x --record=all --record-file=/var/log/container-hooks/hooks.jsonl -- /bin/sh sh -c 'echo out; exit 3'
  ok 3
  [ "$output" = out ]
  [[ $stderr == "hook x ("* ]]
}

@test "where there is no descriptor or process left to watch with, the hook runs all the same" {
  needs_native
  run --separate-stderr sh -c 'ulimit -n 5; exec "$@"' sh "$MARKER" run --hook=x -- /bin/sh sh -c 'echo out; exit 3' 3>&- 4>&-
  ok 3
  [ "$output" = out ]
}

@test "what others wrote into the record's directory is not written to" {
  needs_root
  mkdir log && ln -s "$PWD/target" log/hooks.jsonl
  runner -- /bin/true
  ok
  [ ! -e target ]
  echo mine >other
  ln -f other log/hooks.jsonl
  runner -- /bin/true
  ok
  [ "$(cat other)" = mine ]
  rm other && chown nobody log/hooks.jsonl
  runner -- /bin/true
  ok
  [ "$(cat log/hooks.jsonl)" = mine ]
}

@test "the runner reads no configuration and trusts no environment variable" {
  needs_native
  needs_command strace
  printf 'broken' >config.toml
  CONTAINER_HOOKS_CONFIG=$PWD/config.toml HOME=$PWD XDG_CONFIG_HOME=$PWD TZ=:$PWD/tz LANG=xx LC_ALL=xx TMPDIR=$PWD \
    run strace -qq -e trace=open,openat "$MARKER" run --hook=x -- /bin/true
  ok
  [[ $output != *"$PWD/"* ]]
}

## What it writes

@test "a gigabyte of output is passed on and takes no memory" {
  needs_native
  local began
  began=$(milliseconds)
  "$MARKER" run --hook=x --timeout=60 --record=all --record-file="$RECORD_FILE" -- /bin/sh sh -c \
    'head -c 1000000000 /dev/zero; echo the end' | wc -c >size
  [ "$(cat size)" = 1000000008 ]
  [ "$(record '[.result, (.stdout | length), .stdout[-8:]] | @json')" = '["ok",4096,"the end\n"]' ]
  took 0 30000
}

@test "NULs and bytes that are not UTF-8 pass as they are, and leave a record that every reader of JSON takes" {
  "$MARKER" run --hook=x --record=all --record-file="$RECORD_FILE" -- /bin/sh sh -c 'printf "a\000\377\200b" ; printf "\000\377" >&2' >out 2>err
  printf 'a\000\377\200b' | cmp - out
  printf '\000\377' | cmp - err
  [ "$(record '[.stdout, .stderr] | @json')" = '["a\u0000��b","\u0000�"]' ]
}

@test "a hostile label makes no line of its own, in the message and in the record" {
  run --separate-stderr "$MARKER" run $'--hook=a\nb\e[2J' --stage=poststart --record=all --record-file="$RECORD_FILE" \
    $'--image=x\n{"hook":"forged"}' -- /bin/false
  ok 1
  [ "${#stderr_lines[@]}" = 1 ]
  [[ $stderr == 'hook a\u000ab\u001b[2J ('* ]]
  [ "$(wc -l <"$RECORD_FILE")" = 1 ]
}

@test "a call without a program is refused" {
  run --separate-stderr "$MARKER" run --hook=x
  ok 2
  [ "$stderr" = "container-hooks: run: a program is expected after --" ]
}
