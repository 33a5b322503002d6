#!/usr/bin/env bats
# Recorded hooks: what the shim makes of them, and what people see of one that fails under real low-level runtimes.
#
# SPDX-License-Identifier: Apache-2.0
load helpers
load engines

setup() {
  setup_fake_runtime
  RECORD_FILE=$BATS_TEST_TMPDIR/log/hooks.jsonl
}

# recorded WHICH
recorded() { sed -i "/^\[container-hooks\]/a record = \"$1\"\nrecord-file = \"$RECORD_FILE\"" "$CONTAINER_HOOKS_CONFIG"; }

record() { jq -r "$1" "$RECORD_FILE"; }

with_real() {
  needs_root
  needs_command "$1"
  ROOTFS=$BATS_TEST_TMPDIR/rootfs SEEN=$BATS_TEST_TMPDIR/seen
  mkdir -p "$SEEN"
  make_rootfs
  configure_runtimes "$1"
  recorded all
}

# real_run RUNTIME COMMAND: a container of a real low-level runtime. crun refuses a hybrid cgroup, and device rules need
# more locked memory than every host allows.
real_run() {
  runnable_bundle "$2"
  [ "$1" = crun ] || { shim --root "$BATS_TEST_TMPDIR/state" run --bundle "$BUNDLE" "r$$-$BATS_TEST_NUMBER"; return; }
  jq 'del(.linux.resources)' "$SPEC" >"$SPEC.new" && mv "$SPEC.new" "$SPEC"
  run --separate-stderr unshare --mount --propagation private sh -c '
    umount -R -l /sys/fs/cgroup && mount -t cgroup2 none /sys/fs/cgroup && exec "$@"' sh \
    "$SHIM" --root "$BATS_TEST_TMPDIR/state" run --bundle "$BUNDLE" "r$$-$BATS_TEST_NUMBER"
}

## What the shim does

@test "a recorded hook goes into the spec as a call of the runner, two seconds of time-out more, and is the marker" {
  recorded all
  hooks_file '{"createRuntime":[{"path":"/bin/true","args":["true","one"],"timeout":5}]}'
  shim create --bundle "$BUNDLE" c1
  ok && silent && nothing_but_insertions
  [ "$(jq -c '.hooks.createRuntime[-1] | [.path, .timeout, .env]' "$SPEC")" = "[\"$MARKER\",7,[\"$DEFAULT_ENV\"]]" ]
  [ "$(jq -r '.hooks.createRuntime[-1].args | join(" ")' "$SPEC")" = \
    "container-hooks run --stage=createRuntime --hook=true --file=$HOOKS --container=c1 --bundle=$BUNDLE --timeout=5 --record=all --record-file=$RECORD_FILE --record-size=10000000 -- /bin/true true one" ]
  [ "$(jq '[.hooks[][] | select(.path | endswith("/container-hooks"))] | length' "$SPEC")" = 1 ]
  remember_spec
  shim create --bundle "$BUNDLE" c1
  ok && spec_is_untouched
}

@test "with record = off the spec and the system calls are those of a configuration that does not speak of it" {
  needs_native
  needs_command strace
  # But for those by which the heap grows with a longer file.
  calls() { strace -f -o /dev/stdout "$SHIM" create --bundle "$BUNDLE" c1 | grep -vE '^[0-9 ]*(brk|mmap|munmap|mremap|madvise)\(' | sed -E 's/0x[0-9a-f]+//g; s/[0-9]{3,}//g' | cut -d'(' -f1 | sort | uniq -c; }
  local before after
  before=$(calls)
  cp "$SPEC" "$BATS_TEST_TMPDIR/first"
  bundle_of docker20
  recorded off
  after=$(calls)
  cmp "$SPEC" "$BATS_TEST_TMPDIR/first"
  [ "$before" = "$after" ] || no "$(diff <(echo "$before") <(echo "$after"))"
}

@test "a profile records what the others do not" {
  printf '[profiles.watched]\nrecord = "failures"\n' >>"$CONTAINER_HOOKS_CONFIG"
  ln -s "$(realpath "$SHIM")" container-hooks-runtime.watched
  run --separate-stderr ./container-hooks-runtime.watched create --bundle "$BUNDLE" c1
  ok
  jq -e '.hooks.createRuntime[-1].args | index("--record=failures")' "$SPEC"
  bundle_of docker20
  shim create --bundle "$BUNDLE" c1
  hooks_are_in
}

@test "preview and list show the hook as the operator wrote it" {
  recorded all
  run "$BUILD/container-hooks-ctk" hooks list
  ok
  [[ $output == *'/bin/true "one"'* && $output != *"container-hooks run"* ]]
  shim create --bundle "$BUNDLE" c1
  run --separate-stderr "$BUILD/container-hooks-ctk" hooks preview --bundle "$BUNDLE" --id c1 --json
  ok
  [ "$(jq -c '.hooks[0] | [.hook.path, .applies, .in_spec]' <<<"$output")" = '["/bin/true",true,true]' ]
}

@test "a file of hooks.d names the hook, without the number that orders it" {
  recorded all
  mkdir hooks.d
  echo '{"version":"1.0.0","hook":{"path":"/bin/true"},"when":{"always":true},"stages":["poststop"]}' >hooks.d/10-verify.json
  shim create --bundle "$BUNDLE" c1
  jq -e '.hooks.poststop[-1].args | index("--hook=verify")' "$SPEC"
}

@test "settings of the record are refused when they are wrong, with the place" {
  local setting
  for setting in 'record = "some"' 'record-size = -1' 'record-size = "1M"' 'record-file = "hooks.jsonl"' 'journal = 1'; do
    configure_runtimes "$BATS_TEST_TMPDIR/bin/runc"
    sed -i "/^\[container-hooks\]/a $setting" "$CONTAINER_HOOKS_CONFIG"
    shim create --bundle "$BUNDLE" c1
    refused "$CONTAINER_HOOKS_CONFIG:2:" "expected" || return
  done
}

## Under real low-level runtimes

# failing_hook RUNTIME: runs a container whose createRuntime hook fails, after one that does not.
failing_hook() {
  with_real "$1"
  hooks_file '{"createRuntime":[{"path":"/bin/true"},{"path":"/bin/sh","args":["sh","-c","echo connection refused >&2; exit 7"],"timeout":5}]}'
  real_run "$1" 'echo unreachable'
  [ "$status" -ne 0 ] && [ -z "$output" ]
  [ "$(record '[.hook, .stage, .result, .exit, .stderr] | @json' | paste -sd ' ')" = \
    '["true","createRuntime","ok",0,null] ["sh","createRuntime","failed",7,"connection refused\n"]' ]
}

@test "runc tells of a failing hook its name, its file and what it said" {
  failing_hook runc
  [[ $stderr == *"connection refused"* ]]
  [[ $stderr == *"hook sh (createRuntime, $HOOKS): exit status 7 after 0."* ]]
}

@test "crun tells the exit status of a failing hook, and the record what it said" {
  failing_hook crun
  [[ $stderr == *"exited with status 7"* || $stderr == *"error executing hook"* ]] || no "$stderr"
}

# all_stages RUNTIME
all_stages() {
  with_real "$1"
  write_hook_program
  hooks_for_all_stages
  real_run "$1" true
  ok
  all_stages_ran
  [ "$(record '.stage + " " + .result' | sort | paste -sd ' ')" = \
    "createContainer ok createRuntime ok poststart ok poststop ok prestart ok" ]
}

@test "hooks of all host stages are recorded under runc, and those of startContainer run inside" { all_stages runc; }

@test "hooks of all host stages are recorded under crun, and those of startContainer run inside" { all_stages crun; }

@test "a time-out of runc's own, which waits for a grandchild, is kept by the runner" {
  with_real runc
  hooks_file '{"createRuntime":[{"path":"/bin/sh","args":["sh","-c","sleep 4 & exit 0"],"timeout":1}]}'
  runs_in_time || runs_in_time || runs_in_time # the machine may have no time to run it
}

runs_in_time() {
  local began=$SECONDS
  real_run runc 'echo inside'
  ok && [ "$output" = inside ] && [ $((SECONDS - began)) -lt 4 ]
}

## In the journal

# A systemd-journald of our own, in a /run and a /var/log that nobody else has, runs COMMAND... and ends.
with_journald() {
  needs_root
  needs_command journalctl
  run --separate-stderr unshare --mount --propagation private bash -c '
    mount -t tmpfs none /run && mount -t tmpfs none /var/log && mkdir -p /run/systemd/journal /run/log/journal || exit
    /lib/systemd/systemd-journald 2>/dev/null 3>&- &
    trap "kill $!; wait" EXIT
    for n in $(seq 100); do [ ! -S /run/systemd/journal/socket ] || break; sleep 0.1; done
    "$@"' bash "$@"
}

@test "with journal = true a real journald has the run under the names that Docker gives its fields" {
  with_real runc
  sed -i "/^record = /a journal = true" "$CONTAINER_HOOKS_CONFIG"
  hooks_file '{"createRuntime":[{"path":"/bin/sh","args":["sh","-c","echo \"connection\nrefused\" >&2; exit 7"],"timeout":5}]}'
  runnable_bundle true
  # shellcheck disable=SC2016 # for the other shell
  with_journald bash -c '"$1" --root "$2" run --bundle "$3" "$4"; journalctl --sync --quiet; journalctl --no-pager --output json "CONTAINER_ID_FULL=$4"' \
    bash "$SHIM" "$BATS_TEST_TMPDIR/state" "$BUNDLE" "journal-$$"
  [ "$(jq -c '[.CONTAINER_ID, .HOOK_NAME, .HOOK_STAGE, .HOOK_RESULT, .HOOK_EXIT, .HOOK_STDERR, .PRIORITY, .SYSLOG_IDENTIFIER]' <<<"$output")" = \
    '["journal-'"${$:0:4}"'","sh","createRuntime","failed","7","connection\nrefused\n","3","container-hooks"]' ] || no "$output"
  [[ $(jq -r .MESSAGE <<<"$output") == "hook sh (createRuntime, $HOOKS): exit status 7 after "* ]]
}
