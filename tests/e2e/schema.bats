#!/usr/bin/env bats
# The JSON Schemas of hooks schema say what the readers of hooks.d and hooks.json say.
#
# SPDX-License-Identifier: Apache-2.0
load helpers

setup() {
  cd "$BATS_TEST_TMPDIR" || return
  CTK=$BUILD/container-hooks-ctk
  /usr/bin/python3 -c 'import jsonschema' 2>/dev/null || skip "no jsonschema for python3"
}

# What the reader says of the document in a file; that a program is not on this host is nothing that a schema knows.
verdict() { if "$CTK" hooks check "$1" | grep -q '^error: '; then echo invalid; else echo valid; fi; }

# agree FORMAT: schema and reader on the documents on standard input, a line each, of which both are to have some.
agree() {
  local line schema reader
  "$CTK" hooks schema "$1" >schema.json
  grep . >documents
  "$BATS_TEST_DIRNAME/schema.py" schema.json <documents >by-schema
  while read -r line; do
    printf '%s' "$line" >document.json
    verdict document.json
  done <documents >by-reader
  paste -d ' ' by-schema by-reader documents | awk '$1 != $2 { print; bad = 1 } END { exit bad }' || return
  [ "$(sort -u by-reader | paste -sd ' ')" = "invalid valid" ]
}

@test "files of hooks.d, version 1.0.0" {
  agree hooks.d <<'DOCUMENTS'
{"version":"1.0.0","hook":{"path":"/bin/true"},"when":{"always":true},"stages":["poststop"]}
{"version":"1.0.0","hook":{"path":"/bin/true","args":["a"],"env":["A=b","C="],"timeout":1},"when":{"always":true},"stages":[]}
{"version":"1.0.0","hook":{"path":"/bin/true","args":null,"env":null,"timeout":null},"when":null,"unless":null,"stages":["precreate"]}
{"version":"1.0.0","hook":{"path":"/bin/true","timeout":3000000000},"stages":["prestart","prestart"]}
{"version":"1.0.0","hook":{"path":"/bin/true","unknown":1},"stages":["poststop"],"unknown":{}}
{"version":"1.0.0","hook":{"path":"/bin/true"},"when":{"annotations":{"^a$":"b"},"commands":["a"],"hasBindMounts":false},"stages":["poststop"]}
{"version":"1.0.0","hook":{"path":"/bin/true"},"when":{"images":["a"],"labels":{"a":"b"},"namespaces":[]},"unless":{},"stages":["poststop"]}
{"version":"1.0.0","hook":{"path":"/bin/true"},"when":{"annotations":null,"always":null},"stages":["poststop"]}
{"version":"2.0.0","hook":{"path":"/bin/true"},"when":{"always":true},"stages":["poststop"]}
{"version":1,"hook":{"path":"/bin/true"},"stages":["poststop"]}
{"hook":{"path":"/bin/true"},"stages":["poststop"]}
{"version":"1.0.0","stages":["poststop"]}
{"version":"1.0.0","hook":{"path":"/bin/true"}}
{"version":"1.0.0","hook":{"path":"/bin/true"},"stages":null}
{"version":"1.0.0","hook":{"path":"/bin/true"},"stages":"poststop"}
{"version":"1.0.0","hook":{"path":"/bin/true"},"stages":["poststops"]}
{"version":"1.0.0","hook":{"path":"/bin/true"},"stages":[1]}
{"version":"1.0.0","hook":{"path":"true"},"stages":["poststop"]}
{"version":"1.0.0","hook":{"path":5},"stages":["poststop"]}
{"version":"1.0.0","hook":{"path":null},"stages":["poststop"]}
{"version":"1.0.0","hook":{},"stages":["poststop"]}
{"version":"1.0.0","hook":"/bin/true","stages":["poststop"]}
{"version":"1.0.0","hook":{"path":"/bin/true","args":"a"},"stages":["poststop"]}
{"version":"1.0.0","hook":{"path":"/bin/true","args":[1]},"stages":["poststop"]}
{"version":"1.0.0","hook":{"path":"/bin/true","env":["A"]},"stages":["poststop"]}
{"version":"1.0.0","hook":{"path":"/bin/true","env":["=A"]},"stages":["poststop"]}
{"version":"1.0.0","hook":{"path":"/bin/true","timeout":0},"stages":["poststop"]}
{"version":"1.0.0","hook":{"path":"/bin/true","timeout":-1},"stages":["poststop"]}
{"version":"1.0.0","hook":{"path":"/bin/true","timeout":1.5},"stages":["poststop"]}
{"version":"1.0.0","hook":{"path":"/bin/true","timeout":"1"},"stages":["poststop"]}
{"version":"1.0.0","hook":{"path":"/bin/true"},"when":[],"stages":["poststop"]}
{"version":"1.0.0","hook":{"path":"/bin/true"},"when":{"alwys":true},"stages":["poststop"]}
{"version":"1.0.0","hook":{"path":"/bin/true"},"when":{"always":"true"},"stages":["poststop"]}
{"version":"1.0.0","hook":{"path":"/bin/true"},"when":{"annotations":{"a":1}},"stages":["poststop"]}
{"version":"1.0.0","hook":{"path":"/bin/true"},"when":{"annotations":[]},"stages":["poststop"]}
{"version":"1.0.0","hook":{"path":"/bin/true"},"when":{"commands":"a"},"stages":["poststop"]}
{"version":"1.0.0","hook":{"path":"/bin/true"},"when":{"images":{}},"stages":["poststop"]}
{"version":"1.0.0","hook":{"path":"/bin/true"},"unless":{"namespaces":[1]},"stages":["poststop"]}
{"version":"1.0.0","hook":{"path":"/bin/true"},"unless":{"x":1},"stages":["poststop"]}
DOCUMENTS
}

@test "files of hooks.d, version 0.1.0" {
  agree hooks.d <<'DOCUMENTS'
{"hook":"/bin/true","stages":["poststop"]}
{"version":"0.1.0","hook":"/bin/true","arguments":["a"],"stage":["poststop"],"cmd":["a"],"annotation":["b"],"hasbindmounts":true}
{"version":"","hook":"/bin/true","stages":[],"cmds":["a"],"annotations":[]}
{"version":null,"hook":"/bin/true","stages":["createRuntime"],"unknown":1}
{"hook":"/bin/true"}
{"hook":"/bin/true","stages":["poststop"],"stage":["poststop"]}
{"hook":"/bin/true","stage":["poststop"],"cmds":["a"],"cmd":["b"]}
{"hook":"/bin/true","stage":["poststop"],"annotations":["a"],"annotation":["b"]}
{"hook":"true","stage":["poststop"]}
{"hook":5,"stage":["poststop"]}
{"stage":["poststop"]}
{"hook":"/bin/true","stage":["x"]}
{"hook":"/bin/true","stage":["poststop"],"arguments":"a"}
{"hook":"/bin/true","stage":["poststop"],"hasbindmounts":"yes"}
{"hook":"/bin/true","stage":["poststop"],"cmds":[1]}
[]
5
DOCUMENTS
}

@test "hooks.json" {
  agree hooks.json <<'DOCUMENTS'
{}
{"poststop":[{"path":"/bin/true"}]}
{"hooks":{"prestart":[{"path":"/bin/true","args":["a"],"env":["A=b"],"timeout":5}],"poststop":null}}
{"createRuntime":[{"path":"/bin/true","args":null,"env":null,"timeout":null}],"createContainer":[]}
{"precreate":[{"path":"/bin/true"}]}
{"postStop":[{"path":"/bin/true"}]}
{"poststop":{"path":"/bin/true"}}
{"poststop":[{"path":"true"}]}
{"poststop":[{"args":["a"]}]}
{"poststop":[{"path":null}]}
{"poststop":[{"path":"/bin/true","unknown":1}]}
{"poststop":[{"path":"/bin/true","timeout":0}]}
{"poststop":[{"path":"/bin/true","timeout":0.5}]}
{"poststop":[{"path":"/bin/true","env":["A"]}]}
{"poststop":[{"path":"/bin/true","args":"a"}]}
{"poststop":["/bin/true"]}
{"hooks":{"poststop":[{"path":"/bin/true"}]},"x":1}
{"hooks":[]}
[]
DOCUMENTS
}

# What a schema cannot say: names in another case or twice, comments, and which patterns RE2 takes.
@test "the corpora of the readers" {
  local file
  for file in "$ROOT"/tests/fuzz/corpus/hook_file/*; do
    case ${file##*/} in case.json | pattern.json | twice.json) ;; *) jq -c . "$file" ;; esac
  done 2>/dev/null | agree hooks.d
  for file in "$ROOT"/tests/fuzz/corpus/hooks_json/*; do
    case ${file##*/} in comments.json | twice.json | nul.json) ;; *) jq -c . "$file" ;; esac
  done 2>/dev/null | agree hooks.json
}

@test "a third format is refused" {
  run --separate-stderr "$CTK" hooks schema podman
  ok 2
  [[ $stderr == *"hooks.d or hooks.json is expected"* ]]
}
