#!/usr/bin/env bats
# What the splice does to the text of config.json: the hooks are in, every other byte is what it was.
#
# SPDX-License-Identifier: Apache-2.0
load helpers

setup() {
  setup_fake_runtime
  ALL='{"prestart":[{"path":"/bin/true","args":["1"]}],"createRuntime":[{"path":"/bin/true","args":["2"]}],"createContainer":[{"path":"/bin/true","args":["3"]}],
    "startContainer":[{"path":"/bin/true","args":["4"]}],"poststart":[{"path":"/bin/true","args":["5"]}],"poststop":[{"path":"/bin/true","args":["6"]}]}'
  hooks_file "$ALL"
}

# A create on this spec gets all hooks in and takes nothing away.
spliced() {
  bundle_with "$1"
  create
}

create() {
  shim create -b "$BUNDLE" c1
  ok && silent && hooks_are_in && nothing_but_insertions && no_litter
}

refuses_spec() {
  bundle_with "$1"
  shift
  shim create -b "$BUNDLE" c1
  refused "$SPEC" "$@"
}

## Shapes

@test "a spec without hooks" { spliced '{"ociVersion":"1.0.2","root":{"path":"rootfs"}}'; }

@test "an empty spec" { spliced '{}'; }

@test "an empty spec with white space in it" { spliced $' \n{ \n}\n '; }

@test "hooks as an empty object" { spliced '{"ociVersion":"1.0.2","hooks":{}}'; }

@test "hooks with empty stages" { spliced '{"hooks":{"prestart":[],"poststop":[ ]},"ociVersion":"1.0.2"}'; }

@test "hooks with full stages, ours after them" {
  spliced '{"hooks":{"prestart":[{"path":"/a"},{"path":"/b"}],"poststop":[{"path":"/c","timeout":5}]},"ociVersion":"1.0.2"}'
}

@test "hooks: null counts as no hooks" {
  bundle_with '{"a":1,"hooks":null,"z":[1.0e2]}'
  shim create -b "$BUNDLE" c1
  ok && silent && hooks_are_in
  [[ $(cat "$SPEC") == '{"a":1,"hooks":{'*'},"z":[1.0e2]}' ]]
}

@test "a stage that is null counts as empty" {
  bundle_with '{"hooks":{"prestart":null,"poststart" : null },"z":[1.0e2]}'
  shim create -b "$BUNDLE" c1
  ok && silent && hooks_are_in
  [[ $(cat "$SPEC") == '{"hooks":{'*'},"z":[1.0e2]}' ]]
}

@test "hooks at the end, at the start and in the middle" {
  spliced '{"a":1,"hooks":{"poststop":[{"path":"/c"}]}}'
  spliced '{"hooks":{"poststop":[{"path":"/c"}]},"z":1}'
  spliced '{"a":1,"hooks":{"poststop":[{"path":"/c"}]},"z":1}'
}

@test "a key called hooks elsewhere is another matter" {
  spliced '{"annotations":{"hooks":"x"},"process":{"hooks":{"prestart":5}},"z":[{"hooks":[]}]}'
}

@test "a key that spells hooks in escapes is hooks" {
  bundle_with '{"h\u006foks":{"prestart":[{"path":"/a"}]},"z":1}'
  shim create -b "$BUNDLE" c1
  ok && silent && hooks_are_in && nothing_but_insertions
}

@test "unknown stages and keys beside hooks stay" {
  spliced '{"x-future":{"n":1.0e2},"hooks":{"x-stage":[1],"prestart":[{"path":"/a","x":{"y":null}}],"other":{}}}'
}

## Text

@test "tabs and line ends as CRI-O writes them" {
  spliced $'{\n\t"ociVersion": "1.0.2",\n\t"hooks": {\n\t\t"prestart": [\n\t\t\t{\n\t\t\t\t"path": "/a"\n\t\t\t}\n\t\t]\n\t}\n}\n'
}

@test "CRLF line ends" {
  spliced $'{\r\n  "ociVersion": "1.0.2",\r\n  "hooks": {\r\n  }\r\n}\r\n'
}

@test "no final newline, and several" {
  spliced '{"a":1}'
  spliced $'{"a":1}\n\n\n'
}

@test "escapes keep their spelling" { spliced '{"a":"\u003c\/\ud83d\ude00 é <&> \u0000 \\\" "}'; }

@test "numbers keep their spelling" { spliced '{"n":[1.0e2,18446744073709551615,1e400,-0,0.10,1E+2,12345678901234567890123]}'; }

@test "raw bytes above ASCII stay, valid UTF-8 or not" {
  bundle_with $'{"a":"\303\251 \377\376"}'
  shim create -b "$BUNDLE" c1
  ok && silent && nothing_but_insertions
}

@test "braces, brackets and quotes in strings are not structure" { spliced '{"a":"}]{[\"hooks\":[","hooks":{"prestart":[{"path":"/]}"}]}}'; }

@test "every spec that an engine once wrote" {
  local spec
  for spec in "$ROOT"/tests/data/specs/*.json; do
    [[ $spec != *.sandbox.json ]] || continue
    bundle_of "$(basename "$spec" .json)"
    create || no "$spec"
  done
}

@test "indented by four, by tabs and compact, a spec means the same" {
  local options
  for options in "--indent 4" --tab -c; do
    new_bundle
    # shellcheck disable=SC2086 # two words
    jq $options . "$ROOT/tests/data/specs/docker20.json" >"$SPEC"
    remember_spec
    create
  done
}

@test "a spec of 5 MB" {
  new_bundle
  jq -c '.annotations = ([range(20000) | {key: "io.example.annotation.number.\(.)", value: "a value that says \(.) and then goes on for a good while, as they do"}] | from_entries)
    | .mounts += [range(16000) | {destination: "/data/of/the/application/\(.)", type: "bind", source: "/srv/volumes/number/\(.)", options: ["rbind", "rw", "rprivate", "nosuid", "nodev"]}]' \
    "$ROOT/tests/data/specs/docker20.json" >"$SPEC"
  remember_spec
  [ "$(stat -c %s "$SPEC")" -gt 4500000 ]
  shim create -b "$BUNDLE" c1
  ok && silent && hooks_are_in && no_litter
}

## Once

@test "create twice on one bundle has the hooks once" {
  create
  local once
  once=$(identity "$SPEC")
  shim create -b "$BUNDLE" c1
  ok && silent && hooks_are_in
  [ "$once" = "$(identity "$SPEC")" ]
}

@test "a spec with the marker of any directory in any stage is not touched" {
  local stage
  for stage in $STAGES; do
    bundle_with '{"hooks":{"'"$stage"'":[{"path":"/opt/elsewhere/container-hooks"}]}}'
    shim create -b "$BUNDLE" c1
    ok && silent && spec_is_untouched
  done
}

@test "a spec with the marker of a host without links is not touched" {
  bundle_with '{"hooks":{"poststop":[{"path":"'"$BUILD/container-hooks-toolkit"'","args":["container-hooks"]}]}}'
  shim create -b "$BUNDLE" c1
  ok && silent && spec_is_untouched
}

@test "another program with the marker's name among its arguments is not the marker" {
  bundle_with '{"hooks":{"prestart":[{"path":"/bin/echo","args":["echo","container-hooks"]},{"path":"/bin/sh","args":["container-hooks"]}]}}'
  create
}

@test "a container that only gets poststop hooks has nothing in the stages that cost it crun's fast way" {
  hooks_file '{"poststop":[{"path":"/bin/true","args":["6"]}]}'
  bundle_with '{"z":1}'
  shim create -b "$BUNDLE" c1
  ok && silent && hooks_are_in
  [ "$(jq -c '.hooks | map_values(map(.path))' "$SPEC")" = "{\"poststop\":[\"$MARKER\",\"/bin/true\"]}" ]
}

@test "where there is no marker link the marker is the binary itself" {
  mkdir alone
  cp "$SHIM" alone/container-hooks-runtime
  bundle_with '{"z":1}'
  run --separate-stderr alone/container-hooks-runtime create -b "$BUNDLE" c1
  ok && silent
  [ "$(jq -c .hooks.prestart[0] "$SPEC")" = "{\"path\":\"$PWD/alone/container-hooks-runtime\",\"args\":[\"container-hooks\"],\"env\":[\"$DEFAULT_ENV\"]}" ]
  remember_spec
  run --separate-stderr alone/container-hooks-runtime create -b "$BUNDLE" c1
  ok && silent && spec_is_untouched
}

@test "the marker does nothing, successfully, whatever it reads" {
  head -c 300000 /dev/zero | run --separate-stderr "$MARKER" any arguments
  ok && silent
  "$MARKER" <&-
  (exec -a container-hooks "$BUILD/container-hooks-toolkit" <&-)
}

@test "a hook of hooks.json that is the marker serves as it" {
  hooks_file '{"prestart":[{"path":"'"$MARKER"'"}],"poststop":[{"path":"/bin/true","args":["6"]}]}'
  bundle_with '{"z":1}'
  shim create -b "$BUNDLE" c1
  ok && silent
  [ "$(jq -c .hooks.prestart "$SPEC")" = '[{"path":"'"$MARKER"'","env":["'"$DEFAULT_ENV"'"]}]' ]
  [ "$(jq -c .hooks.poststop "$SPEC")" = '[{"path":"/bin/true","args":["6"],"env":["'"$DEFAULT_ENV"'"]}]' ]
}

## Sandboxes

@test "a sandbox of containerd gets no hooks" {
  bundle_of containerd21-cri.sandbox
  shim create -b "$BUNDLE" "$(jq -r '.annotations["io.kubernetes.cri.sandbox-id"]' "$SPEC")"
  ok && silent && spec_is_untouched
}

@test "a sandbox of CRI-O gets no hooks" {
  bundle_with '{"annotations":{"io.kubernetes.cri-o.ContainerType":"sandbox","io.kubernetes.cri-o.SandboxID":"c1"}}'
  shim create -b "$BUNDLE" c1
  ok && silent && spec_is_untouched
}

@test "an annotation that only calls a container a sandbox switches no hook off" {
  bundle_with '{"annotations":{"io.kubernetes.cri.container-type":"sandbox","io.kubernetes.cri-o.ContainerType":"sandbox"}}'
  create
  bundle_of containerd21-cri.sandbox
  create
}

@test "a sandbox gets hooks where the configuration says so" {
  sed -i 's/^path/sandbox = true\n&/' "$CONTAINER_HOOKS_CONFIG"
  bundle_of containerd21-cri.sandbox
  create
}

## Refused

@test "a byte order mark is refused" { refuses_spec $'\357\273\277{"a":1}' 1:1; }

@test "a NUL byte is refused" {
  new_bundle
  printf '{"a":1,\0"b":2}' >"$SPEC"
  remember_spec
  shim create -b "$BUNDLE" c1
  refused "$SPEC" 1:8
}

@test "an empty file is refused" { refuses_spec '' 1:1; }

@test "a file of white space is refused" { refuses_spec $' \n\t'; }

@test "garbage after the object is refused" { refuses_spec $'{"a":1}\n}' 2:1; }

@test "a second object is refused" { refuses_spec '{"a":1}{"b":2}' 1:8; }

@test "a file cut short is refused" { refuses_spec '{"a":{"b":[1,2'; }

@test "an array is refused" { refuses_spec '[]' 1:1; }

@test "hooks twice is refused" { refuses_spec $'{"hooks":{},\n "hooks":{}}' 2:2 hooks; }

@test "a stage twice is refused" { refuses_spec $'{"hooks":{"prestart":[],\n"prestart":[]}}' 2:1 prestart; }

@test "hooks as an array is refused" { refuses_spec '{"hooks":[]}' 1:10 hooks; }

@test "hooks as a string is refused" { refuses_spec '{"hooks":"x"}' 1:10 hooks; }

@test "a stage that is an object is refused" { refuses_spec '{"hooks":{"poststart":{}}}' 1:23 poststart; }

@test "a nesting of 1,000,000 is refused" {
  new_bundle
  { printf '{"a":'; head -c 1000000 /dev/zero | tr '\0' '['; head -c 1000000 /dev/zero | tr '\0' ']'; printf '}'; } >"$SPEC"
  remember_spec
  shim create -b "$BUNDLE" c1
  refused "$SPEC" 1:
}

@test "comments, which the runtime would not read, are refused" { refuses_spec '{"a":1 /* one */}' 1:8; }

@test "a trailing comma, which the runtime would not read, is refused" { refuses_spec '{"a":1,}' 1:8; }

@test "a spec that is missing is refused" {
  rm "$SPEC"
  shim create -b "$BUNDLE" c1
  one_error "$SPEC"
  runtime_was_not_called
}

@test "a bundle that is missing is refused" {
  shim create -b "$PWD/nowhere" c1
  one_error "$PWD/nowhere"
  runtime_was_not_called
}

@test "a spec that is a directory is refused" {
  rm "$SPEC"
  mkdir "$SPEC"
  shim create -b "$BUNDLE" c1
  one_error "$SPEC"
  runtime_was_not_called
}

@test "a spec that is a fifo is refused, not waited for" {
  rm "$SPEC"
  mkfifo "$SPEC"
  run --separate-stderr timeout 10 "$SHIM" create -b "$BUNDLE" c1
  one_error "$SPEC"
  runtime_was_not_called
}
