#!/usr/bin/env bats
# What the low-level runtime inherits through the shim is what it has when it is called without it.
#
# SPDX-License-Identifier: Apache-2.0
load helpers

setup() { setup_fake_runtime; }

# The same command line twice, from one shell that has prepared itself: the runtime alone, and the shim before it.
# Leaves the records in alone/ and in $RECORD, and the shim's exit status in status.
both() {
  local prepare=$1
  shift
  rm -rf alone "$RECORD"
  cat >twice <<SH
for fd in /proc/self/fd/*; do
  fd=\${fd##*/}
  [ "\$fd" -lt 3 ] || eval "exec \$fd>&-"
done
$prepare
"$BATS_TEST_TMPDIR/bin/runc" "\$@"
mv "$RECORD" "$PWD/alone"
"$SHIM" "\$@"
echo \$? >"$PWD/status"
SH
  bash twice "$@" >out 2>err </dev/null
  [ "$(cat status)" = 0 ] || no "status $(cat status): $(cat err)"
}

same_descriptors() { diff alone/descriptors "$RECORD/descriptors"; }

# These lines of /proc/PID/status.
same_status() { diff <(grep -E "$1" alone/status) <(grep -E "$1" "$RECORD/status"); }

numbers() { cut -d ' ' -f 1 "$RECORD/descriptors" | sort -n | paste -sd ' '; }

@test "create: descriptors 0, 1 and 2 and no other" {
  both '' create -b "$BUNDLE" c1
  hooks_are_in && same_descriptors
  [ "$(numbers)" = "0 1 2" ]
}

@test "state: descriptors 0, 1 and 2 and no other" {
  both '' state c1
  same_descriptors
  [ "$(numbers)" = "0 1 2" ]
}

@test "a create that has nothing to add leaves no descriptor open" {
  hooks_file '{}'
  both '' create -b "$BUNDLE" c1
  spec_is_untouched && same_descriptors
}

@test "descriptors from 3 to 20 are passed on" {
  local fd open=
  for fd in $(seq 3 20); do open+="exec $fd<'$HOOKS';"; done
  both "$open" create -b "$BUNDLE" c1
  hooks_are_in && same_descriptors
  [ "$(numbers | wc -w)" -gt 15 ] # bash uses some between 10 and 20 itself
}

@test "descriptors with gaps are passed on" {
  both "exec 4<'$HOOKS' 7>>written 9<>written" create -b "$BUNDLE" c1
  hooks_are_in && same_descriptors
  [ "$(numbers)" = "0 1 2 4 7 9" ]
  [ ! -s written ]
}

@test "closed descriptors 0, 1 and 2 stay closed, and nothing is written into what is opened in their place" {
  needs_native
  local closed
  for closed in '<&-' '>&-' '2>&-' '<&- >&-' '>&- 2>&-' '<&- >&- 2>&-'; do
    bundle_of docker20
    both "exec $closed" create -b "$BUNDLE" c1
    hooks_are_in && nothing_but_insertions && no_litter && same_descriptors || no "exec $closed"
  done
}

@test "with 0, 1 and 2 closed an error is in --log only" {
  local inputs
  hooks_file '{"prestrat":[]}'
  inputs=$(cksum "$HOOKS" "$CONTAINER_HOOKS_CONFIG" "$SPEC")
  (exec <&- >&- 2>&- 3>&-; "$SHIM" --log engine.log --log-format json create -b "$BUNDLE" c1) || status=$?
  [ "$status" = 1 ]
  spec_is_untouched && runtime_was_not_called && no_litter
  [ "$(cksum "$HOOKS" "$CONTAINER_HOOKS_CONFIG" "$SPEC")" = "$inputs" ]
  [ "$(wc -l <engine.log)" = 1 ]
  jq -e '.level == "error"' engine.log
  [ "$(grep -c prestrat "$LOG")" = 1 ]
  [ "$(grep -vc '^time=' "$LOG")" = 0 ]
}

@test "with 0, 1 and 2 closed the ctk writes files as ever" {
  "$BUILD/container-hooks-ctk" config --root "$PWD/expected" --set log-level=debug
  (exec <&- >&- 2>&- 3>&-; "$BUILD/container-hooks-ctk" config --root "$PWD/root" --set log-level=debug) || true
  diff -r expected root
}

# bin/dockerd: a checker that keeps what it was given to check, and who has standard input, output and error of the ctk.
recording_checker() {
  mkdir -p bin
  cat >bin/dockerd <<SH
#!/bin/sh
cat "\$3" >"$PWD/checked"
SH
  chmod +x bin/dockerd
}

@test "whatever of 0, 1 and 2 is closed, configure gives the checker the new configuration, and ends" {
  local closed
  export CONTAINER_HOOKS_STATE_DIR=$PWD/state
  recording_checker
  for closed in '<&-' '>&-' '2>&-' '<&- >&-' '>&- 2>&-' '<&- 2>&-' '<&- >&- 2>&-'; do
    rm -f daemon.json checked
    PATH=$PWD/bin:$PATH timeout 20 bash -c "exec 3>&- $closed; exec \"\$@\"" - "$BUILD/container-hooks-ctk" runtime \
      configure --config-file daemon.json --path "$SHIM" || no "exec $closed: exit status $?" || return
    jq -e '.runtimes["container-hooks-runtime"]' daemon.json || no "exec $closed: $(cat daemon.json)" || return
    cmp daemon.json checked || no "exec $closed" || return
  done
}

@test "a checker that hangs is ended after ten seconds, with all that it has started, and nothing is written" {
  export CONTAINER_HOOKS_STATE_DIR=$PWD/state
  mkdir -p bin
  printf '#!/bin/sh\nsleep 1000 & echo $! >"%s"; wait\n' "$PWD/pid" >bin/dockerd
  chmod +x bin/dockerd
  PATH=$PWD/bin:$PATH run --separate-stderr timeout 20 "$BUILD/container-hooks-ctk" runtime configure \
    --config-file daemon.json --path "$SHIM"
  [ "$status" -eq 1 ]
  [[ $stderr == *"dockerd --validate"*": no answer within 10 seconds" ]] || no "$stderr"
  [ ! -e daemon.json ] && [ -z "$(ls -A state 2>/dev/null)" ]
  local state
  state=$(sed 's/.*) //; s/ .*//' "/proc/$(cat pid)/stat" 2>/dev/null) || true
  [ -z "$state" ] || [ "$state" = Z ]
}

@test "when no descriptor is left the container does not start, with an error" {
  needs_native
  run --separate-stderr bash -c 'exec 3>&-; ulimit -n 3; exec "$@"' - "$SHIM" create -b "$BUNDLE" c1
  refused EMFILE
}

@test "umask, signal mask and dispositions are those that the shim was given" {
  needs_native
  cat >with <<'SH'
umask 0137
exec env --block-signal=USR1,WINCH,CHLD --ignore-signal=HUP,PIPE,USR2,XFSZ --default-signal=TERM "$@"
SH
  bash with "$BATS_TEST_TMPDIR/bin/runc" create -b "$BUNDLE" c1
  mv "$RECORD" alone
  bash with "$SHIM" create -b "$BUNDLE" c1
  hooks_are_in && same_status '^(Umask|Sig(Pnd|Blk|Ign|Cgt)|ShdPnd)'
  grep -q '^Umask:.*0137' "$RECORD/status"
  [ "$(stat -c %a "$LOG")" = 600 ]
}

@test "identity, capabilities, limits, directory, environment and process group are those that the shim was given" {
  needs_native
  both 'ulimit -n 77 -s 4096; export ODD=$'"'a\nb'"' EMPTY= _=x; cd /' create -b "$BUNDLE" c1
  hooks_are_in
  same_status '^(Uid|Gid|Groups|Cap|NoNewPrivs|Seccomp|Cpus_allowed|Mems_allowed)'
  diff alone/limits "$RECORD/limits"
  diff alone/cwd "$RECORD/cwd"
  diff <(tr '\0' '\n' <alone/environ | grep -v '^_=') <(tr '\0' '\n' <"$RECORD/environ" | grep -v '^_=')
  diff <(sed 's/.*) //' alone/stat | cut -d ' ' -f 2-5,16,17) <(sed 's/.*) //' "$RECORD/stat" | cut -d ' ' -f 2-5,16,17)
}

@test "the runtime is the process that the shim was" {
  "$SHIM" create -b "$BUNDLE" c1 3>&- &
  local pid=$!
  wait "$pid"
  [ "$(cut -d ' ' -f 1 "$RECORD/stat")" = "$pid" ]
}

@test "every file that the shim opens is closed on exec, and no link is followed but on purpose" {
  needs_native
  strace -qq -o calls -e trace=open,openat,openat2,creat,socket,pipe,pipe2,dup,dup2,dup3,fcntl \
    "$SHIM" --log engine.log create -b "$BUNDLE" c1
  sed '/O_DIRECTORY.*proc.self.fd\|"\/proc\/self\/fd"/,$d' calls >ours
  grep -q 'config.json' ours
  ! grep -v 'CLOEXEC' ours || false # musl makes sure by fcntl(2)
  ! grep '^openat([0-9]' ours | grep -v 'O_NOFOLLOW' || false
}

## The binary

# The flags of the segment that is loaded with this section.
flags_of_section() {
  awk -v section="$1" '
    $2 ~ /^0x/ { flags[count++] = $1 == "LOAD" ? $7 : "" }
    $1 ~ /^[0-9][0-9]$/ { for (i = 2; i <= NF; ++i) if ($i == section && flags[$1 + 0] != "") print flags[$1 + 0] }'
}

@test "the binary: no executable stack, nothing writable and executable, what is only read cannot be written" {
  local headers
  headers=$(readelf --wide --program-headers "$BUILD/container-hooks-toolkit")
  grep -qE 'GNU_STACK.* RW +0' <<<"$headers"
  ! grep -E 'RWE' <<<"$headers" || false
  [ "$(flags_of_section .rodata <<<"$headers")" = R ]
  grep -q GNU_RELRO <<<"$headers" || [ "$(flags_of_section .data.rel.ro <<<"$headers")" = R ]
}

@test "the binary: no libraries, no interpreter, no search path" {
  needs_native
  ! readelf --wide --program-headers "$BUILD/container-hooks-toolkit" | grep INTERP || false
  ! readelf --wide --dynamic "$BUILD/container-hooks-toolkit" | grep -E 'NEEDED|RPATH|RUNPATH' || false
}

@test "the binary: buffers on the stack are guarded" {
  needs_native
  [ "$(objdump -d "$BUILD/container-hooks-toolkit" | grep -c '%fs:0x28')" -gt 100 ]
}

@test "the binary: lengths are checked where the C library can" {
  needs_native
  readelf --notes "$BUILD/container-hooks-toolkit" | grep -q NT_GNU_ABI_TAG || skip "this C library is not glibc, and has no checks"
  grep -q 'buffer overflow detected' "$BUILD/container-hooks-toolkit"
}
