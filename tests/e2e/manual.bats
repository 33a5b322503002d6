#!/usr/bin/env bats
# The manuals: complete, correct mdoc, word for word what help says, and with examples that work.
#
# SPDX-License-Identifier: Apache-2.0
load helpers

setup_file() {
  PAGES=$BATS_FILE_TMPDIR/man
  export PAGES
  [ -e "${BUILD:-build}/src/manual" ] || return 0
  meson install -C "${BUILD:-build}" --no-rebuild --tags man --destdir "$PAGES" >/dev/null
}

setup() {
  cd "$BATS_TEST_TMPDIR" || return
  [ -e "$BUILD/src/manual" ] || skip "this build has no manuals"
  mapfile -t PAGE < <(find "$PAGES" -name '*.[58]' | sort)
  CTK=$BUILD/container-hooks-ctk
}

commands() { "$CTK" --help | sed -n '/^Commands:/,/^$/s/^  \([a-z][a-z ]*[a-z]\)  .*/\1/p'; }

page_of() { find "$PAGES" -name "container-hooks-ctk-${1// /-}.8"; }

# Of words alone: no line ends, no full stops, which help does not have.
flat() { tr -d '.' | tr -s ' \t\n' ' ' | sed 's/^ //; s/ $//'; }

@test "mandoc -Tlint has nothing to say, but that what is not installed here is not found" {
  needs_command mandoc
  run mandoc -Tlint "${PAGE[@]}"
  [ "${#PAGE[@]}" -ge 22 ]
  run grep -v 'referenced manual not found: Xr container-hooks' <<<"$output"
  [ -z "$output" ] || no "$output"
}

@test "man --warnings has nothing to say" {
  needs_command man
  local page
  for page in "${PAGE[@]}"; do
    LC_ALL=C.UTF-8 MANROFFSEQ='' MANWIDTH=80 man --warnings -E UTF-8 -l -Tutf8 -Z "$page" 2>warnings >/dev/null
    [ ! -s warnings ] || no "$(cat warnings)" || return
  done
}

@test "each page that another refers to exists" {
  local name section
  while read -r name section; do
    [ -n "$(find "$PAGES" -name "$name.$section")" ] || no "there is no $name($section)"
  done < <(sed -n 's/^\.\(It \)\?Xr \([^ ]*\) \([58]\).*/\2 \3/p' "${PAGE[@]}" | sort -u)
}

@test "each command has its page, whose options are those of its help, word for word" {
  needs_command mandoc
  local command text
  while read -r command; do
    # shellcheck disable=SC2086 # the words of a command
    text=$("$CTK" $command --help | sed -n '/^Options:$/,/^$/p' | sed 1d | flat)
    mandoc -Tascii -Owidth=200 "$(page_of "$command")" | col -b | flat >page
    grep -qF -- "$text" page || no "$command: $text, not in: $(cat page)" || return
  done < <(commands)
}

@test "the settings, variables, conditions and stages are all in section 5" {
  local page
  page=$(dirname "$(find "$PAGES" -name container-hooks.toml.5)")
  while read -r word; do grep -qF "${word//-/\\-}" "$page/container-hooks.toml.5" || no "no setting $word"; done < <(
    "$CTK" config show --json | jq -r '.[].key' | sed 's/.*\.//')
  for word in prestart createRuntime createContainer startContainer poststart poststop; do
    grep -q "^.It Cm $word$" "$page/container-hooks.json.5" || no "no stage $word"
  done
  while read -r word; do grep -qF "{{${word//-/\\-}" "$page/container-hooks.json.5" || no "no variable $word"; done < <(
    sed -n 's/^    {"\([a-z-]*:\{0,1\}\)", ".*",\{0,1\} \[\].*/\1/p' "$ROOT/src/core/hooks/variables.cpp")
  while read -r word; do grep -q "$word" "$page/container-hooks-hooks.d.5" || no "no condition $word"; done < <(
    sed -n '/ when_keys = {/,/};/p' "$ROOT/src/core/hooks/hook_file.cpp" | grep -o '"[A-Za-z]*"' | tr -d '"')
}

# members PAGE: all names of members in the JSON on standard input, however deep, are in the page's JSON section, but for
# those of a hook and a spec, which the runtime specification names.
members() {
  local name section
  section=$(sed -n '/^\.Ss JSON/,/^\.Sh/p; /^\.Sh RECORD FORMAT/,/^\.Sh/p' "$(find "$PAGES" -name "$1.8")" | sed "s,\\\\,,g")
  while read -r name; do
    grep -qw -e "$name" <<<"$section" || no "$1 does not tell of $name" || return
  done < <(jq -r 'walk(if type == "object" then del(.hook | objects) | del(.spec) | del(.stages | objects) | del(.buckets) else . end) |
    [paths | map(strings)[]] | unique[]')
}

@test "each member of what --json prints is documented" {
  cd "$BATS_TEST_TMPDIR" || return
  local root=$PWD/root
  mkdir -p root/etc/container-hooks/hooks.d/sub root/usr/bin bundle
  "$CTK" config --root "$root" --set "profiles.p.sandbox=true"
  "$CTK" setup --root "$root" --runtime=docker --json | members container-hooks-ctk-setup
  "$CTK" config show --root "$root" --profile p --json | members container-hooks-ctk-config-show
  echo '{"poststop":[{"path":"/none","timeout":1},{"path":"x"}]}' >root/etc/container-hooks/hooks.json
  { "$CTK" status --root "$root" --json || true; } | members container-hooks-ctk-status
  { "$CTK" hooks check --root "$root" --json || true; } | members container-hooks-ctk-hooks-check
  printf '[container-hooks]\npath = "%s"\ndirs = []\nrecord-file = "%s"\n' "$PWD/hooks.json" "$PWD/hooks.jsonl" >config.toml
  echo '{"poststop":[{"path":"/bin/true","timeout":1}]}' >hooks.json
  cp "$ROOT/tests/data/specs/docker28.json" bundle/config.json
  export CONTAINER_HOOKS_CONFIG=$PWD/config.toml
  "$CTK" hooks list --json | members container-hooks-ctk-hooks-list
  "$CTK" hooks preview --bundle bundle --json | members container-hooks-ctk-hooks-preview
  "$CTK" hooks variables --json | members container-hooks-ctk-hooks-variables
  "$CTK" hooks variables --bundle bundle --json | members container-hooks-ctk-hooks-variables
  "$BUILD/container-hooks" run --stage=poststop --hook=h --file=/h.json --container=c --name=n --image=i --namespace=s --pod=p \
    --engine=docker --record=all --record-file="$PWD/hooks.jsonl" -- /bin/sh sh -c 'echo o; echo e >&2; kill -9 $$' 2>/dev/null || true
  "$CTK" hooks log --json | members container-hooks
  "$CTK" hooks stats --json | members container-hooks-ctk-hooks-stats
}

@test "config show --json has values of their types, and says which file and profile they are from" {
  cd "$BATS_TEST_TMPDIR" || return
  printf '[container-hooks]\nsandbox = true\n[profiles.p]\nrecord-size = 5\n' >config.toml
  export CONTAINER_HOOKS_CONFIG=$PWD/config.toml
  "$CTK" config show --profile p --json >shown
  jq -e --arg file "$PWD/config.toml" '
    def of(key): .[] | select(.key == "container-hooks." + key) | [.value, .from, .profile];
    of("sandbox") == [true, $file, null] and of("record-size") == [5, $file, "p"] and
    of("dirs") == [["/etc/container-hooks/hooks.d"], "default", null] and of("record") == ["off", "default", null]' shown
}

# The commands of EXAMPLES, as they are typed, in an order in which each finds what it needs.
examples() {
  local first=(install config) last=(hooks-edit hooks-remove runtime-unconfigure uninstall) name pages=()
  for name in "${first[@]}"; do pages+=("$(find "$PAGES" -name "container-hooks-ctk-$name.8")"); done
  mapfile -t -O "${#pages[@]}" pages < <(printf '%s\n' "${PAGE[@]}" | grep -vE "ctk-($(IFS='|' && echo "${first[*]}|${last[*]}"))\.8")
  for name in "${last[@]}"; do pages+=("$(find "$PAGES" -name "container-hooks-ctk-$name.8")"); done
  sed -sn '/^\.Sh EXAMPLES/,/^\.Sh [^E]/s/^# //p' "${pages[@]}" | sed 's/\\-/-/g; s/\\e/\\/g; s/\\&//g'
}

teardown() { [ -z "${STATE:-}" ] || rm -rf "$STATE"; }

@test "every command of EXAMPLES succeeds" {
  needs_root
  cd "$BATS_TEST_TMPDIR" || return
  STATE=$(mktemp -d -p /dev/shm)
  examples >"$STATE/examples"
  [ "$(wc -l <"$STATE/examples")" -ge 20 ]
  cat >script <<SCRIPT
. "$ROOT/tests/e2e/readme-setup.bash" "$STATE" without-docker
. "$ROOT/tests/e2e/manual-setup.bash" "$BUILD"
set +e
while IFS= read -r command <&3; do
  (eval "\$command") </dev/null >"$STATE/said" 2>&1 || echo "\$command: exit status \$?: \$(cat "$STATE/said")"
done 3<"$STATE/examples"
echo done
SCRIPT
  run unshare --mount --propagation private bash script
  [ "$output" = "done" ] || no "$output"
}
