#!/usr/bin/env bats
# The stage precreate: programs that write the spec before the low-level runtime is called, here one that records.
#
# SPDX-License-Identifier: Apache-2.0
load helpers

setup() {
  cd "$BATS_TEST_TMPDIR" || return
  setup_fake_runtime
  rm "$HOOKS"
  HOOKS_D=$PWD/hooks.d
  mkdir -p "$HOOKS_D"
  bundle_of docker20
}

ctk() { run --separate-stderr "$BUILD/container-hooks-ctk" "$@"; }

# precreate NAME SCRIPT [MEMBERS]: a shell script as a hook; members of the file or of its hook as a JSON object.
precreate() {
  printf '#!/bin/sh\n%s\n' "$2" >"$PWD/$1.sh"
  chmod 755 "$PWD/$1.sh"
  jq -n --arg path "$PWD/$1.sh" --argjson members "${3:-{\}}" '
    {version: "1.0.0", hook: ({path: $path} + ($members.hook // {})), when: {always: true}, stages: ["precreate"]} + ($members | del(.hook))' \
    >"$HOOKS_D/$1.json"
}

create() { shim create --bundle "$BUNDLE" c1; }

# The spec is what FILTER of jq makes of the old one, but for the marker; what did not change stayed byte for byte.
became() {
  diff <(jq -S "$1" "$OLD_SPEC") <(jq -S --arg marker "$MARKER" 'del(.hooks.prestart[]? | select(.path == $marker))
    | if .hooks.prestart == [] then del(.hooks.prestart) else . end | if .hooks == {} then del(.hooks) else . end' "$SPEC")
}

PATH_ENV='"env":["PATH=/usr/bin:/bin"]'

## What it gets, and what it can answer

@test "the program gets the spec, its arguments, no environment, and the bundle as its directory" {
  precreate a 'cat >'"$PWD"'/spec; pwd >'"$PWD"'/pwd; echo "$0 $*" >'"$PWD"'/args; tr "\0" "\n" </proc/$$/environ >'"$PWD"'/environ' \
    '{"hook": {"args": ["a", "{{id}}", "x y"]}}'
  create
  ok
  silent
  cmp spec "$OLD_SPEC"
  [ "$(cat pwd)" = "$BUNDLE" ]
  [ "$(cat args)" = "$PWD/a.sh c1 x y" ]
  [ ! -s environ ]
}

@test "no answer is no change: the spec gets the marker alone, and a second create runs nothing" {
  precreate a "echo run >>$PWD/runs; echo ' '"
  create
  ok
  silent
  nothing_but_insertions
  [ "$(jq -c '[.hooks[][] | .path] | unique' "$SPEC")" = "$(jq -c --arg marker "$MARKER" '[(.hooks // {})[][].path] + [$marker] | unique' "$OLD_SPEC")" ] ||
    no "$(jq -c .hooks "$SPEC")"
  remember_spec
  create
  ok
  spec_is_untouched
  [ "$(cat runs)" = run ]
}

@test "an object is the whole spec: what differs is edited in, what it lacks goes, and every other byte stays" {
  sed -i 's/"ociVersion":"\([^"]*\)"/"ociVersion" : "\\u0031\1",  "limit":18446744073709551615, "x" : 1.0e2/; s/\\u00311/1/' "$SPEC"
  remember_spec
  precreate a "jq -c '.process.env += [\"ADDED=1\"] | del(.hostname) | .mounts[1].options[0] = \"noexec\"'" "{\"hook\": {$PATH_ENV}}"
  create
  ok
  silent
  became '.process.env += ["ADDED=1"] | del(.hostname) | .mounts[1].options[0] = "noexec"'
  grep -qF '"ociVersion" : "' "$SPEC"
  grep -qF '"limit":18446744073709551615, "x" : 1.0e2' "$SPEC"
}

@test "an array is a JSON Patch" {
  precreate a 'cat >/dev/null; cat <<"JSON"
[{"op": "test", "path": "/process/cwd", "value": "/"},
 {"op": "add", "path": "/mounts/-", "value": {"destination": "/etc/extra", "type": "bind", "source": "/srv", "options": ["ro"]}},
 {"op": "replace", "path": "/hostname", "value": "renamed"}]
JSON' "{\"hook\": {$PATH_ENV}}"
  create
  ok
  became '.mounts += [{destination: "/etc/extra", type: "bind", source: "/srv", options: ["ro"]}] | .hostname = "renamed"'
}

@test "each sees the work of those before it, and conditions see it, too" {
  precreate 1 "jq -c '.annotations[\"example.com/seen\"] = \"one\"'" "{\"hook\": {$PATH_ENV}}"
  precreate 2 "jq -c '.annotations[\"example.com/seen\"] += \"two\"'" \
    "{\"hook\": {$PATH_ENV}, \"when\": {\"annotations\": {\"^example.com/seen$\": \"^one$\"}}}"
  precreate 3 "touch $PWD/never" "{\"hook\": {$PATH_ENV}, \"when\": {\"annotations\": {\"^example.com/seen$\": \"^one$\"}}}"
  echo '{"version":"1.0.0","hook":{"path":"/bin/true","args":["true","{{annotation:example.com/seen}}"]},"when":{"annotations":{"seen":"two"}},"stages":["poststop"]}' \
    >"$HOOKS_D/4.json"
  create
  ok
  [ "$(jq -r '.annotations["example.com/seen"]' "$SPEC")" = onetwo ]
  [ "$(stage poststop | jq -c '.[].args')" = '["true","onetwo"]' ]
  [ ! -e never ]
  grep -q 'added 3 hooks to .*: 1 in precreate, 2 in precreate, 4 in poststop' "$LOG"
}

@test "a hook can be of precreate and of another stage" {
  precreate a ":" '{"stages": ["precreate", "poststop", "precreate"]}'
  create
  ok
  [ "$(stage poststop | jq -c '.[].path')" = "\"$PWD/a.sh\"" ]
  [ "$(jq -c '.hooks | keys' "$SPEC")" = "$(jq -c '(.hooks // {}) + {poststop: 1} | keys' "$OLD_SPEC")" ]
}

@test "where no condition holds nothing runs and nothing is written" {
  precreate a "touch $PWD/ran" '{"when": {"annotations": {"^never$": ""}}}'
  create
  ok
  spec_is_untouched
  [ ! -e ran ]
}

@test "the sandbox of a pod is left alone" {
  bundle_of containerd21-cri.sandbox
  local id
  id=$(jq -r '.annotations["io.kubernetes.cri.sandbox-id"]' "$SPEC")
  precreate a "touch $PWD/ran"
  shim create --bundle "$BUNDLE" "$id"
  ok
  spec_is_untouched
  [ ! -e ran ]
}

## What can go wrong

@test "a program that fails, or answers with what is not a spec, stops the container, and says which, where and why" {
  local script words
  while IFS='|' read -r script words; do
    precreate a "$script" "{\"hook\": {$PATH_ENV, \"timeout\": 20}}"
    create
    refused "$HOOKS_D/a.json:4:13:" "\"$PWD/a.sh\": precreate: $words" || no "$script" || return
  done <<'TABLE'
exit 3|exit status 3
echo "no registry" >&2; echo "at all" >&2; exit 4|exit status 4: no registry at all
kill -SEGV $$|exit status 139
exec nowhere 2>/dev/null|exit status 127
echo "{"|its answer:2:1: a name in double quotes is expected here
echo "{} x"|its answer:1:4: text after the end of the document
printf "\000"|its answer:1:1: a NUL byte is not JSON
echo 5|its answer:1:1: a spec or a JSON Patch is expected, not a number
echo "{}"|its answer:1:1: it is not a spec: it has no ociVersion
echo "{\"ociVersion\":1}"|its answer:1:1: it is not a spec: it has no ociVersion
echo "{\"ociVersion\":\"1.0.0\",\"a\":1,\"a\":2}"|its answer:1:29: "a" is here a second time
echo "{\"ociVersion\":\"1.0.0\",\"hooks\":5}"|
echo "[{\"op\":\"remove\",\"path\":\"/nowhere\"}]"|its answer:1:2: remove /nowhere: there is no such place
echo "[{\"op\":\"remove\",\"path\":\"/ociVersion\"}]"|its answer:1:1: it is not a spec: it has no ociVersion
printf "[%.0s" $(seq 2000)|its answer:1:1001: nesting deeper than 1000 levels
TABLE
}

@test "a program that hangs is killed at its time-out, with all that it has started" {
  precreate a "sleep 300 & echo \$! >$PWD/child; trap '' TERM; cat >/dev/null; sleep 300" "{\"hook\": {$PATH_ENV, \"timeout\": 1}}"
  create
  refused "precreate: no answer within 1 second"
  eventually gone "$(cat child)"
}

gone() { ! kill -0 "$1" 2>/dev/null || [ "$(awk '{print $3}' "/proc/$1/stat")" = Z ]; }

@test "a program that reads nothing, one that closes its input early, and one that leaves a child with its outputs are no trouble" {
  jq -c '.annotations.large = ("x" * 1000000)' "$SPEC" >large && mv large "$SPEC"
  remember_spec
  precreate a 'exec <&-; echo "[{\"op\":\"add\",\"path\":\"/annotations/a\",\"value\":\"1\"}]"' "{\"hook\": {$PATH_ENV, \"timeout\": 20}}"
  precreate b 'head -c 10 >/dev/null; sleep 30 & echo $! >'"$PWD"'/child; echo "[{\"op\":\"add\",\"path\":\"/annotations/b\",\"value\":\"2\"}]"' \
    "{\"hook\": {$PATH_ENV, \"timeout\": 20}}"
  local began=$SECONDS
  create
  ok
  silent
  became '.annotations.a = "1" | .annotations.b = "2"'
  [ $((SECONDS - began)) -lt 20 ]
  kill "$(cat child)"
}

@test "an answer of 100 MB is refused, a large one below 64 MiB is not" {
  precreate a 'cat >/dev/null; head -c 100000000 /dev/zero | tr "\000" " "' "{\"hook\": {$PATH_ENV, \"timeout\": 60}}"
  create
  refused "precreate: it answers with more than 64 MiB"
  precreate a 'head -c 60000000 /dev/zero | tr "\000" " "; cat' "{\"hook\": {$PATH_ENV, \"timeout\": 60}}"
  create
  ok
  became .
}

@test "where on-error = ignore the container starts without what failed, with the other hooks, and the log says so" {
  sed -i '/^\[container-hooks\]/a on-error = "ignore"' "$CONTAINER_HOOKS_CONFIG"
  precreate a 'exit 3' "{\"hook\": {$PATH_ENV}}"
  precreate b 'echo "[{\"op\":\"replace\",\"path\":\"/hostname\",\"value\":\"b\"}]"' "{\"hook\": {$PATH_ENV}}"
  create
  ok
  silent
  became '.hostname = "b"'
  grep -qF "$HOOKS_D/a.json:4:13:" "$LOG"
  grep -qF 'precreate: exit status 3' "$LOG"
}

@test "a value too long for an argument stops the container whatever on-error says, since its user may have chosen it" {
  sed -i '/^\[container-hooks\]/a on-error = "ignore"' "$CONTAINER_HOOKS_CONFIG"
  jq -c '.annotations.long = ("x" * 140000)' "$SPEC" >long && mv long "$SPEC"
  remember_spec
  precreate a ":" "{\"hook\": {$PATH_ENV, \"args\": [\"a\", \"{{annotation:long}}\"]}}"
  create
  refused "its arguments are longer than a program can be given"
}

@test "a signal that ends the shim ends the program, too, and nothing is changed, whatever on-error says" {
  local signal
  sed -i '/^\[container-hooks\]/a on-error = "ignore"' "$CONTAINER_HOOKS_CONFIG"
  for signal in TERM INT HUP KILL; do
    precreate a "echo \$\$ >$PWD/pid; sleep 300" "{\"hook\": {$PATH_ENV, \"timeout\": 300}}"
    rm -f pid
    env --default-signal=INT "$SHIM" create --bundle "$BUNDLE" c1 >/dev/null 2>&1 3>&- &
    eventually test -s pid
    kill -s "$signal" $!
    local status=0
    wait $! || status=$?
    [ "$status" = $((128 + $(kill -l "$signal"))) ] || no "$signal: $status" || return
    eventually gone "$(cat pid)" || return
    spec_is_untouched && runtime_was_not_called || return
  done
}

@test "standard streams that are closed are the program's pipes all the same, and stay closed for the low-level runtime" {
  needs_native
  precreate a 'cat' "{\"hook\": {$PATH_ENV}}"
  "$SHIM" create --bundle "$BUNDLE" c1 <&- >&- 2>&-
  became .
  ! grep -qE '^[012] ' "$RECORD/descriptors" || no "$(cat "$RECORD/descriptors")"
}

@test "descriptors of the engine's are not the program's" {
  needs_native
  precreate a 'ls /proc/self/fd | tr "\n" " " >'"$PWD"'/descriptors' "{\"hook\": {$PATH_ENV}}"
  exec 7<"$SPEC"
  create
  ok
  [ "$(cat descriptors)" = "0 1 2 3 " ] || no "$(cat descriptors)" # 3 is ls' own
  grep -q '^7 ' "$RECORD/descriptors"
}

@test "a SIGCHLD and a SIGPIPE that are ignored, and signals that are blocked, are so for the low-level runtime, too" {
  needs_native
  precreate a ":" "{\"hook\": {$PATH_ENV}}"
  env --ignore-signal=CHLD,PIPE --block-signal=USR1,CHLD "$SHIM" create --bundle "$BUNDLE" c1
  local blocked ignored
  blocked=0x$(sed -n 's/^SigBlk:\t//p' "$RECORD/status")
  ignored=0x$(sed -n 's/^SigIgn:\t//p' "$RECORD/status")
  ((blocked == 0x10200 && (ignored & 0x11000) == 0x11000)) || no "$(grep ^Sig "$RECORD/status")"
  became .
}

@test "a hooks.json has no precreate" {
  hooks_file '{"precreate":[{"path":"/bin/true"}]}'
  create
  refused "hooks.json:1:2: precreate is a stage of hooks.d alone"
}

## The commands

@test "hooks preview runs it and shows what it would change; with --no-precreate it does not" {
  precreate a "touch $PWD/ran; echo '[{\"op\":\"replace\",\"path\":\"/hostname\",\"value\":\"preview\"}]'" "{\"hook\": {$PATH_ENV}}"
  ctk hooks preview --bundle "$BUNDLE" --no-precreate
  ok
  [ ! -e ran ] && [[ $output != *preview\"* ]]
  ctk hooks preview --bundle "$BUNDLE"
  ok
  [ -e ran ]
  [[ $output == *"yes  $HOOKS_D/a.json"*"precreate: $PWD/a.sh"*'+  "hostname":"preview"'* ]] || no "$output"
  ctk hooks preview --bundle "$BUNDLE" --json
  [ "$(jq -r .spec.hostname <<<"$output")" = preview ]
  spec_is_untouched
}

@test "hooks add, list and check know the stage" {
  precreate a ":"
  rm "$HOOKS_D/a.json"
  ctk hooks add --stage precreate --name a "$PWD/a.sh"
  ok
  ctk hooks list
  ok
  [[ ${lines[1]} == "precreate  $PWD/a.sh"* ]]
  ctk hooks check "$HOOKS_D"
  ok
  [ "$output" = "checked 1 file, 1 hook" ]
  ctk hooks check --portable "$HOOKS_D"
  [[ $output == *"CRI-O has no precreate, and refuses all hooks for this file"* ]]
}
