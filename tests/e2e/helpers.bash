# What the end-to-end tests share: a private toolkit configuration, bundles, a low-level runtime that records what
# it was given (fake_runtime.cpp), and the questions that tests ask afterwards.
#
#   BUILD     the build directory                       SHIM      the shim in it
#   BUNDLE    this test's bundle, made by bundle_*      SPEC      its config.json
#   HOOKS     this test's hooks.json                    LOG       our own log
#   RECORD    what the fake runtime was given           STATUS etc. as bats' run leaves them
#
# Nothing outside of bats' temporary directories is written.
#
# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2034,SC2154 # variables that tests use, and those of bats' run

bats_require_minimum_version 1.5.0

# What is printed must not depend on who runs the tests: a service has neither.
export LC_ALL=C.UTF-8 TERM=xterm

ROOT=$(realpath "$BATS_TEST_DIRNAME/../..")
BUILD=$(realpath "${BUILD:-$ROOT/build}")
SHIM=$BUILD/container-hooks-runtime
MARKER=$BUILD/container-hooks
STAGES="prestart createRuntime createContainer startContainer poststart poststop"

## Set-up

# Everything that a test of the shim before a fake runc needs: a configuration, a bundle with Docker's spec, one hook.
setup_fake_runtime() {
  cd "$BATS_TEST_TMPDIR" || return
  HOOKS=$BATS_TEST_TMPDIR/hooks.json
  LOG=$BATS_TEST_TMPDIR/shim.log
  RECORD=$BATS_TEST_TMPDIR/bin/record
  export CONTAINER_HOOKS_CONFIG=$BATS_TEST_TMPDIR/config.toml
  low_level_runtime_is runc
  hooks_file '{"createRuntime":[{"path":"/bin/true","args":["true","one"]}]}'
  bundle_of docker20
}

# The one low-level runtime is a fake with this name: the shim reads a command line as the runtime of that name does.
low_level_runtime_is() {
  RUNTIME=$1
  fake_runtime "$1"
  configure_runtimes "$BATS_TEST_TMPDIR/bin/$1"
}

# A fake low-level runtime called bin/NAME.
fake_runtime() {
  mkdir -p "$BATS_TEST_TMPDIR/bin"
  cp "$BUILD/tests/e2e/fake_runtime" "$BATS_TEST_TMPDIR/bin/$1"
}

# A configuration with these `runtimes`, and nothing that this machine may have in /etc.
configure_runtimes() {
  local list
  list=$(printf '"%s", ' "$@")
  [ $# -gt 0 ] || list=
  cat >"$CONTAINER_HOOKS_CONFIG" <<TOML
[container-hooks]
path = "$HOOKS"
dirs = ["$BATS_TEST_TMPDIR/hooks.d"]

[container-hooks-runtime]
debug = "$LOG"
runtimes = [${list%, }]
TOML
}

hooks_file() { printf '%s' "$1" >"$HOOKS"; }

# A bundle with the spec that an engine once wrote.
bundle_of() {
  new_bundle
  cp "$ROOT/tests/data/specs/$1.json" "$SPEC"
  remember_spec
}

# A bundle with this text as its spec.
bundle_with() {
  new_bundle
  printf '%s' "$1" >"$SPEC"
  remember_spec
}

new_bundle() {
  BUNDLE=${BUNDLE:-$BATS_TEST_TMPDIR/bundle}
  SPEC=$BUNDLE/config.json
  mkdir -p "$BUNDLE"
  rm -f "$SPEC"
}

# What spec_is_untouched and the like compare with.
remember_spec() {
  OLD_SPEC=$BATS_TEST_TMPDIR/config.json.old
  cat "$SPEC" >"$OLD_SPEC"
  OLD_IDENTITY=$(identity "$SPEC")
}

## Acts

shim() { run --separate-stderr "$SHIM" "$@"; }

# The same arguments for the low-level runtime itself, with nothing before it.
runtime_alone() { run --separate-stderr "$BATS_TEST_TMPDIR/bin/runc" "$@"; }

## Questions. Each prints why it says no.

identity() { stat -L -c '%d:%i %s %Y %Z %a %u:%g' "$1"; }

no() {
  echo "$*" >&2
  return 1
}

ok() { [ "$status" -eq "${1:-0}" ] || no "status $status, output: $output, stderr: ${stderr:-}"; }

silent() { [ -z "$output" ] && [ -z "$stderr" ] || no "stdout: $output, stderr: $stderr"; }

# The runtime was called with exactly these arguments, its own path first.
runtime_got() {
  printf '%s\0' "$BATS_TEST_TMPDIR/bin/$RUNTIME" "$@" | cmp - "$RECORD/cmdline" || no "got: $(tr '\0' ' ' <"$RECORD/cmdline")"
}

# Which of the fake runtimes was executed.
runtime_was() { [ "$(cat "$RECORD/exe")" = "$BATS_TEST_TMPDIR/bin/$1" ] || no "was: $(cat "$RECORD/exe")"; }

runtime_was_not_called() { [ ! -e "$RECORD" ] || no "called: $(tr '\0' ' ' <"$RECORD/cmdline")"; }

# The same file with the same content, not even written anew.
spec_is_untouched() {
  cmp "$OLD_SPEC" "$SPEC" && [ "$OLD_IDENTITY" = "$(identity "$SPEC")" ] ||
    no "identity was $OLD_IDENTITY, is $(identity "$SPEC")"
}

# One byte a line, so that diff sees what was taken away.
bytes_of() { od -An -v -tx1 -w1 "$1"; }

taken_away() { diff -d <(bytes_of "$OLD_SPEC") <(bytes_of "$SPEC") | sed -n 's/^< *//p' | tr -d '\n'; }

# The new text is the old one with insertions only.
nothing_but_insertions() {
  local bytes
  bytes=$(taken_away)
  [ -z "$bytes" ] || no "bytes taken away: $bytes"
}

# What the hooks on the host have where their file gives no env.
DEFAULT_ENV=PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin

# What the hooks of the spec should be now: the old ones, then those given, of which the first on the host is the marker.
expected_hooks() {
  local marker added
  added=$(with_default_env "$1")
  marker=$(marker_entry)
  jq -cS --argjson added "$added" --argjson marker "$marker" '
    ([("prestart", "createRuntime", "createContainer", "poststart", "poststop") | select($added[.])][0] // "prestart") as $first
    | reduce ($added | .[$first] = $marker + .[$first] | to_entries[]) as $stage
        (.hooks // {}; .[$stage.key] = ((.[$stage.key] // []) + $stage.value))' "$OLD_SPEC"
}

# A hooks object as it goes into a spec.
with_default_env() {
  jq -c --arg env "$DEFAULT_ENV" '
    with_entries(if .key == "startContainer" then . else .value |= map(.env = (.env // [$env])) end)' <<<"$1"
}

# The hooks of a stage in the spec, but for the marker.
stage() { jq -c --arg stage "$1" --arg marker "$MARKER" '(.hooks // {})[$stage] // [] | map(select(.path != $marker))' "$SPEC"; }

# The marker that the shim adds: the link beside it.
marker_entry() { jq -cn --arg path "$MARKER" --arg env "$DEFAULT_ENV" '[{path: $path, env: [$env]}]'; }

# The hooks given, or those in $HOOKS, are in the spec after what it had, and nothing else has changed.
hooks_are_in() {
  local added=${1:-$(cat "$HOOKS")}
  local expected
  expected=$(expected_hooks "$added")
  [ "$(jq -cS .hooks "$SPEC")" = "$expected" ] || no "hooks: $(jq -cS .hooks "$SPEC"), expected: $expected" || return
  [ "$(jq -cS 'del(.hooks)' "$SPEC")" = "$(jq -cS 'del(.hooks)' "$OLD_SPEC")" ] || no "the rest of the spec differs"
}

# Exit status 1, nothing on stdout, one line on stderr that says who it is and all of the words given.
one_error() {
  [ "$status" -eq 1 ] || no "status $status, output: $output, stderr: $stderr" || return
  [ -z "$output" ] || no "on stdout: $output" || return
  [ "${#stderr_lines[@]}" -eq 1 ] || no "lines: ${#stderr_lines[@]}: $stderr" || return
  [[ $stderr == "container-hooks-runtime: "* ]] || no "does not say who: $stderr" || return
  local word
  for word in "$@"; do [[ $stderr == *"$word"* ]] || no "no \"$word\" in: $stderr" || return; done
  ! grep -iE "$MISREAD_WORDS" <<<"$stderr" || no "engines misread: $stderr"
}

# docker and podman take messages with these for other errors.
MISREAD_WORDS='permission denied|operation not permitted|no such file or directory|is a directory|not a directory|executable file not found|open executable'

# Refused before anything was done: the spec as it was and the runtime not called.
refused() {
  one_error "$@" && spec_is_untouched && runtime_was_not_called && no_litter
}

# Nothing in the bundle but the spec.
no_litter() { [ "$(ls -A "$BUNDLE")" = config.json ] || no "in the bundle: $(ls -A "$BUNDLE" | tr '\n' ' ')"; }

# Engines do some things after the command has returned.
eventually() {
  local attempt
  for attempt in $(seq 300); do
    if "$@" 2>/dev/null; then return; fi
    sleep 0.1
  done
  "$@" || no "never came true: $*"
}

## Requirements

needs_root() { [ "$(id -u)" = 0 ] || skip "needs root"; }

# Where the toolkit runs under something (an emulator in scripts/release, sanitizers in scripts/lint), some is not its own.
needs_native() { [ -z "${UNDER:-}" ] || skip "not under $UNDER, with descriptors, memory and files of its own"; }

needs_command() { command -v "$1" >/dev/null || skip "$1 is not installed"; }
