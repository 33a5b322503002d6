#!/usr/bin/env bats
# The shim under a real dockerd, as --runtime and as the default runtime.
#
# SPDX-License-Identifier: Apache-2.0
load helpers
load engines

setup_file() {
  setup_engine_file dockerd docker containerd runc
  start_dockerd
  tar -C "$ROOTFS" -c . | docker import - busybox:test
}

teardown_file() { stop_daemon dockerd; }

setup() { setup_engine_test; }

docker_run() { run docker run --rm --network none -v "$SEEN:$SEEN" "$@"; }

@test "docker run by the default runtime starts a container with the hooks in it" {
  docker_run busybox:test echo "hello from inside"
  ok
  [ "$output" = "hello from inside" ]
  all_stages_ran
}

@test "docker run --runtime starts a container with the hooks in it" {
  docker_run --runtime hooks busybox:test echo "hello from inside"
  ok
  [ "$output" = "hello from inside" ]
  all_stages_ran
}

@test "docker run --runtime runc does not come by the shim" {
  docker_run --runtime runc busybox:test true
  ok
  no_stage_ran
}

@test "hooks that change serve the next docker run without a reload" {
  echo '{}' >"$HOOKS"
  docker_run busybox:test true
  ok
  no_stage_ran
  hooks_for_all_stages
  docker_run busybox:test true
  ok
  all_stages_ran
}

@test "the published example's shape of hooks.json, wrapper and trailing comma, works under docker" {
  cat >"$HOOKS" <<JSON
{
  "hooks": {
    "prestart": [
      {"path": "$SEEN/hook", "args": ["hook", "prestart"], "env": ["PATH=/bin:/usr/bin"]},
    ]
  }
}
JSON
  docker_run busybox:test true
  ok
  [ "$(cat "$SEEN/order")" = prestart ]
}

@test "docker exec, stop and rm work on a container of the shim" {
  run docker run -d --name "$ID" --network none -v "$SEEN:$SEEN" busybox:test sleep 1000
  ok
  run docker exec "$ID" echo "from exec"
  ok
  [ "$output" = "from exec" ]
  run docker stop -t 0 "$ID"
  ok
  run docker rm "$ID"
  ok
  all_stages_ran
}

@test "docker start of a stopped container runs the hooks again, each once" {
  run docker run --name "$ID" --network none -v "$SEEN:$SEEN" busybox:test true
  ok
  all_stages_ran
  rm "$SEEN/order"
  run docker start -a "$ID"
  ok
  all_stages_ran
  docker rm "$ID"
}

@test "a hook that fails stops docker run with the low-level runtime's error" {
  add_failing_hook createRuntime
  docker_run busybox:test echo unreachable
  [ "$status" -eq 125 ] || [ "$status" -eq 128 ]
  [[ $output == *"error running hook"* ]]
  [[ $output != *unreachable* ]]
}

@test "hooks preview knows a running container by its name, its id and the beginning of it" {
  run docker run -d --name "$ID" --network none -v "$SEEN:$SEEN" busybox:test sleep 1000
  ok
  local id=$output word
  for word in "$ID" "$id" "${id:0:12}"; do
    run "$BUILD/container-hooks-ctk" hooks preview "$word"
    ok
    [[ $output == *"yes  "* ]] || [[ $output == *"already"* ]]
    run "$BUILD/container-hooks-ctk" hooks preview --json "$word"
    [ "$(jq -r '.outcome, .hooks[0].in_spec' <<<"$output" | xargs)" = "already there true" ]
  done
  run docker rm -f "$ID"
  ok
  run --separate-stderr "$BUILD/container-hooks-ctk" hooks preview "$ID"
  ok 1
  [ "$stderr" = "container-hooks-ctk: there is no container $ID among those that docker, containerd, podman or CRI-O run on this host" ]
}

@test "hooks preview of a beginning that two containers have names both; an id or a name comes before a beginning" {
  run docker run -d --name "$ID" --network none -v "$SEEN:$SEEN" busybox:test sleep 1000
  ok
  local id=$output
  run docker run -d --name "${id:0:6}" --network none -v "$SEEN:$SEEN" busybox:test sleep 1000
  ok
  local other=$output
  run "$BUILD/container-hooks-ctk" hooks preview --json "${id:0:6}"
  ok
  run --separate-stderr "$BUILD/container-hooks-ctk" hooks preview ""
  ok 1
  [[ $stderr == *" is not one container, but "*": "*"$id"* && $stderr == *"$other"* ]] || no "$stderr"
  run docker rm -f "$ID" "${id:0:6}"
  ok
}

@test "an error of the shim is what docker run prints" {
  printf '{"prestrat": []}' >"$HOOKS"
  docker_run busybox:test echo unreachable
  [ "$status" -eq 125 ] || [ "$status" -eq 128 ]
  [[ $output == *"OCI runtime create failed: "* ]]
  [[ $output == *"$HOOKS:1:"* ]]
  [[ $output == *prestrat* ]]
  [[ $output != *unreachable* ]]
  no_stage_ran
}

## What a user sets

@test "a hook is told of docker's engine, image and labels" {
  hook_that_is_told
  docker_run --label app=web busybox:test true
  ok
  was_told docker busybox:test web
}

@test "a hook is told the container's name, and the image's digest as docker inspect has it" {
  hook_that_is_told
  sed -i 's/{{engine}}/{{name}}/; s/{{image}}/{{image-digest}}/' "$HOOKS"
  docker_run --name "$ID" --label app=web busybox:test true
  ok
  [ "$(cat "$SEEN/told")" = "<$ID><$(docker image inspect --format '{{.Id}}' busybox:test)><web>" ] || no "$(cat "$SEEN/told")"
}

@test "docker's images and labels choose the containers of a hook, with unless among them" {
  local directory=$BATS_FILE_TMPDIR/hooks.d
  sed -i "s|^dirs = .*|dirs = [\"$directory\"]|" "$CONTAINER_HOOKS_CONFIG"
  "$BUILD/container-hooks-ctk" hooks add --stage createRuntime --name a --when-image '^busybox:test$' --when-label app=web --unless-label quiet \
    /bin/sh -- -c 'echo "$1" >>"$0"' "$SEEN/chosen" '{{id}}'
  docker_run --label app=web busybox:test true
  ok
  docker_run --label app=web --label quiet=yes busybox:test true
  ok
  docker_run --label app=other busybox:test true
  ok
  docker_run "$(docker image inspect --format '{{.Id}}' busybox:test)" true
  ok
  rm "$directory/a.json"
  [ "$(wc -l <"$SEEN/chosen")" = 1 ]
}

@test "mounts over all that docker puts into /etc do not hide docker" {
  hook_that_is_told
  echo mine >"$BATS_TEST_TMPDIR/mine"
  local file mounts=()
  for file in hosts hostname resolv.conf; do mounts+=(-v "$BATS_TEST_TMPDIR/mine:/etc/$file"); done
  docker_run "${mounts[@]}" --label app=web busybox:test true
  ok
  was_told docker busybox:test web
}

@test "annotations of a user neither switch hooks off nor lie to them, where docker has them" {
  docker run --help | grep -q -- --annotation || skip "this docker has no --annotation"
  hook_that_is_told
  local annotation annotations=()
  while read -r annotation; do annotations+=(--annotation "$annotation"); done < <(forged_annotations)
  docker_run "${annotations[@]}" --label app=web busybox:test true
  ok
  was_told docker busybox:test web
}

## Recorded hooks

@test "docker run shows a recorded hook that fails by its name and what it said, and the record has the container's name" {
  failing_hook_recorded
  docker_run --name "$ID" busybox:test echo unreachable
  no_record
  [ "$status" -eq 125 ] || [ "$status" -eq 128 ]
  failure_was_told docker
  [ "$(jq -c '[.name, .image]' "$BATS_TEST_TMPDIR/log/hooks.jsonl")" = "[\"$ID\",\"busybox:test\"]" ]
}

@test "hooks of all host stages are recorded under docker" {
  record_all
  docker_run busybox:test true
  ok
  all_stages_ran
  no_record
  eventually recorded_five
}

recorded_five() {
  [ "$(jq -r '.stage + " " + .result' "$BATS_TEST_TMPDIR/log/hooks.jsonl" | sort | paste -sd ' ')" = \
    "createContainer ok createRuntime ok poststart ok poststop ok prestart ok" ]
}
