#!/usr/bin/env bats
# hooks list and hooks check: what counts, what replaces what, what is wrong, and how much was looked at.
#
# SPDX-License-Identifier: Apache-2.0
load helpers

setup() {
  cd "$BATS_TEST_TMPDIR" || return
  HOOKS=$PWD/hooks.json
  LOG=$PWD/shim.log
  export CONTAINER_HOOKS_CONFIG=$PWD/config.toml
  configure_runtimes
  hooks_file '{}'
  mkdir hooks.d
}

ctk() { run --separate-stderr "$BUILD/container-hooks-ctk" "$@"; }

# hook_file PATH [STAGE]: a hook for all containers
hook_file() {
  printf '{"version":"1.0.0","hook":{"path":"/bin/true","timeout":1},"when":{"always":true},"stages":["%s"]}\n' "${2:-poststop}" >"$1"
}

lines() { [ "$output" = "$(printf '%s\n' "$@")" ] || no "output: $output, expected: $(printf '%s\n' "$@")"; }

json() { [ "$(jq -c "$1" <<<"$output")" = "$2" ] || no "$1 of $output is not $2"; }

@test "check says how much it checked, with the right plurals" {
  ctk hooks check
  ok
  lines "checked 1 file, 0 hooks"
  hook_file hooks.d/a.json
  ctk hooks check
  ok
  lines "checked 2 files, 1 hook"
  hooks_file '{"poststop":[{"path":"/bin/true","timeout":1},{"path":"/bin/true","timeout":1}]}'
  ctk hooks check
  ok
  lines "checked 2 files, 3 hooks"
  ctk hooks check hooks.json hooks.d hooks.d
  lines "checked 3 files, 4 hooks"
}

@test "check counts a file that it could not use, too" {
  echo '{' >hooks.d/a.json
  ctk hooks check
  ok 1
  [ "${lines[1]}" = "checked 2 files, 0 hooks" ]
}

@test "check --strict fails where there are warnings, and only there" {
  hook_file hooks.d/a.json
  ctk hooks check --strict
  ok
  sed -i 's/"version"/"version ":1,&/' hooks.d/a.json
  ctk hooks check
  ok
  [[ ${lines[0]} == "warning: $PWD/hooks.d/a.json:1:2: unknown key"* ]]
  ctk hooks check --strict
  ok 1
  ctk hooks check --strict --json
  ok 1
}

@test "check says of a directory and of a disabled file among the files that they are skipped, and nothing of a hidden directory" {
  mkdir hooks.d/sub hooks.d/..2026 hooks.d/dis.abled
  echo nonsense >hooks.d/b.json.disabled
  echo nonsense >hooks.d/c.disabled
  hook_file hooks.d/sub/a.json
  ctk hooks check --strict
  ok
  lines "skipped $PWD/hooks.d/b.json.disabled: it is disabled" \
    "skipped $PWD/hooks.d/dis.abled: it is a directory" "skipped $PWD/hooks.d/sub: it is a directory" \
    "checked 1 file, 0 hooks"
  ctk hooks check hooks.d/sub
  ok
  lines "checked 1 file, 1 hook"
}

@test "check of a directory reads a hooks.json in it as what it is" {
  mkdir repo repo/hooks.d
  echo '{"poststop":[{"path":"/bin/true","timeout":1}, /* two */ {"path":"x"}]}' >repo/hooks.json
  hook_file repo/other.json
  ctk hooks check repo
  ok 1
  lines "error: repo/hooks.json:1:66: poststop[1].path: \"x\" is not an absolute path" "skipped repo/hooks.d: it is a directory" \
    "checked 2 files, 2 hooks"
  hook_file repo/hooks.json
  ctk hooks check repo
  ok
}

@test "check of a directory takes no other file of it for a hooks.json, since the shim would not" {
  mkdir repo
  echo '{"poststop":[{"path":"/bin/true","timeout":1}]}' >repo/a.json
  ctk hooks check repo
  ok 1
  [[ $output == *"error: repo/a.json:1:1: "* ]]
}

@test "check --json has values for programs: severity, file, line and column of each finding, and how much was checked" {
  hook_file hooks.d/a.json
  printf '{"version":"1.0.0",\n "hook":{"path":"/bin/true"},"when":{"always":true},"stages":["preStart"]}' >hooks.d/b.json
  echo '{' >hooks.d/c.json
  mkdir hooks.d/sub
  ctk hooks check --json
  ok 1
  json '[.files, .hooks]' '[4,1]'
  json .skipped "[\"$PWD/hooks.d/sub\"]"
  json '.findings[0] | [.severity, .file, .line, .column]' "[\"error\",\"$PWD/hooks.d/b.json\",2,63]"
  json '.findings[1] | [.severity, .file, .line, .column]' "[\"error\",\"$PWD/hooks.d/c.json\",2,1]"
  json '[.findings[].text | type] | unique' '["string"]'
  json '.findings | length' 2
  ctk hooks check --json none
  ok 1
  json '.findings[0] | [.severity, .file, .line, .column]' '["error","none",null,null]'
}

@test "check --json --quiet still prints its object, check --quiet nothing" {
  ctk hooks check --json --quiet
  ok
  json .files 1
  ctk hooks check --quiet
  ok
  silent
}

@test "list and check with --root read the configuration and the hooks that are there" {
  local etc=$PWD/root/etc/container-hooks
  mkdir -p "$etc/hooks.d" root/bin
  cp /bin/true root/bin/
  hook_file "$etc/hooks.d/a.json" poststart
  echo '{"poststart":[{"path":"/not/there"}]}' >"$etc/hooks.json"
  ctk hooks list --root "$PWD/root"
  ok 1
  [ "${#lines[@]}" = 2 ]
  [[ ${lines[1]} == "poststart  /bin/true  always  $etc/hooks.d/a.json" ]]
  [[ $stderr == "error: $etc/hooks.json:"*'"/not/there"'* ]]
  ctk hooks check --root "$PWD/root"
  ok 1
  [[ ${lines[0]} == "error: $etc/hooks.json:"*'"/not/there"'* ]]
  [ "${lines[-1]}" = "checked 2 files, 1 hook" ]
  ctk hooks check --root root /etc/container-hooks/hooks.d
  ok
  lines "checked 1 file, 1 hook"
}

@test "list shows what replaces what, for people and for programs" {
  mkdir low mid
  sed -i "s|^dirs = .*|dirs = [\"$PWD/low\", \"$PWD/mid\", \"$PWD/hooks.d\"]|" config.toml
  hook_file low/a.json
  hook_file mid/a.json
  hook_file hooks.d/a.json
  hook_file hooks.d/b.json
  ctk hooks list
  ok
  [ "${lines[3]}" = "$PWD/mid/a.json replaces $PWD/low/a.json" ]
  [ "${lines[4]}" = "$PWD/hooks.d/a.json replaces $PWD/mid/a.json" ]
  ctk hooks list --json
  ok
  json '.[0].replaces' "[\"$PWD/mid/a.json\",\"$PWD/low/a.json\"]"
  json '.[1].replaces' '[]'
}

@test "list says so when a file that has no hook replaces one" {
  mkdir low
  sed -i "s|^dirs = .*|dirs = [\"$PWD/low\", \"$PWD/hooks.d\"]|" config.toml
  hook_file low/a.json
  echo '{"version":"1.0.0","hook":{"path":"/bin/true"},"when":{},"stages":[]}' >hooks.d/a.json
  ctk hooks list
  ok
  [ "${lines[-1]}" = "$PWD/hooks.d/a.json replaces $PWD/low/a.json" ]
}

@test "check --portable says what podman and CRI-O would make of a file; without it of those in their directories alone" {
  local plain='"hook":{"path":"/bin/true","env":["A=b"],"timeout":1},"stages":["poststop"]'
  local theirs=$PWD/usr/share/containers/oci/hooks.d
  mkdir -p "$theirs"
  printf '{"version":"1.0.0",%s,"when":{"always":true}}' "$plain" >hooks.d/a.json
  ctk hooks check --portable hooks.d
  ok
  lines "checked 1 file, 1 hook"
  local file finding
  while IFS='|' read -r file finding; do
    printf '{"version":"1.0.0",%s}' "$file" | tee hooks.d/a.json >"$theirs/a.json"
    ctk hooks check hooks.d
    ok
    lines "checked 1 file, 1 hook" || no "$file" || return
    ctk hooks check --portable hooks.d
    ok
    [[ ${lines[0]} == "warning: hooks.d/a.json:1:"*": $finding" && ${#lines[@]} = 2 ]] || no "$file: $output" || return
    ctk hooks check "$theirs"
    ok
    [[ ${lines[0]} == "warning: $theirs/a.json:1:"*": $finding" && ${#lines[@]} = 2 ]] || no "$file: $output" || return
  done <<TABLE
$plain,"when":{"images":["a"]}|podman and CRI-O ignore unless, images, labels and namespaces
$plain,"when":{"labels":{"a":"b"}}|podman and CRI-O ignore unless, images, labels and namespaces
$plain,"when":{"always":true},"unless":{"namespaces":["a"]}|podman and CRI-O ignore unless, images, labels and namespaces
"hook":{"path":"/bin/true","args":["true","{{id}}"],"env":[],"timeout":1},"when":{"always":true},"stages":["poststop"]|podman and CRI-O hand {{...}} over as it stands
"hook":{"path":"/bin/true","env":["A={{id}}"],"timeout":1},"when":{"always":true},"stages":["poststop"]|podman and CRI-O hand {{...}} over as it stands
"hook":{"path":"/bin/true","timeout":1},"when":{"always":true},"stages":["poststop"]|podman and CRI-O leave it without env, and runc 1.1 then gives it that of the image
TABLE
  echo '{"poststop":[{"path":"/bin/true","timeout":1}]}' >hooks.json
  ctk hooks check --portable hooks.json
  ok
  [[ ${lines[0]} == "warning: hooks.json:1:"*": podman and CRI-O do not read a hooks.json" && ${#lines[@]} = 2 ]]
}
