#!/usr/bin/env bats
# A container's whole life with runc and with the shim before it: nothing differs but the hooks.
#
# The same calls are made three times: to runc, to the shim without hooks, and to the shim with a hook in every stage.
# What each call prints on stdout and stderr and its exit status are kept in $LIVES/NAME/STEP.{out,err,status}; pids,
# times and measurements are put into one form. Each test compares some of the steps.
#
# SPDX-License-Identifier: Apache-2.0
load helpers
load engines

setup_file() {
  setup_engine_file runc
  export LIVES=$BATS_FILE_TMPDIR/lives
  export RUNC
  RUNC=$(command -v runc)
  cd "$BATS_FILE_TMPDIR"
  # What a `set -e` of bats would stop at is what is to be compared.
  set +e
  echo '{}' >"$HOOKS"
  live runc "$RUNC"
  live without "$SHIM"
  jq -n --arg stages "$STAGES" '$stages | split(" ") | map({(.): [{path: "/bin/true"}]}) | add' >"$HOOKS"
  live with "$SHIM"
  set -e
}

teardown_file() {
  local id
  for id in $("$RUNC" --root "$BATS_FILE_TMPDIR/runc" list -q 2>/dev/null); do
    "$RUNC" --root "$BATS_FILE_TMPDIR/runc" delete --force "$id"
  done
}

## The life

# live NAME PROGRAM
live() {
  LIFE=$LIVES/$1
  PROGRAM=$2
  STATE=$BATS_FILE_TMPDIR/runc
  BUNDLES=$BATS_FILE_TMPDIR/bundles
  rm -rf "$STATE" "$BUNDLES"
  mkdir -p "$LIFE" "$BUNDLES"
  calls_without_a_container
  life_of_a_container
  life_with_a_terminal
  runs
  calls_without_a_path
  signals_during_create
}

# step NAME COMMAND...: keeps what it prints and its status. Standard input is the caller's. The state names the files
# that it prints to: they are the same in each life.
step() {
  local name=$1
  shift
  "$@" >"$BUNDLES/out" 2>"$BUNDLES/err" 3>&-
  echo $? >"$LIFE/$name.status"
  mv "$BUNDLES/out" "$LIFE/$name.out"
  mv "$BUNDLES/err" "$LIFE/$name.err"
  one_form "$LIFE/$name.out" "$LIFE/$name.err"
}

call() {
  local name=$1
  shift
  step "$name" "$PROGRAM" --root "$STATE" "$@" </dev/null
}

# Pids, times and the like; and what runc's init says, if it comes to that, when its parent is killed.
one_form() {
  sed -Ei '/^parent closed synchronisation channel$/d; s/("pid": *)[1-9][0-9]*/\11/; s/[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+Z/TIME/g; s/process [0-9]+/process N/' "$@"
}

numbers_to_one_form() { sed -Ei 's/[0-9.]+/N/g; s/ +/ /g' "$LIFE/$1.out"; }

# All of a container's statistics but the single figures, of which runc leaves out those that are 0 now.
without_figures() {
  jq -c 'walk(if type == "object" then map_values(select(type != "number")) elif type == "number" then 0 else . end)' \
    "$LIFE/$1.out" >"$LIFE/structure" && mv "$LIFE/structure" "$LIFE/$1.out"
}

# bundle NAME COMMAND [FILTER]: a bundle in $BUNDLES that runs a shell command, changed by a jq filter.
bundle() {
  mkdir -p "$BUNDLES/$1"
  (cd "$BUNDLES/$1" && rm -f config.json && "$RUNC" spec)
  jq --arg command "$2" --arg rootfs "$ROOTFS" '
    .process.terminal = false | .process.args = ["/bin/sh", "-c", $command] | .root.path = $rootfs | del(.process.rlimits)'" | ${3:-.}" \
    "$BUNDLES/$1/config.json" >"$BUNDLES/$1/new"
  mv "$BUNDLES/$1/new" "$BUNDLES/$1/config.json"
}

calls_without_a_container() {
  step version "$PROGRAM" --version </dev/null
  step help "$PROGRAM" --help </dev/null
  step nothing "$PROGRAM" </dev/null
  step features "$PROGRAM" features </dev/null
  step unknown "$PROGRAM" frobnicate --bundle /nowhere </dev/null
  bundle unknown-option true
  step unknown-option "$PROGRAM" --frobnicate create --bundle "$BUNDLES/unknown-option" c1 </dev/null
  step create-help "$PROGRAM" create --help </dev/null
  step create-unknown-option "$PROGRAM" create --frobnicate --bundle "$BUNDLES/unknown-option" c1 </dev/null
  mkdir "$BUNDLES/spec"
  step spec "$PROGRAM" spec --bundle "$BUNDLES/spec" </dev/null
  step spec-again "$PROGRAM" spec --bundle "$BUNDLES/spec" </dev/null
  cp "$BUNDLES/spec/config.json" "$LIFE/spec.written"
  call list-empty list
  local command
  for command in start state exec ps pause resume update kill delete events checkpoint; do
    call "missing-$command" "$command" missing
    call "without-id-$command" "$command"
  done
}

life_of_a_container() {
  bundle life 'trap "exit 3" TERM; sleep 1000 & wait'
  call create create --bundle "$BUNDLES/life" --pid-file "$BUNDLES/life/pid" life
  cp "$BUNDLES/life/pid" "$LIFE/pid-file" && sed -Ei 's/[0-9]+/N/' "$LIFE/pid-file"
  jq 'del(.hooks)' "$BUNDLES/life/config.json" >"$LIFE/config.after"
  jq -S 'del(.config.Hooks, .init_process_pid, .init_process_start, .created, .namespace_paths)' "$STATE/life/state.json" \
    >"$LIFE/state.kept"
  call created-state state life
  call create-again create --bundle "$BUNDLES/life" life
  call start start life
  call start-again start life
  call running-state state life
  call exec exec life sh -c 'echo out; echo err >&2; exit 7'
  call exec-unknown exec life /nonexistent
  call exec-create exec life echo create --bundle /nowhere
  step exec-stdin "$PROGRAM" --root "$STATE" exec life cat <<<"from stdin"
  call ps ps life && numbers_to_one_form ps
  call ps-json ps --format json life && numbers_to_one_form ps-json
  call list list && numbers_to_one_form list
  call list-q list -q
  call list-json list --format json && numbers_to_one_form list-json
  call events events --stats life && without_figures events
  call update update --pids-limit 50 life
  call pause pause life
  call paused-state state life
  call resume resume life
  call checkpoint checkpoint --image-path "$BUNDLES/image" life
  call delete-running delete life
  call kill kill life TERM
  has_stopped life
  call stopped-state state life
  call kill-stopped kill life
  call delete delete life
  call deleted-state state life
  call delete-force delete --force life
}

has_stopped() { eventually eval '[ "$("$RUNC" --root "$STATE" state '"$1"' | jq -r .status)" = stopped ]'; }

life_with_a_terminal() {
  bundle terminal 'tty; echo on a terminal; stty 2>/dev/null; exit 5' '.process.terminal = true'
  call terminal-without-socket create --bundle "$BUNDLES/terminal" terminal
  "$BUILD/tests/e2e/recvtty" "$BUNDLES/tty" >"$LIFE/terminal-output.out" 2>&1 </dev/null 3>&- &
  eventually test -S "$BUNDLES/tty"
  call terminal-create create --bundle "$BUNDLES/terminal" --console-socket "$BUNDLES/tty" terminal
  call terminal-start start terminal
  has_stopped terminal
  call terminal-delete delete --force terminal
  wait $!
}

runs() {
  bundle run 'echo out; echo err >&2; exit 37'
  call run run --bundle "$BUNDLES/run" run
  bundle stdin 'cat; cat /proc/self/status | grep -E "^(Sig[PBIC]|Cap|Uid|Groups|NoNewPrivs)"'
  step run-stdin "$PROGRAM" --root "$STATE" run --bundle "$BUNDLES/stdin" stdin <<<"from stdin"
  echo "behind three" >"$BUNDLES/three"
  bundle preserved 'cat <&3; ls -l /proc/self/fd | sed "s/.*[0-9] \([0-9]* ->\)/\1/; s/[0-9]\{2,\}/N/g"'
  step preserve-fds with_three "$PROGRAM" --root "$STATE" run --preserve-fds 1 --bundle "$BUNDLES/preserved" preserved
  step no-preserve-fds with_three "$PROGRAM" --root "$STATE" run --bundle "$BUNDLES/preserved" preserved
  bundle listen 'echo "$LISTEN_FDS $LISTEN_PID"; cat <&3'
  LISTEN_FDS=1 step listen-fds with_three sh -c 'LISTEN_PID=$$ exec "$@"' - "$PROGRAM" --root "$STATE" run --bundle "$BUNDLES/listen" listen
  bundle broken true '.process.args = ["/nonexistent"]'
  call run-nonexistent run --bundle "$BUNDLES/broken" broken
  bundle failing true '.hooks = {createRuntime: [{path: "/bin/false"}]}'
  call run-failing-hook run --bundle "$BUNDLES/failing" failing
  (cd "$BUNDLES/run" && call run-here run run-here)
  bundle detached 'sleep 1000'
  call run-detached run --detach --bundle "$BUNDLES/detached" detached
  call run-detached-delete delete --force detached
}

# step closes 3 for what it calls, so it is opened after that.
with_three() { "$@" 3<"$BUNDLES/three" </dev/null; }

calls_without_a_path() {
  step no-path-state env -u PATH "$PROGRAM" --root "$STATE" state missing </dev/null
  step no-path-run env -u PATH "$PROGRAM" --root "$STATE" run --bundle "$BUNDLES/run" no-path </dev/null
  step no-path-delete env -u PATH "$PROGRAM" --root "$STATE" delete --force no-path </dev/null
  step no-environment env -i "$PROGRAM" --root "$STATE" list -q </dev/null
}

# The engine loses patience while a hook of the spec runs.
signals_during_create() {
  local signal
  for signal in TERM INT HUP KILL; do
    bundle "signal-$signal" true ".hooks = {createRuntime: [{path: \"/bin/sh\", args: [\"sh\", \"-c\", \"echo >$BUNDLES/begun-$signal; exec sleep 2\"]}]}"
    step "create-$signal" interrupted "$signal"
    call "delete-$signal" delete --force "signal-$signal"
  done
}

interrupted() {
  "$PROGRAM" --root "$STATE" create --bundle "$BUNDLES/signal-$1" "signal-$1" </dev/null &
  local pid=$!
  eventually test -e "$BUNDLES/begun-$1"
  kill -s "$1" "$pid"
  wait "$pid" 2>/dev/null
}

## Questions

# These steps were made, and the shim made no difference; in the kinds of results that are named first.
same() { same_in "status out err" "$@"; }

same_in() {
  local step life kind kinds=$1
  shift
  for step in "$@"; do
    [ -e "$LIVES/runc/$step.status" ] || no "$step was not made" || return
    for life in without with; do
      for kind in $kinds; do
        diff -u "$LIVES/runc/$step.$kind" "$LIVES/$life/$step.$kind" || no "$step, $life hooks: its $kind differs" || return
      done
    done
  done
}

status_of() { cat "$LIVES/runc/$1.status"; }

@test "--version, --help and features" {
  same version help nothing features create-help
  grep -q '^runc version' "$LIVES/with/version.out"
  jq -e .hooks "$LIVES/with/features.out"
}

@test "an unknown command and unknown options" {
  same unknown unknown-option create-unknown-option
  [ "$(status_of unknown-option)" != 0 ]
}

@test "spec" {
  same spec spec-again
  diff "$LIVES/runc/spec.written" "$LIVES/with/spec.written"
}

@test "every command with an id that is missing, and without one" {
  local command
  same list-empty
  for command in start state exec ps pause resume update kill delete events checkpoint; do
    same "missing-$command" "without-id-$command"
  done
  [ "$(status_of missing-state)" = 1 ]
}

@test "create, start, state, kill and delete" {
  same create created-state create-again start start-again running-state delete-running kill stopped-state kill-stopped
  same delete deleted-state delete-force
  [ "$(status_of create) $(status_of create-again) $(status_of start) $(status_of start-again)" = "0 1 0 1" ]
  [ "$(jq -r .status "$LIVES/with/created-state.out" "$LIVES/with/stopped-state.out" | paste -sd ' ')" = "created stopped" ]
}

@test "create without hooks leaves config.json and runc's state as runc does, with hooks but for them" {
  local file
  for file in config.after state.kept pid-file; do
    diff "$LIVES/runc/$file" "$LIVES/without/$file"
    diff "$LIVES/runc/$file" "$LIVES/with/$file"
  done
}

@test "exec: status, stdout, stderr and stdin" {
  same exec exec-unknown exec-create exec-stdin
  [ "$(status_of exec)" = 7 ]
  [ "$(cat "$LIVES/with/exec.out" "$LIVES/with/exec.err" | paste -sd ' ')" = "out err" ]
}

@test "ps, list and events" { same ps ps-json list list-q list-json events; }

@test "update, pause, resume and checkpoint" { same update pause paused-state resume checkpoint; }

@test "a terminal over --console-socket" {
  same terminal-without-socket terminal-create terminal-start terminal-delete
  [ "$(status_of terminal-create)" = 0 ]
  grep -q 'on a terminal' "$LIVES/runc/terminal-output.out"
  diff "$LIVES/runc/terminal-output.out" "$LIVES/without/terminal-output.out"
  diff "$LIVES/runc/terminal-output.out" "$LIVES/with/terminal-output.out"
}

@test "run: status, stdout, stderr, stdin and signal masks" {
  same run run-stdin run-here run-nonexistent run-failing-hook run-detached run-detached-delete
  [ "$(status_of run)" = 37 ]
}

@test "--preserve-fds and LISTEN_FDS" {
  same preserve-fds no-preserve-fds listen-fds
  grep -q 'behind three' "$LIVES/with/preserve-fds.out"
  grep -q 'behind three' "$LIVES/with/listen-fds.out"
}

@test "without PATH, and without any environment" {
  same no-path-state no-path-run no-path-delete no-environment
}

@test "signals during create" {
  local signal
  for signal in TERM INT HUP; do same "create-$signal"; done
  # What is left of a runc that was killed may or may not have come to say so.
  same_in "status out" create-KILL
  for signal in TERM INT HUP KILL; do same "delete-$signal"; done
  [ "$(status_of create-KILL)" = 137 ]
}
