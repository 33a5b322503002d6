#!/usr/bin/env bats
# What hooks.json may say, and how a mistake in it is told.
#
# SPDX-License-Identifier: Apache-2.0
load helpers

setup() {
  setup_fake_runtime
  bundle_of containerd16
}

create() {
  shim create -b "$BUNDLE" c1
}

accepts() {
  hooks_file "$1"
  create
  ok && silent && hooks_are_in "$2"
}

# The text is refused, with this place in it and these words.
refuses() {
  hooks_file "$1"
  create
  refused "$HOOKS:$2" "${@:3}"
}

leaves_spec_alone() {
  create
  ok && silent && spec_is_untouched && no_litter
}

## Accepted

@test "the hooks object itself is accepted" {
  accepts '{"poststop":[{"path":"/bin/true"}]}' '{"poststop":[{"path":"/bin/true"}]}'
}

@test "the wrapped hooks object is accepted" {
  accepts '{"hooks":{"poststop":[{"path":"/bin/true"}]}}' '{"poststop":[{"path":"/bin/true"}]}'
}

@test "the published example, wrapper and trailing comma, is accepted as it stands" {
  accepts '{
  "hooks": {
    "prestart": [
      {
        "path": "/bin/true",
        "args": ["setup-network", "--mode", "bridge"],
        "env": ["NETWORK=production"],
      }
    ],
  }
}
' '{"prestart":[{"path":"/bin/true","args":["setup-network","--mode","bridge"],"env":["NETWORK=production"]}]}'
}

@test "comments of both kinds are accepted" {
  accepts '// one
{ /* two
  lines */ "poststop": [ // three
    {"path": "/bin/true" /**/} /* " */
  ] }
// last' '{"poststop":[{"path":"/bin/true"}]}'
}

@test "what looks like a comment or a comma in a string is a string" {
  accepts '{"poststop":[{"path":"/bin//true","args":["/* x */","// y",",]",",}"]}]}' \
    '{"poststop":[{"path":"/bin//true","args":["/* x */","// y",",]",",}"]}]}'
}

@test "all stages, each with several hooks, keep their order" {
  local all
  # shellcheck disable=SC2086 # a line for each stage
  all=$(printf '%s\n' $STAGES | jq -Rc '{(.): [range(3) as $n | {path: "/bin/true", args: [., "b \($n)"], env: ["A=\($n)"], timeout: ($n + 1)}]}' | jq -sc add)
  accepts "$all" "$all"
}

@test "stages that are empty or null add nothing" {
  accepts '{"prestart":[],"poststart":null,"poststop":[{"path":"/bin/true"}]}' '{"poststop":[{"path":"/bin/true"}]}'
}

@test "null args, env and timeout count as missing" {
  hooks_file '{"poststop":[{"path":"/bin/true","args":null,"env":null,"timeout":null}]}'
  create
  ok && silent
  [ "$(stage poststop | jq -c '.[0].path')" = '"/bin/true"' ]
}

@test "escapes in strings mean what they mean in JSON" {
  accepts '{"poststop":[{"path":"\/bin\/tr\u0075e","args":["\ud83d\ude00\n\"\\"]}]}' \
    '{"poststop":[{"path":"/bin/true","args":["😀\n\"\\"]}]}'
}

@test "the largest timeout is accepted" {
  accepts '{"poststop":[{"path":"/bin/true","timeout":2147483647}]}' '{"poststop":[{"path":"/bin/true","timeout":2147483647}]}'
}

## Nothing to add

@test "without hooks.json the spec is not written" {
  rm "$HOOKS"
  leaves_spec_alone
}

@test "with an empty object in hooks.json the spec is not written" {
  hooks_file '{}'
  leaves_spec_alone
}

@test "with an empty wrapped object in hooks.json the spec is not written" {
  hooks_file '{"hooks":{}}'
  leaves_spec_alone
}

@test "with empty stages in hooks.json the spec is not written" {
  hooks_file '{"prestart":[],"poststop":[]}'
  leaves_spec_alone
}

## Refused

@test "an unknown stage is refused with a suggestion" { refuses $'{\n  "preStart": []}' 2:3 preStart '"prestart"'; }

@test "a mistyped stage is refused with a suggestion" { refuses '{"createRuntme":[{"path":"/a"}]}' 1:2 createRuntme '"createRuntime"'; }

@test "an unknown stage like no other is refused without a suggestion" {
  refuses '{"zzz":[]}' 1:2 zzz
  [[ $stderr != *"did you mean"* ]]
}

@test "a hook without a path is refused" { refuses '{"poststop":[{"args":["a"]}]}' 1:14 path poststop; }

@test "an empty path is refused" { refuses '{"poststop":[{"path":""}]}' 1:22 path; }

@test "a relative path is refused" { refuses '{"poststop":[{"path":"bin/true"}]}' 1:22 bin/true absolute; }

@test "a path that is no string is refused" { refuses '{"poststop":[{"path":5}]}' 1:22 path; }

@test "the index of a wrong hook is named" { refuses '{"poststop":[{"path":"/a"},{"path":"b"}]}' 1:36 poststop 1; }

@test "a timeout of 0 is refused" { refuses '{"poststop":[{"path":"/a","timeout":0}]}' 1:37 timeout; }

@test "a timeout of -1 is refused" { refuses '{"poststop":[{"path":"/a","timeout":-1}]}' 1:37 timeout; }

@test "a timeout as a string is refused" { refuses '{"poststop":[{"path":"/a","timeout":"5"}]}' 1:37 timeout; }

@test "a timeout with a fraction is refused" { refuses '{"poststop":[{"path":"/a","timeout":1.5}]}' 1:37 timeout; }

@test "args that are not strings are refused" { refuses '{"poststop":[{"path":"/a","args":["a",1]}]}' 1:39 args; }

@test "args that are no array are refused" { refuses '{"poststop":[{"path":"/a","args":"a"}]}' 1:34 args; }

@test "a stage that is an object is refused" { refuses '{"poststop":{"path":"/a"}}' 1:13 poststop; }

@test "a hook that is a string is refused" { refuses '{"poststop":["/a"]}' 1:14; }

@test "a mistyped key of a hook is refused with a suggestion" { refuses '{"poststop":[{"path":"/a","arg":["a"]}]}' 1:27 arg '"args"'; }

@test "a stage twice is refused" { refuses $'{"poststop":[],\n"poststop":[]}' 2:1 poststop; }

@test "a key of a hook twice is refused" { refuses '{"poststop":[{"path":"/a","path":"/b"}]}' 1:27 path; }

@test "a stage beside the wrapper is refused" { refuses '{"hooks":{},"poststop":[]}' 1:; }

@test "an array as hooks.json is refused" { refuses '[]' 1:1; }

@test "an empty hooks.json is refused" { refuses '' 1:1; }

@test "garbage after the object is refused" { refuses '{} x' 1:4; }

@test "two commas are refused" { refuses '{"poststop":[{"path":"/a"},,]}' 1:28; }

@test "a comment without its end is refused" { refuses '{} /* x' 1:; }

@test "a line break in a string is refused" { refuses $'{"poststop":[{"path":"/a\n"}]}' 1:; }

@test "a nesting of 64 levels is refused" {
  local open close
  open=$(head -c 64 /dev/zero | tr '\0' '[')
  close=$(head -c 64 /dev/zero | tr '\0' ']')
  refuses "{\"poststop\":[{\"path\":\"/a\",\"args\":$open$close}]}" 1:
}

@test "a file of 100 MB is refused" {
  { printf '{"poststop":[{"path":"/a"}]'; head -c 100000000 /dev/zero | tr '\0' ' '; printf '}'; } >"$HOOKS"
  create
  refused "$HOOKS"
}

@test "a directory in place of hooks.json is refused" {
  rm "$HOOKS"
  mkdir "$HOOKS"
  create
  refused "$HOOKS"
}

@test "a fifo in place of hooks.json is refused, not waited for" {
  rm "$HOOKS"
  mkfifo "$HOOKS"
  run --separate-stderr timeout 10 "$SHIM" create -b "$BUNDLE" c1
  refused "$HOOKS"
}

@test "on-error = ignore starts the container without hooks and says so in the log" {
  sed -i 's/^path/on-error = "ignore"\n&/' "$CONTAINER_HOOKS_CONFIG"
  hooks_file '{"prestrat":[]}'
  leaves_spec_alone
  grep -q "$HOOKS:1:2" "$LOG"
}
