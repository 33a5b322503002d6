#!/usr/bin/env bats
# setup and its undo below --root: an image, where no service runs. tests/e2e/setup_node.bats has a host that runs.
#
# SPDX-License-Identifier: Apache-2.0
load helpers

setup() {
  IMAGE=$BATS_TEST_TMPDIR/image
  mkdir -p "$IMAGE"/{bin,usr/bin,etc/docker,etc/containerd,var/lib} "$BATS_TEST_TMPDIR/hooks.d"
  cp "$(command -v busybox)" "$IMAGE/bin/sh"
  echo '{"debug": true}' >"$IMAGE/etc/docker/daemon.json"
  printf 'version = 2 # mine\n' >"$IMAGE/etc/containerd/config.toml"
  hook >"$BATS_TEST_TMPDIR/hooks.d/a.json"
}

hook() { jq -n '{version: "1.0.0", when: {always: true}, stages: ["createRuntime"], hook: {path: "/bin/sh", args: ["sh", "-c", "cat >/dev/null"]}}'; }

set_up() { run --separate-stderr "$BUILD/container-hooks-ctk" setup --root="$IMAGE" --runtime=docker --runtime=containerd "$@"; }

undo() { run --separate-stderr "$BUILD/container-hooks-ctk" setup --root="$IMAGE" --undo; }

# Everything in the image: types, modes, contents.
picture() { (cd "$IMAGE" && find . -printf '%p %y %m %l\n' | sort && find . -type f -print0 | sort -z | xargs -0 sha256sum); }

@test "an image gets the toolkit, config.toml, hooks and the engines' files, and a second call changes nothing" {
  set_up --set-as-default --profile=secure --hooks="$BATS_TEST_TMPDIR/hooks.d"
  ok
  [ "$(jq -r '."default-runtime", .runtimes."container-hooks-secure".path' "$IMAGE/etc/docker/daemon.json" | paste -sd ' ')" = \
    "container-hooks-runtime /usr/bin/container-hooks-runtime.secure" ]
  grep -q '^default_runtime_name = "container-hooks-runtime"$' "$IMAGE/etc/containerd/config.toml"
  [ -x "$IMAGE/usr/bin/container-hooks-runtime.secure" ]
  cmp "$IMAGE/etc/container-hooks/hooks.d/a.json" "$BATS_TEST_TMPDIR/hooks.d/a.json"
  [ -s "$IMAGE/etc/container-hooks/config.toml" ]
  local before
  before=$(picture)
  set_up --set-as-default --profile=secure --hooks="$BATS_TEST_TMPDIR/hooks.d"
  ok
  [ "$output" = $'toolkit: nothing to do\nfiles: nothing to do\ndocker: nothing to do\ncontainerd: nothing to do' ]
  [ "$(picture)" = "$before" ]
}

@test "setup --undo gives every byte back" {
  local before
  before=$(picture)
  set_up --set-as-default --profile=secure --hooks="$BATS_TEST_TMPDIR/hooks.d"
  ok
  undo
  ok
  diff <(echo "$before") <(picture)
  undo
  ok
  diff <(echo "$before") <(picture)
}

@test "setup --undo leaves a toolkit and a config.toml that were there before, and what was edited since" {
  cp "$BUILD/container-hooks-toolkit" "$IMAGE/usr/bin/"
  mkdir "$IMAGE/etc/container-hooks"
  printf '[container-hooks]\nsandbox = true\n' >"$IMAGE/etc/container-hooks/config.toml"
  set_up --hooks="$BATS_TEST_TMPDIR/hooks.d"
  ok
  jq '.debug = false' "$IMAGE/etc/docker/daemon.json" >"$IMAGE/new"
  mv "$IMAGE/new" "$IMAGE/etc/docker/daemon.json"
  undo
  ok
  [[ $stderr == *"container-hooks-toolkit was there before setup, and stays"* ]]
  [ -x "$IMAGE/usr/bin/container-hooks-toolkit" ]
  [ "$(cat "$IMAGE/etc/container-hooks/config.toml")" = $'[container-hooks]\nsandbox = true' ]
  [ "$(jq -c . "$IMAGE/etc/docker/daemon.json")" = '{"debug":false,"runtimes":{}}' ]
}

@test "--dry-run says what would be done, with the differences, and writes nothing" {
  local before
  before=$(picture)
  set_up --set-as-default --hooks="$BATS_TEST_TMPDIR/hooks.d" --dry-run
  ok
  [[ $output == *"toolkit: would write $IMAGE/usr/bin/container-hooks-toolkit"* ]]
  [[ $output == *"files: would write $IMAGE/etc/container-hooks/config.toml"* ]]
  [[ $output == *'+{"debug": true, "default-runtime": "container-hooks-runtime", '* ]]
  [[ $stderr != *"cannot be executed"* ]]
  [ "$(picture)" = "$before" ]
}

@test "--json has an object for each step, and nothing else" {
  set_up --json --hooks="$BATS_TEST_TMPDIR/hooks.d"
  ok
  [ "$(jq -r '.[] | "\(.step) \(.changed | length > 0) \(.told)"' <<<"$output")" = "toolkit true false
files true false
docker true false
containerd true false" ]
}

@test "a hook that could not run there is refused, and nothing is changed" {
  local before
  before=$(picture)
  rm "$IMAGE/bin/sh"
  before=$(picture)
  set_up --hooks="$BATS_TEST_TMPDIR/hooks.d"
  ok 1
  [[ $stderr == *"hooks.d/a.json:"*'"/bin/sh"'*"does not exist"* ]]
  [ "$(picture)" = "$before" ]
}

@test "an engine's file that cannot be edited is an error, and those before it are set up" {
  echo '{' >"$IMAGE/etc/docker/daemon.json"
  set_up
  ok 1
  [[ $stderr == *"etc/docker/daemon.json:"* ]]
  [ "$(cat "$IMAGE/etc/docker/daemon.json")" = '{' ]
}

@test "without --runtime the engines that the image has are set up, but no containerd that serves no pods" {
  for engine in dockerd containerd; do printf '#!/bin/sh\n' >"$IMAGE/usr/bin/$engine"; done
  chmod 755 "$IMAGE"/usr/bin/*d
  printf 'version = 2\ndisabled_plugins = ["cri"]\n' >"$IMAGE/etc/containerd/config.toml"
  run --separate-stderr "$BUILD/container-hooks-ctk" setup --root="$IMAGE"
  ok
  [[ $output == *"docker: wrote"* ]]
  [[ $output != *containerd:* ]]
}

@test "wrong use is an error of its own: --undo with --dry-run, an unknown engine, an unknown word for --restart" {
  for options in '--undo --dry-run' '--runtime=dokcer' '--restart=always'; do
    # shellcheck disable=SC2086 # words
    run --separate-stderr "$BUILD/container-hooks-ctk" setup --root="$IMAGE" $options
    ok 2
    silent_stdout
  done
}

silent_stdout() { [ -z "$output" ] || no "stdout: $output"; }

@test "the image for registries is the same twice, and docker, containerd and podman can read it" {
  local name=container-hooks-toolkit:test
  for each in 1 2; do "$ROOT/scripts/image" --name "$name" "$BATS_TEST_TMPDIR/$each.tar" "x86_64=$BUILD/container-hooks-toolkit"; done
  cmp "$BATS_TEST_TMPDIR/1.tar" "$BATS_TEST_TMPDIR/2.tar"
  mkdir "$BATS_TEST_TMPDIR/layout"
  tar -C "$BATS_TEST_TMPDIR/layout" -xf "$BATS_TEST_TMPDIR/1.tar"
  cd "$BATS_TEST_TMPDIR/layout"
  for blob in blobs/sha256/*; do [ "$(sha256sum <"$blob")" = "${blob##*/}  -" ]; done
  [ "$(jq -r '.[0].RepoTags[0]' manifest.json)" = "$name" ]
}

## scripts/examples

@test "the example of an image build makes the image, and a second time changes nothing" {
  local before
  run "$ROOT/scripts/examples/image-build" "$IMAGE" "$BUILD/container-hooks-toolkit" "$BATS_TEST_TMPDIR/hooks.d"
  ok
  [ "$(jq -r '."default-runtime", .debug' "$IMAGE/etc/docker/daemon.json" | paste -sd ' ')" = "container-hooks-runtime true" ]
  [ -e "$IMAGE/etc/container-hooks/hooks.d/a.json" ] && [ -x "$IMAGE/usr/bin/container-hooks-runtime" ]
  before=$(picture)
  run "$ROOT/scripts/examples/image-build" "$IMAGE" "$BUILD/container-hooks-toolkit" "$BATS_TEST_TMPDIR/hooks.d"
  ok
  [ "$output" = $'toolkit: nothing to do\nfiles: nothing to do\ndocker: nothing to do' ]
  [ "$(picture)" = "$before" ]
}

# Their calls of setup, a line each, as ansible and cloud-init would make them.
calls_of_setup() {
  python3 - "$ROOT/scripts/examples" <<'PYTHON'
import sys, yaml
play = yaml.safe_load(open(sys.argv[1] + "/ansible.yml"))
print(*[task["ansible.builtin.command"]["argv"] for task in play[0]["tasks"] if "ansible.builtin.command" in task][0][1:])
cloud = yaml.safe_load(open(sys.argv[1] + "/cloud-init.yml"))
print(*[call for call in cloud["runcmd"] if "setup" in call][0][1:])
PYTHON
}

@test "the calls of setup in the examples for ansible and cloud-init make a host, and say what ansible looks at" {
  mkdir -p "$IMAGE/etc/container-hooks"
  cp -r "$BATS_TEST_TMPDIR/hooks.d" "$IMAGE/etc/container-hooks/site.d"
  local call
  [ "$(calls_of_setup | wc -l)" = 2 ]
  while read -r call; do
    # shellcheck disable=SC2086 # words
    run --separate-stderr "$BUILD/container-hooks-toolkit" ${call/--hooks=/--hooks=$IMAGE} --root="$IMAGE"
    ok
  done < <(calls_of_setup)
  [[ $output == *"docker: nothing to do" ]]
  # shellcheck disable=SC2046 # words
  run "$BUILD/container-hooks-toolkit" $(calls_of_setup | head -n 1 | sed "s|--hooks=|--hooks=$IMAGE|") --root="$IMAGE"
  [ "$(jq '[.[].changed] | flatten | length' <<<"$output")" = 0 ]
}

@test "the hooks in the example for cloud-init are hooks" {
  python3 -c 'import sys, yaml; print(yaml.safe_load(open(sys.argv[1]))["write_files"][0]["content"])' "$ROOT/scripts/examples/cloud-init.yml" \
    >"$BATS_TEST_TMPDIR/a.json"
  run "$BUILD/container-hooks-ctk" hooks check --strict "$BATS_TEST_TMPDIR/a.json"
  [[ $output == *"checked 1 file, 1 hook" && $output != *error:* ]]
}
