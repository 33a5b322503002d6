#!/usr/bin/env bats
# hooks.d before a low-level runtime that records: conditions, variables, hostile annotations, and the hooks commands.
#
# SPDX-License-Identifier: Apache-2.0
load helpers

setup() {
  setup_fake_runtime
  rm "$HOOKS"
  HOOKS_D=$BATS_TEST_TMPDIR/hooks.d
  mkdir -p "$HOOKS_D"
}

ctk() { run --separate-stderr "$BUILD/container-hooks-ctk" "$@"; }

# hook_d NAME WHEN STAGES [ARGS]
hook_d() {
  jq -n --argjson when "$2" --argjson stages "$3" --argjson args "${4:-null}" '
    {version: "1.0.0", hook: {path: "/bin/true", args: $args}, when: $when, stages: $stages}' >"$HOOKS_D/$1.json"
}

create() { shim create --bundle "$BUNDLE" "${1:-c1}"; }

args_of() { stage "$1" | jq -r '.[].args | join(" ")'; }

@test "a hook that applies is added after the spec's own, the rest of the spec stays byte for byte" {
  hook_d a '{"always":true}' '["prestart","poststop"]' '["true","a"]'
  create
  ok
  silent
  nothing_but_insertions
  hooks_are_in '{"createRuntime":[{"path":"/bin/true","args":["true","a"]}],"poststop":[{"path":"/bin/true","args":["true","a"]}]}'
}

@test "where no hook applies the spec is not even written anew" {
  hook_d a '{"annotations":{"^never$":""}}' '["poststop"]'
  create
  ok
  silent
  spec_is_untouched
}

@test "the hooks of hooks.json come first" {
  hook_d a '{"always":true}' '["poststop"]' '["d"]'
  hooks_file '{"poststop":[{"path":"/bin/true","args":["json"]}]}'
  create
  ok
  [ "$(args_of poststop | paste -sd ' ')" = "json d" ]
}

@test "a later directory replaces files of an earlier one by their names" {
  mkdir "$BATS_TEST_TMPDIR/vendor.d"
  sed -i "s|^dirs = .*|dirs = [\"$BATS_TEST_TMPDIR/vendor.d\", \"$HOOKS_D\"]|" "$CONTAINER_HOOKS_CONFIG"
  hook_d a '{"always":true}' '["poststop"]' '["vendor"]'
  mv "$HOOKS_D/a.json" "$BATS_TEST_TMPDIR/vendor.d"
  create
  ok
  [ "$(args_of poststop)" = vendor ]
  bundle_of docker20
  hook_d a '{"always":false}' '["poststop"]'
  create
  ok
  spec_is_untouched
}

@test "one bad file stops the container and is named with its place" {
  hook_d a '{"always":true}' '["poststop"]'
  hook_d b '{"commands":["["]}' '["poststop"]'
  create
  refused "$HOOKS_D/b.json:" 'when.commands: invalid pattern "["'
}

@test "a hook whose program is not there stops the container and names file and program" {
  hook_d a '{"always":true}' '["poststop"]'
  sed -i 's|/bin/true|/not/there|' "$HOOKS_D/a.json"
  create
  refused "$HOOKS_D/a.json:" '"/not/there": it does not exist'
}

@test "a directory that others can write is refused" {
  needs_root
  hook_d a '{"always":true}' '["poststop"]'
  chmod o+w "$HOOKS_D"
  create
  refused "$HOOKS_D" "users other than root can write it"
}

@test "arguments know the container" {
  BUNDLE=$BATS_TEST_TMPDIR/io.containerd.runtime.v2.task/k8s.io/c7
  bundle_of containerd21-cri.container
  hook_d a '{"always":true}' '["poststop"]' \
    '["true","{{id}}","{{bundle}}","{{rootfs}}","{{engine}}","{{image}}","{{env:FOO}}","{{annotation:example.com/pod-ann}}","{{nothing}}"]'
  create c7
  ok
  [ "$(args_of poststop)" = "true c7 $BUNDLE $BUNDLE/rootfs containerd docker.io/library/busybox:real bar pv {{nothing}}" ]
}

@test "annotations of an engine say nothing in a place that is not the engine's" {
  BUNDLE=$BATS_TEST_TMPDIR/vfs-containers/c7/userdata
  bundle_of containerd21-cri.container
  hook_d a '{"always":true}' '["poststop"]' '["true","{{engine}}","{{image}}"]'
  create c7
  ok
  [ "$(args_of poststop)" = "true podman " ]
}

@test "the sandbox of a pod gets hooks only where the configuration says so" {
  bundle_of containerd21-cri.sandbox
  local id
  id=$(jq -r '.annotations["io.kubernetes.cri.sandbox-id"]' "$SPEC")
  hook_d a '{"always":true}' '["poststop"]'
  create "$id"
  ok
  spec_is_untouched
  sed -i 's|^dirs|sandbox = true\ndirs|' "$CONTAINER_HOOKS_CONFIG"
  create "$id"
  ok
  [ "$(stage poststop)" = '[{"path":"/bin/true","env":["'"$DEFAULT_ENV"'"]}]' ]
}

## Hostile annotations

@test "a megabyte against a pattern that makes backtracking hang is decided at once" {
  printf '{"ociVersion":"1.0.2","annotations":{"k":"%s"}}' "$(head -c 1048576 /dev/zero | tr '\0' a)" >"$SPEC"
  remember_spec
  hook_d a '{"annotations":{"k":"(a*)*b"}}' '["poststop"]'
  run --separate-stderr timeout 20 "$SHIM" create --bundle "$BUNDLE" c1
  ok
  spec_is_untouched
}

@test "quotes, newlines, control characters and bytes that are no text stay inside one argument" {
  printf '{"ociVersion":"1.0.2","annotations":{"k":"\\",\\"x\\n\\u0001\\\\\xff]}","n":"a\\u0000b"}}' >"$SPEC"
  remember_spec
  hook_d a '{"annotations":{"k":""}}' '["poststop"]' '["true","{{annotation:k}}","{{annotation:n}}","last"]'
  create
  ok
  [ "$(stage poststop | jq -c '.[0].args | length')" = 4 ]
  [ "$(stage poststop | jq -c '.[0].args[1]')" = '"\",\"x\n\u0001\\�]}"' ]
  [ "$(stage poststop | jq -c '.[0].args[2]')" = '"a�b"' ]
  [ -z "$(taken_away)" ]
}

@test "a variable inside an annotation is not expanded" {
  bundle_with '{"ociVersion":"1.0.2","annotations":{"k":"{{bundle}} {{annotation:k}}"}}'
  hook_d a '{"always":true}' '["poststop"]' '["true","{{annotation:k}}"]'
  create
  ok
  [ "$(args_of poststop)" = "true {{bundle}} {{annotation:k}}" ]
}

## The commands

@test "hooks preview decides as the shim does, for every engine's spec, and its spec is the shim's" {
  hook_d 1 '{"always":true}' '["poststop"]' '["true","{{engine}}{{hostname}}"]'
  hook_d 2 '{"annotations":{"^io\\.container\\.manager$":"."}}' '["createRuntime"]'
  hook_d 3 '{"commands":["^sh$"]}' '["prestart"]'
  hook_d 4 '{"hasBindMounts":true}' '["poststart"]'
  local spec preview
  for spec in "$ROOT"/tests/data/specs/*.json; do
    bundle_of "$(basename "$spec" .json)"
    ctk hooks preview --bundle "$BUNDLE" --id c1 --json
    ok
    preview=$output
    create
    ok
    [ "$(jq '.hooks | length' <<<"$preview")" = 4 ]
    [ "$(jq -cS .spec <<<"$preview")" = "$(jq -cS . "$SPEC")" ]
  done
}

@test "hooks preview --spec - reads a spec from standard input, and says so of a broken one" {
  cat "$SPEC" >before
  ctk hooks preview --bundle "$BUNDLE" --json
  local expected=$output
  run --separate-stderr "$BUILD/container-hooks-ctk" hooks preview --spec - --id bundle --json <before
  ok
  [ "$(jq -S '.hooks' <<<"$output")" = "$(jq -S '.hooks' <<<"$expected")" ]
  run --separate-stderr "$BUILD/container-hooks-ctk" hooks preview --spec - <<<'{"hooks": 5}'
  ok 1
  [[ $stderr == *"standard input:1:11: "* ]]
}

@test "hooks preview takes one of a container, a bundle and a spec" {
  local arguments
  for arguments in "" "c1 --bundle $BUNDLE" "--spec - --bundle $BUNDLE" "c1 c2"; do
    # shellcheck disable=SC2086 # words
    ctk hooks preview $arguments
    ok 2
    [[ $stderr == *"one CONTAINER, or --bundle, or --spec is expected" ]]
  done
}

@test "hooks preview says of each hook whether it applies and why, and what config.json becomes" {
  hook_d a '{"annotations":{"^example":"^cv$"}}' '["poststop"]' '["true","{{id}}"]'
  hook_d b '{"commands":["^/bin/bash$"]}' '["poststop"]'
  bundle_of containerd21-cri.container
  ctk hooks preview --bundle "$BUNDLE" --id c9
  ok
  [[ $output == *"yes  $HOOKS_D/a.json"*'poststop: /bin/true "c9"'*'annotation "example.com/ctr-ann" = "cv" matches "^example" = "^cv$"'* ]]
  [[ $output == *"no   $HOOKS_D/b.json"*'command "/bin/sh" matches none of "^/bin/bash$"'* ]]
  [[ $output == *'+        "path":"/bin/true"'* ]]
  spec_is_untouched
}

@test "hooks add and remove with --root work on that file system, and look for the program there" {
  mkdir -p image/opt
  cp /bin/true image/opt/only-there
  run "$BUILD/container-hooks-ctk" hooks add --root "$PWD/image" --stage poststop --name x --timeout 1 /opt/only-there
  ok && [ "$output" = "wrote $PWD/image/etc/container-hooks/hooks.d/x.json" ] && [ -e image/etc/container-hooks/hooks.d/x.json ]
  run "$BUILD/container-hooks-ctk" hooks add --root "$PWD/image" --stage poststop --name y /bin/true
  [ "$status" = 1 ] && [[ $output == *'"/bin/true": it does not exist (ENOENT)' ]]
  run "$BUILD/container-hooks-ctk" hooks remove --root "$PWD/image" x
  ok && [ "$output" = "removed $PWD/image/etc/container-hooks/hooks.d/x.json" ] && [ -z "$(ls image/etc/container-hooks/hooks.d)" ]
}

@test "hooks add writes a file that the shim takes, and hooks remove takes it away" {
  ctk hooks add --stage createRuntime --stage poststop --name x --when-annotation example.com/ctr-ann=cv \
    --when-command '^/bin/sh' --timeout 3 /bin/echo -- --id '{{id}}'
  ok
  [ "$output" = "wrote $HOOKS_D/x.json" ]
  bundle_of containerd21-cri.container
  create
  ok
  [ "$(stage poststop)" = '[{"path":"/bin/echo","args":["/bin/echo","--id","c1"],"env":["'"$DEFAULT_ENV"'"],"timeout":3}]' ]
  ctk hooks remove x
  ok
  [ -z "$(ls "$HOOKS_D")" ]
  ctk hooks remove x
  ok 1
}

@test "hooks add of the same hook again is no change; another one needs --replace; --dry-run writes nothing" {
  ctk hooks add --stage poststop --name x /bin/true
  ok
  [ "$output" = "wrote $HOOKS_D/x.json" ]
  ctk hooks add --stage poststop --name x /bin/true
  ok
  [ "$output" = "unchanged $HOOKS_D/x.json" ]
  ctk hooks add --stage poststop --name x --timeout 3 /bin/true
  ok 1
  [[ $stderr == *"x.json: it is there already and says something else; --replace replaces it"* ]]
  ctk hooks add --stage poststop --name x --timeout 3 --replace --dry-run /bin/true
  ok
  [[ $output == *'-  "hook": {"path": "/bin/true"},'*'+  "hook": {"path": "/bin/true", "timeout": 3},'* ]]
  [ "$(jq .hook.timeout "$HOOKS_D/x.json")" = null ]
  ctk hooks add --stage poststop --name x --timeout 3 --replace /bin/true
  ok
  [ "$output" = "wrote $HOOKS_D/x.json" ]
  [ "$(jq .hook.timeout "$HOOKS_D/x.json")" = 3 ]
}

@test "hooks add stores the absolute path of a program that is given relative, or by its name" {
  cp /bin/true only-here
  ctk hooks add --stage poststop --name relative ./only-here
  ok
  [ "$(jq -r .hook.path "$HOOKS_D/relative.json")" = "$PWD/only-here" ]
  ctk hooks add --stage poststop --name named true x
  ok
  [ "$(jq -c '.hook | [.path, .args]' "$HOOKS_D/named.json")" = "[\"$(type -P true)\",[\"$(type -P true)\",\"x\"]]" ]
  ctk hooks add --stage startContainer --name inside true
  ok 1
  [[ $stderr == *'"true" is not an absolute path'* ]]
}

@test "hooks add: env, bind mounts, and nothing after the program is an option of ours" {
  ctk hooks add --stage poststop --name x --env A=b --env C= --when-bind-mounts /bin/true --json --timeout 7
  ok
  [ "$(jq -c '[.hook.env, .hook.args, .hook.timeout, .when]' "$HOOKS_D/x.json")" = \
    '[["A=b","C="],["/bin/true","--json","--timeout","7"],null,{"hasBindMounts":true}]' ]
  [[ $stderr == *"--timeout comes after the program and is its argument"* && $stderr != *--json* ]]
  ctk hooks add --stage poststop --name y -- /bin/true --timeout -- 7
  ok
  [ "$(jq -c .hook.args "$HOOKS_D/y.json")" = '["/bin/true","--timeout","--","7"]' ]
  ctk hooks add --stage poststop --env A /bin/true
  ok 2
  [[ $stderr == *"--env A: NAME=VALUE is expected"* ]]
}

@test "hooks add: the other conditions, and unless, are written as they are given" {
  ctk hooks add --stage poststop --name x --when-image '^docker.io/' --when-label app=web --when-label tier --when-namespace prod \
    --unless-annotation example.com/ctr-ann=no --unless-command '^/pause$' --unless-image evil --unless-label a=b \
    --unless-namespace kube-system --unless-bind-mounts /bin/true
  ok
  [ "$(jq -c .when "$HOOKS_D/x.json")" = \
    '{"images":["^docker.io/"],"labels":{"^app$":"^web$","^tier$":""},"namespaces":["^prod$"]}' ]
  [ "$(jq -c .unless "$HOOKS_D/x.json")" = '{"annotations":{"^example\\.com/ctr-ann$":"^no$"},"commands":["^/pause$"],"hasBindMounts":true,"images":["evil"],"labels":{"^a$":"^b$"},"namespaces":["^kube-system$"]}' ]
  ctk hooks add --stage poststop --name y --unless-namespace kube-system /bin/true
  ok
  [ "$(jq -c '[.when, .unless]' "$HOOKS_D/y.json")" = '[{"always":true},{"namespaces":["^kube-system$"]}]' ]
}

@test "images, labels, namespaces and unless choose by what the engine says of the container" {
  local when expected
  bundle_of containerd21-cri.container
  local id=de58a2bd8e0fb7a4ad0b63ca7ab5b6da4dd4ad2d6ce1bb9a2be7c1b4e4e93df7
  local bundle=$BATS_TEST_TMPDIR/io.containerd.runtime.v2.task/k8s.io/$id
  mkdir -p "${bundle%/*}"
  mv "$BUNDLE" "$bundle"
  while IFS='|' read -r when expected; do
    echo "{\"version\":\"1.0.0\",\"hook\":{\"path\":\"/bin/true\"},$when,\"stages\":[\"poststop\"]}" >"$HOOKS_D/a.json"
    ctk hooks preview --bundle "$bundle" --id "$id" --json
    ok
    [ "$(jq -r '.hooks[0] | "\(.applies) \(.why)"' <<<"$output")" = "$expected" ] || no "$when: $output" || return
  done <<'TABLE'
"when":{"images":["busybox:real$"]}|true image "docker.io/library/busybox:real" matches "busybox:real$"
"when":{"images":["^nginx","^alpine"]}|false image "docker.io/library/busybox:real" matches none of "^nginx", "^alpine"
"when":{"labels":{"^io.kubernetes.pod.name$":"^p"}}|true label "io.kubernetes.pod.name" = "p24211" matches "^io.kubernetes.pod.name$" = "^p"
"when":{"labels":{"^app$":""}}|false no label's key matches "^app$"
"when":{"namespaces":["^default$"]}|true namespace "default" matches "^default$"
"when":{"always":true},"unless":{"namespaces":["^kube-system$"]}|true always is true; unless: namespace "default" matches none of "^kube-system$"
"when":{"always":true},"unless":{"namespaces":["^default$"]}|false unless: namespace "default" matches "^default$"
"when":{"always":true},"unless":{"namespaces":["^default$"],"images":["^nginx"]}|true always is true; unless: image "docker.io/library/busybox:real" matches none of "^nginx"
"when":{"always":true},"unless":{}|true always is true; unless: no condition is given
TABLE
}

@test "an image, a label and a namespace that nobody tells match nothing, and preview says so" {
  local what
  bundle_of podman43-runc
  for what in '"images":[""]' '"namespaces":[""]' '"labels":{"":""}'; do
    echo "{\"version\":\"1.0.0\",\"hook\":{\"path\":\"/bin/true\"},\"when\":{$what},\"stages\":[\"poststop\"]}" >"$HOOKS_D/a.json"
    ctk hooks preview --bundle "$BUNDLE" --id c1
    ok
    [[ $output == *"its image is not known"* || $output == *"its namespace is not known"* || $output == *"no label's key matches"* ]]
    create
    ok
    spec_is_untouched
  done
}

@test "hooks disable and enable rename a file to what nobody reads and back, all or none; twice is no change" {
  hook_d a '{"always":true}' '["poststop"]'
  hook_d b '{"always":true}' '["poststop"]'
  ctk hooks disable a nowhere b
  ok 1
  [[ $stderr == *"nowhere.json"* ]]
  [ "$(ls "$HOOKS_D")" = $'a.json\nb.json' ]
  ctk hooks disable a b.json
  ok
  [ "$output" = "disabled $HOOKS_D/a.json.disabled"$'\n'"disabled $HOOKS_D/b.json.disabled" ]
  create
  ok
  spec_is_untouched
  ctk hooks disable a
  ok
  [ "$output" = "unchanged $HOOKS_D/a.json.disabled" ]
  ctk hooks enable a.json.disabled
  ok
  [ "$output" = "enabled $HOOKS_D/a.json" ]
  [ "$(ls "$HOOKS_D")" = $'a.json\nb.json.disabled' ]
  hook_d b '{"always":true}' '["poststop"]'
  ctk hooks enable b
  ok 1
  [[ $stderr == *"b.json is there, too"* ]]
}

@test "hooks disable that is killed at any call that changes a name leaves one name, and the next one finishes" {
  needs_native
  needs_command strace
  local call
  for call in renameat2 renameat rename linkat unlinkat; do
    rm -f "$HOOKS_D"/*
    hook_d a '{"always":true}' '["poststop"]'
    strace -qq -o /dev/null -e trace="$call" -e inject="$call:signal=KILL" "$BUILD/container-hooks-ctk" hooks disable a >/dev/null 2>&1 || true
    [ "$(find "$HOOKS_D" -type f | wc -l)" = 1 ] || no "$call: $(ls "$HOOKS_D")" || return
    ctk hooks disable a
    ok
    [ "$(ls "$HOOKS_D")" = a.json.disabled ] || no "$call: $(ls "$HOOKS_D")" || return
  done
}

@test "hooks disable says which file of an earlier directory counts from now on" {
  mkdir "$BATS_TEST_TMPDIR/vendor.d"
  sed -i "s|^dirs = .*|dirs = [\"$BATS_TEST_TMPDIR/vendor.d\", \"$HOOKS_D\"]|" "$CONTAINER_HOOKS_CONFIG"
  hook_d a '{"always":true}' '["poststop"]'
  cp "$HOOKS_D/a.json" "$BATS_TEST_TMPDIR/vendor.d"
  ctk hooks disable a
  ok
  [ "$output" = "disabled $HOOKS_D/a.json.disabled"$'\n'"$BATS_TEST_TMPDIR/vendor.d/a.json is in force now" ]
  ctk hooks enable a
  [ "$output" = "enabled $HOOKS_D/a.json" ]
}

# The editor is a script of sed, and keeps what it was given.
edit() {
  printf '#!/bin/sh\ncp "$1" "%s/given"\necho "$1" >"%s/path"\n%s\n' "$PWD" "$PWD" "$1" >editor
  chmod 755 editor
  EDITOR="$PWD/editor" TMPDIR=$PWD/tmp ctk hooks edit a
}

@test "hooks edit writes what the editor made of a copy, with the file's mode, when nothing is wrong with it" {
  cd "$BATS_TEST_TMPDIR"
  mkdir -p tmp
  hook_d a '{"always":true}' '["poststop"]'
  chmod 640 "$HOOKS_D/a.json"
  local before after
  before=$(cat "$HOOKS_D/a.json")
  edit 'sed -i "s/poststop/poststart/" "$1"'
  ok
  [ "$output" = "wrote $HOOKS_D/a.json" ]
  [ "$(cat given)" = "$before" ] && [[ $(cat path) == "$PWD"/tmp/container-hooks.*/a.json ]]
  [ "$(jq -c .stages "$HOOKS_D/a.json") $(stat -c %a "$HOOKS_D/a.json") $(ls tmp | wc -l)" = '["poststart"] 640 0' ]
  after=$(stat -c %i "$HOOKS_D/a.json")
  edit true
  ok
  [ "$output" = "unchanged $HOOKS_D/a.json" ] && [ "$(stat -c %i "$HOOKS_D/a.json")" = "$after" ]
  edit 'echo "{" >"$1"; exit 3'
  ok 1
  [ "$stderr" = "container-hooks-ctk: the editor ended with status 3: nothing is changed" ]
  [ "$(stat -c %i "$HOOKS_D/a.json") $(ls tmp | wc -l)" = "$after 0" ]
}

@test "hooks edit does not write what the shim would not take: what is wrong is said, and the text is kept" {
  cd "$BATS_TEST_TMPDIR"
  mkdir -p tmp
  hook_d a '{"always":true}' '["poststop"]'
  cp "$HOOKS_D/a.json" before
  edit 'sed -i "s|/bin/true|/not/there|" "$1"'
  ok 1
  [[ $stderr == "error: $HOOKS_D/a.json:"*'"/not/there": it does not exist'* ]] || no "$stderr"
  [[ $stderr == *"container-hooks-ctk: $HOOKS_D/a.json is not changed; your text is in $(cat path)" ]] || no "$stderr"
  grep -q /not/there "$(cat path)"
  cmp before "$HOOKS_D/a.json"
  ln -s a.json "$HOOKS_D/b.json"
  EDITOR=true ctk hooks edit b
  ok 1
  [[ $stderr == *"b.json: it is a link" ]]
  EDITOR=true ctk hooks edit nowhere
  ok 1
  EDITOR=true ctk hooks edit
  ok 2
}

@test "hooks edit: what others wrote meanwhile stays" {
  cd "$BATS_TEST_TMPDIR"
  mkdir -p tmp
  hook_d a '{"always":true}' '["poststop"]'
  edit "sed -i 's/poststop/poststart/' \"\$1\"; cp \"$HOOKS_D/a.json\" x; echo >>x; mv x \"$HOOKS_D/a.json\""
  ok 1
  [[ $stderr == *"somebody else has written it meanwhile" ]]
  [ "$(jq -c .stages "$HOOKS_D/a.json")" = '["poststop"]' ]
}

@test "hooks variables: all that there are, and those of a container with their values" {
  ctk hooks variables
  ok
  [[ $output == "VARIABLE"*"{{annotation:KEY}}"*"{{image-digest}}"* ]]
  ctk hooks variables --json
  [ "$(jq -c '.[0]' <<<"$output")" = '{"name":"id","meaning":"the container'"'"'s id"}' ]
  bundle_of containerd21-cri.container
  ctk hooks variables --bundle "$BUNDLE" --id c9
  ok
  [[ $output == *"{{id}} "*" c9 "*"the command line"*"{{annotation:example.com/ctr-ann}}"*" cv "*"{{env:FOO}} "*" bar "* ]]
  ctk hooks variables --json --spec - <"$SPEC"
  ok
  [ "$(jq -c '.[] | select(.name == "env:FOO" or .name == "image")' <<<"$output" | head -n 1 | jq -r .value)" = null ]
  [ "$(jq -c '.[] | select(.name == "env:FOO")' <<<"$output")" = '{"name":"env:FOO","value":"bar","source":"the spec"}' ]
  ctk hooks variables --bundle "$BUNDLE" web
  ok 2
}

@test "hooks show prints the file that counts, as it is" {
  mkdir "$BATS_TEST_TMPDIR/vendor.d"
  sed -i "s|^dirs = .*|dirs = [\"$BATS_TEST_TMPDIR/vendor.d\", \"$HOOKS_D\"]|" "$CONTAINER_HOOKS_CONFIG"
  hook_d a '{"always":true}' '["poststop"]'
  echo '{ "vendor": 1 }' >"$BATS_TEST_TMPDIR/vendor.d/a.json"
  cp "$BATS_TEST_TMPDIR/vendor.d/a.json" "$BATS_TEST_TMPDIR/vendor.d/b.json"
  "$BUILD/container-hooks-ctk" hooks show a | cmp - "$HOOKS_D/a.json"
  "$BUILD/container-hooks-ctk" hooks inspect b.json | cmp - "$BATS_TEST_TMPDIR/vendor.d/b.json"
  ctk hooks show c
  ok 1
  [[ $stderr == *"there is no c.json in $BATS_TEST_TMPDIR/vendor.d, $HOOKS_D"* ]]
  ctk hooks show
  ok 2
}

@test "hooks remove takes several files away, or none" {
  ctk hooks add --stage poststop --name x /bin/true
  ctk hooks add --stage poststop --name y /bin/true
  ctk hooks remove x nowhere y
  ok 1
  [ "$(ls "$HOOKS_D")" = $'x.json\ny.json' ]
  ctk hooks remove x y
  ok
  [ "$output" = $"removed $HOOKS_D/x.json"$'\n'"removed $HOOKS_D/y.json" ]
  [ -z "$(ls "$HOOKS_D")" ]
}

@test "hooks add refuses what the shim would refuse" {
  ctk hooks add --stage poststop --when-command '[' /bin/true
  ok 1
  [[ $stderr == *'invalid pattern "["'* ]]
  ctk hooks add --stage poststop relative
  ok 1
  ctk hooks add --stage preStart /bin/true
  ok 2
  [[ $stderr == *'did you mean "prestart"?'* ]]
  ctk hooks add /bin/true
  ok 2
  [ -z "$(ls "$HOOKS_D")" ]
}

@test "hooks check tells all that is wrong, with its places, and fails" {
  hooks_file '{"poststop":[{"path":"/not/there","timeout":1},{"path":"x"}]}'
  hook_d a '{"commands":["["]}' '["preStart"]'
  hook_d b '{"always":true}' '["poststop"]' '["true","{{ids}}"]'
  ctk hooks check
  ok 1
  [ "$(grep -c ^error: <<<"$output")" = 4 ]
  [[ $output == *"error: $HOOKS:1:22: "*"/not/there"* ]]
  [[ $output == *"error: $HOOKS:1:"*'"x" is not an absolute path'* ]]
  [[ $output == *"error: $HOOKS_D/a.json:"*'did you mean "prestart"?'* ]]
  [[ $output == *"warning: $HOOKS_D/b.json:"*'{{ids}}, did you mean "id"?'* ]]
}

@test "hooks check of a file or a directory is for the repository of another host: programs may be missing" {
  hook_d a '{"always":true}' '["poststop"]'
  sed -i 's|/bin/true|/not/here|' "$HOOKS_D/a.json"
  chmod o+w "$HOOKS_D" "$HOOKS_D/a.json"
  ctk hooks check "$HOOKS_D"
  ok
  [[ $output == "warning: $HOOKS_D/a.json:"*'"/not/here": it does not exist'* ]]
  ctk hooks check "$HOOKS_D/a.json" "$BATS_TEST_TMPDIR/none.json"
  ok 1
  [[ $output == *"error: read $BATS_TEST_TMPDIR/none.json: it does not exist"* ]]
}

@test "hooks list shows the hooks by stage, for people and for programs" {
  hooks_file '{"poststop":[{"path":"/bin/true"}],"createRuntime":[{"path":"/bin/false"}]}'
  hook_d a '{"commands":["^sh$"]}' '["prestart"]'
  ctk hooks list
  ok
  [ "$(awk 'NR > 1 {print $1, $2}' <<<"$output" | paste -sd ' ')" = "createRuntime /bin/false createRuntime /bin/true poststop /bin/true" ]
  ctk hooks list --json
  ok
  [ "$(jq -r '.[1] | "\(.stage) \(.hook.path) \(.when) \(.source)"' <<<"$output")" = "createRuntime /bin/true command \"^sh\$\" $HOOKS_D/a.json" ]
}

@test "a thousand files of hooks.d: those that apply are in, in their order" {
  local i
  for i in $(seq -w 1000); do
    printf '{"version":"1.0.0","hook":{"path":"/bin/true","args":["true","%s"]},"when":{"annotations":{"^n$":"^%s"}},"stages":["poststop"]}' \
      "$i" "${i:0:2}" >"$HOOKS_D/$i.json"
  done
  bundle_with '{"ociVersion":"1.0.2","annotations":{"n":"0042"}}'
  create
  ok
  [ "$(stage poststop | jq length)" = 99 ]
  [ "$(stage poststop | jq -r '.[0].args[1], .[-1].args[1]' | paste -sd ' ')" = "0001 0099" ]
}

## Profiles

@test "a profile has its own directories; one that does not exist stops a create and nothing else" {
  hook_d a '{"always":true}' '["poststop"]' '["default"]'
  mkdir "$BATS_TEST_TMPDIR/secure.d"
  sed 's/default/secure/' "$HOOKS_D/a.json" >"$BATS_TEST_TMPDIR/secure.d/a.json"
  printf '\n[profiles.secure]\ndirs = ["%s"]\n' "$BATS_TEST_TMPDIR/secure.d" >>"$CONTAINER_HOOKS_CONFIG"
  local name
  for name in secure unknown; do ln -s "$BUILD/container-hooks-toolkit" "$BATS_TEST_TMPDIR/container-hooks-runtime.$name"; done
  SHIM=$BATS_TEST_TMPDIR/container-hooks-runtime.secure create
  ok
  [ "$(args_of poststop)" = secure ]
  bundle_of docker20
  rm -r "$RECORD"
  SHIM=$BATS_TEST_TMPDIR/container-hooks-runtime.unknown create
  refused "[profiles.unknown]"
  PATH=$BATS_TEST_TMPDIR/bin:$PATH SHIM=$BATS_TEST_TMPDIR/container-hooks-runtime.unknown shim state c1
  ok
  runtime_got state c1
}

@test "list and preview show the environment that a hook gets, and preview the hooks of others that have none" {
  echo '{"createRuntime":[{"path":"/bin/true"}],"startContainer":[{"path":"/bin/true"}],"poststop":[{"path":"/bin/true","env":[]}]}' >"$HOOKS"
  hook_d a '{"always":true}' '["startContainer","poststart"]'
  ctk hooks list --json
  [ "$(jq -c '[.[] | [.stage, .hook.env]]' <<<"$output")" = \
    '[["createRuntime",["'"$DEFAULT_ENV"'"]],["startContainer",null],["startContainer",null],["poststart",["'"$DEFAULT_ENV"'"]],["poststop",[]]]' ]
  bundle_with '{"hooks":{"createContainer":[{"path":"/c"}]}}'
  ctk hooks preview --bundle "$BUNDLE" --json
  [ "$(jq -c '[.hooks[] | [.stages, .hook.env]]' <<<"$output")" = \
    '[[["createRuntime"],["'"$DEFAULT_ENV"'"]],[["startContainer"],null],[["poststop"],[]],[["poststart"],["'"$DEFAULT_ENV"'"]],[["startContainer"],null]]' ]
  [ "$(jq -c .notes <<<"$output")" = "[\"$SPEC: createContainer[0] (/c) has no env: it gets the image's under runc up to 1.2\"]" ]
  ctk hooks preview --bundle "$BUNDLE"
  [[ $output == *"note: $SPEC: createContainer[0] (/c) has no env"* ]]
}

@test "preview of a container that has hooks says which of those that apply are not in it" {
  hook_d a '{"always":true}' '["poststop"]' '["true","{{id}}","{{pid-file}}"]'
  shim create --bundle "$BUNDLE" --pid-file /run/a.pid c1
  ok
  ctk hooks preview --bundle "$BUNDLE"
  [[ $output == *"it has the marker, so the hooks are in there already."* ]]
  [[ $output != *"but it is not in config.json"* ]]
  hook_d b '{"always":true}' '["poststop"]' '["true","later"]'
  ctk hooks preview --bundle "$BUNDLE"
  [[ $output == *"$HOOKS_D/b.json"*"but it is not in config.json"*"but not all hooks that apply"* ]]
  ctk hooks preview --bundle "$BUNDLE" --json
  [ "$(jq -c '[.hooks[] | .in_spec]' <<<"$output")" = '[true,false]' ]
}

@test "preview without --id takes the name of the bundle's directory" {
  hook_d a '{"always":true}' '["poststop"]' '["true","{{id}}"]'
  ctk hooks preview --bundle "$BUNDLE" --json
  [ "$(jq -r '.hooks[0].hook.args[1]' <<<"$output")" = "$(basename "$BUNDLE")" ]
}

@test "what config.toml names and is not there is a warning in the log and in check; a link that leads nowhere stops the container" {
  rm -r "$HOOKS_D"
  hooks_file '{"poststop":[{"path":"/bin/true","timeout":1}]}'
  create
  ok && silent && hooks_are_in
  grep -q "level=warning msg=\"$HOOKS_D, which config.toml names, does not exist\"" "$LOG"
  ctk hooks check
  ok
  [ "${lines[0]}" = "warning: $HOOKS_D, which config.toml names, does not exist" ]
  bundle_of docker20
  rm -r bin/record
  ln -s nowhere "$HOOKS_D"
  create
  refused "read $HOOKS_D: the link $HOOKS_D leads nowhere"
  ctk hooks check
  ok 1
}

@test "preview of a container that has hooks takes an argument of a hundred thousand variables" {
  jq -n '{version: "1.0.0", hook: {path: "/bin/true", args: ["true", "{{id}}" * 100000], timeout: 5},
    when: {always: true}, stages: ["poststop"]}' >"$HOOKS_D/a.json"
  shim create --bundle "$BUNDLE" c
  ok
  ctk hooks preview --bundle "$BUNDLE" --json
  ok
  [ "$(jq -c '[.outcome, (.hooks[] | .in_spec)]' <<<"$output")" = '["already there",true]' ]
}

@test "preview does not take an argument for one that only ends alike, nor for one in another order" {
  local there
  for there in 'text' 'a text' 'a-1-b' 'b-1-a'; do
    hook_d a '{"always":true}' '["poststop"]' '["true","'"$there"'"]'
    bundle_of docker20
    shim create --bundle "$BUNDLE" c1
    ok
    for wanted in 'text' 'a text' 'a-{{pid-file}}-b' '{{pid-file}}-a'; do
      hook_d a '{"always":true}' '["poststop"]' '["true","'"$wanted"'"]'
      ctk hooks preview --bundle "$BUNDLE" --json
      [ "$(jq '.hooks[0].in_spec' <<<"$output")" = "$(matches "$there" "$wanted")" ] || no "$there, $wanted: $output"
    done
  done
}

matches() {
  case "$1:$2" in
    text:text | 'a text:a text' | 'a-1-b:a-{{pid-file}}-b' | 'b-1-a:{{pid-file}}-a') echo true ;;
    *) echo false ;;
  esac
}
