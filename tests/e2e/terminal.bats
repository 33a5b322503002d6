#!/usr/bin/env bats
# What somebody else named or wrote is shown, and never obeyed: no escape sequence, no forged line, no text that runs
# backwards, in anything that the ctk prints or the shim says.
#
# SPDX-License-Identifier: Apache-2.0
load helpers

# C0, DEL, C1 (as a character and as a byte that is no text), a bidirectional override, and a line of its own.
TRICK=$'\ec\a\x7f\u009b31m\u202e\x9b\nFORGED: all is well\r'

setup() {
  setup_fake_runtime
  HOOKS_D=$BATS_TEST_TMPDIR/hooks.d
  mkdir -p "$HOOKS_D"
}

ctk() { run --separate-stderr "$BUILD/container-hooks-ctk" "$@"; }

# hook_d NAME KEY VALUE: a hooks.d file of that name, all of whose strings are the trick, but for what KEY is.
hook_d() {
  jq -n --arg trick "$TRICK" --arg key "$2" --argjson value "$3" '
    {version: "1.0.0", hook: {path: "/bin/true", args: ["true", $trick, "{{\($trick)}}"], env: ["A=\($trick)"]},
     when: {annotations: {($trick): $trick}, commands: [$trick]}, stages: ["poststop"]} | setpath($key / "."; $value)' >"$HOOKS_D/$1"
}

# A spec that has the trick wherever a container's user has a say, and so that the hooks above apply.
tricky_bundle() {
  jq -cn --arg trick "$TRICK" '
    {process: {args: [$trick], env: ["A=\($trick)"]}, annotations: {($trick): $trick, a: $trick}, hostname: $trick,
     root: {path: $trick}, hooks: {createContainer: [{path: "/\($trick)"}]}, ($trick): [$trick]}' >"$SPEC"
  remember_spec
}

# It came out, on stdout or stderr, in escapes alone.
shown() {
  local text=$output$stderr
  [[ $text == *'\u001bc\u0007\u007f\u009b31m\u202e'* ]] || no "not shown: $text" || return
  harmless "$text"
}

harmless() {
  ! LC_ALL=C grep -qP '[\x00-\x08\x0b-\x1f\x7f]|\xc2[\x80-\x9f]|\xd8\x9c|\xe2\x80[\x8e\x8f\xa8-\xae]|\xe2\x81[\xa6-\xa9]' <<<"$1" ||
    no "raw: $(cat -v <<<"$1")" || return
  iconv -f UTF-8 -t UTF-8 <<<"$1" >/dev/null || no "not UTF-8" || return
  ! grep -q '^FORGED' <<<"$1" || no "a line of its own: $1"
}

@test "the trick is one: printed as it is, it is found" {
  ! harmless "$TRICK" 2>/dev/null || false
  ! harmless $'\u009b' 2>/dev/null || false
  ! harmless $'\x9b' 2>/dev/null || false
}

@test "hooks check shows names of files, and what stands in them, escaped" {
  hook_d "a$TRICK.json" stages '["poststop"]'
  ctk hooks check
  ok 0 && shown
  ctk hooks check "$HOOKS_D"
  ok 0 && shown
  ctk hooks check "$HOOKS_D/a$TRICK.json"
  ok 0 && shown
}

@test "what is wrong in a file is said escaped, by hooks check and by the shim" {
  local wrong quoted
  quoted=$(jq -cn --arg trick "$TRICK" '$trick')
  for wrong in "{\"version\":$quoted}" "{\"hook\":{\"path\":$quoted}}" "{\"stages\":[$quoted]}" "{\"hook\":{$quoted:1}}" "{$quoted:1}" \
    "{\"when\":{$quoted:1}}" "{\"when\":{\"commands\":[\"[${quoted#\"}]}}"; do
    hook_d a.json stages '["poststop"]'
    jq --argjson wrong "$wrong" '. * $wrong' "$HOOKS_D/a.json" >a && mv a "$HOOKS_D/a.json"
    ctk hooks check "$HOOKS_D"
    shown || no "$wrong"
    shim create -b "$BUNDLE" c1
    harmless "$output$stderr" && harmless "$(cat "$LOG")" || no "$wrong"
  done
}

@test "hooks check shows a broken file's and a missing directory's name escaped" {
  printf '{%s' "$TRICK" >"$HOOKS_D/b$TRICK.json"
  ctk hooks check "$HOOKS_D"
  ok 1 && shown
  ctk hooks check "$BATS_TEST_TMPDIR/none$TRICK"
  ok 1 && shown
}

@test "hooks list shows them escaped, as a table and as JSON" {
  hook_d "a$TRICK.json" stages '["poststop"]'
  ctk hooks list
  ok && shown
  ctk hooks list --json
  ok && harmless "$output$stderr" && jq . <<<"$output" >"$BATS_TEST_TMPDIR/json"
}

@test "hooks preview shows them escaped, as text and as JSON, and its JSON means the same" {
  hook_d "a$TRICK.json" when '{"always":true}'
  hook_d b.json when.annotations '{"nothing":"of it"}'
  hook_d c.json hook.args '["true","{{annotation:a}}","{{env:A}}","{{hostname}}","{{rootfs}}","{{id}}"]'
  tricky_bundle
  ctk hooks preview --bundle "$BUNDLE" --id "c$TRICK"
  ok && shown
  ctk hooks preview --bundle "$BUNDLE" --id "c$TRICK" --json
  ok && harmless "$output$stderr"
  [ "$(jq -r '.spec.process.args[0]' <<<"$output")" = "$(jq -r '.process.args[0]' "$SPEC")" ]
}

@test "hooks add and remove refuse a name with control characters, and show it escaped" {
  ctk hooks add --name "$TRICK" --stage poststop --timeout 5 /bin/true
  [ "$status" -ne 0 ] && [ -z "$(ls "$HOOKS_D")" ]
  shown
  ctk hooks remove "$TRICK"
  [ "$status" -ne 0 ]
  shown
}

@test "status and config show names and values escaped" {
  local dir="$BATS_TEST_TMPDIR/d$TRICK" quoted
  mkdir -p "${dir%$'\x9b'*}"
  quoted=$(jq -cn --arg trick "$BATS_TEST_TMPDIR/d$TRICK" '$trick' | sed 's/\x7f/\\u007f/g')
  cat >"$CONTAINER_HOOKS_CONFIG" <<TOML
[container-hooks]
path = $quoted
dirs = [$quoted]
[profiles.$quoted]
runtimes = [$quoted]
TOML
  ctk status
  shown
  ctk status --json
  harmless "$output$stderr"
  ctk config show
  ok && shown
  ctk config show --json
  ok && harmless "$output$stderr"
  ctk config --get dirs
  harmless "$output$stderr"
}

@test "a configuration with the trick for a key, a value or a name is refused in escapes" {
  local quoted line
  quoted=$(jq -cn --arg trick "$TRICK" '$trick' | sed 's/\x7f/\\u007f/g')
  for line in "$quoted = 1" "on-error = $quoted" "path = $quoted" "x = $TRICK" "[$quoted]"; do
    printf '[container-hooks]\n%s\n' "$line" >"$CONTAINER_HOOKS_CONFIG"
    for words in "config show" "hooks list" "hooks check" "status"; do
      # shellcheck disable=SC2086 # words
      ctk $words
      [ "$status" -eq 1 ] && harmless "$output$stderr" || no "$words, $line: $output$stderr"
    done
    shim create -b "$BUNDLE" c1
    [ "$status" -eq 1 ] && harmless "$output$stderr" || no "shim, $line: $output$stderr"
  done
}

@test "a command line's words come back escaped" {
  for words in "$TRICK" "hooks|$TRICK" "--$TRICK" "hooks|list|--$TRICK=1" "config|--get|$TRICK" "config|--set|$TRICK=1" \
    "runtime|configure|--runtime=$TRICK" "config|--config-file=$TRICK|--get|x"; do
    IFS='|' read -r -d '' -a words <<<"$words" || true
    ctk "${words[@]}"
    [ "$status" -ne 0 ] && harmless "$output$stderr" || no "${words[*]}: $output$stderr"
  done
}

@test "the engine's log, ours and stderr are UTF-8 of one line whatever the bundle is called" {
  local format words
  for format in text json; do
    for words in "-b|$BATS_TEST_TMPDIR/b$TRICK" "--bundle=$BATS_TEST_TMPDIR/b$TRICK" "-b|$BUNDLE|--config|$TRICK"; do
      rm -f log "$LOG"
      IFS='|' read -r -d '' -a words <<<"$words" || true
      words[-1]=${words[-1]%$'\n'}
      low_level_runtime_is crun
      shim --log "$PWD/log" --log-format "$format" create "${words[@]}" c1
      [ "$status" -eq 1 ] && harmless "$output$stderr" && harmless "$(cat log)" && harmless "$(cat "$LOG")" &&
        [ "$(wc -l <log)" = 1 ] && [ "$(wc -l <"$LOG")" = 1 ] || no "$format ${words[*]}: $stderr"
      [ "$format" = text ] || jq . log >/dev/null
    done
  done
}

@test "a container's own strings come into our log escaped" {
  tricky_bundle
  shim create -b "$BUNDLE" c1
  ok && silent
  grep -qF 'has no env' "$LOG"
  harmless "$(cat "$LOG")"
  printf '{"hooks": {"%s": 1, "prestart": 1}}' "$(jq -rn --arg trick "$TRICK" '$trick | tojson[1:-1]')" >"$SPEC"
  shim create -b "$BUNDLE" "c$TRICK"
  [ "$status" -eq 1 ]
  harmless "$stderr" && harmless "$(cat "$LOG")"
}

@test "a profile that is not the name of a file is refused by every command that takes one" {
  local name words operands
  for name in "" . .. / a/b $'a\nb' "$TRICK"; do
    for words in "hooks check" "hooks list" "hooks preview --bundle $BUNDLE" "config show" "hooks add --stage poststop" "hooks remove x" \
      "runtime configure --runtime=docker --dry-run" "runtime unconfigure --runtime=docker --dry-run"; do
      operands=()
      [[ $words != "hooks add"* ]] || operands=(/bin/true) # nothing after the program is an option
      # shellcheck disable=SC2086 # words
      ctk $words "--profile=$name" "${operands[@]}"
      [ "$status" -ne 0 ] && [ -z "$output" ] && harmless "$stderr" && [[ $stderr == *profile* ]] || no "$words, profile '$name': $status $output$stderr"
    done
  done
}
