#!/usr/bin/env bats
# The recipes of README.md: each example script as a hook that `hooks add` wrote, over the real runc and dockerd.
#
# SPDX-License-Identifier: Apache-2.0
load helpers
load engines

EXAMPLES=$(realpath "$BATS_TEST_DIRNAME/../../scripts/examples")
CTK=$BUILD/container-hooks-ctk

setup_file() {
  setup_engine_file dockerd docker containerd runc openssl perl
  setup_hooks_directory
  make_keys
  start_docker
}

teardown_file() { stop_daemon dockerd; }

setup() {
  SEEN=$BATS_TEST_TMPDIR/seen
  STATE=$BATS_TEST_TMPDIR/runc
  mkdir -p "$SEEN"
  ID=r$BATS_TEST_NUMBER-$$
  rm -rf "$HOOKS" "$BATS_FILE_TMPDIR/hooks.d"
}

teardown() { [ -z "${listener:-}" ] || kill "$listener"; }

setup_hooks_directory() {
  cat >"$CONTAINER_HOOKS_CONFIG" <<TOML
[container-hooks]
path = "$HOOKS"
dirs = ["$BATS_FILE_TMPDIR/hooks.d"]

[container-hooks-runtime]
debug = "$LOG"
runtimes = ["runc"]
TOML
}

start_docker() {
  start_dockerd
  tar -C "$ROOTFS" -c . | docker import - recipes/busybox:1
  tar -C "$ROOTFS" -c . | docker import --change 'LABEL tier=gold' - labelled:1
}

make_keys() {
  export KEYS=$BATS_FILE_TMPDIR/keys
  mkdir -p "$KEYS"
  local name
  for name in good other; do
    openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$KEYS/$name.key" 2>/dev/null
    openssl pkey -in "$KEYS/$name.key" -pubout -out "$KEYS/$name.pem"
  done
}

hooks_add() { "$CTK" hooks add --timeout 60 "$@" >/dev/null; }

run_runc() { shim --root "$STATE" run --bundle "$BUNDLE" "$ID"; }

run_docker() { run docker run --rm --network none "$@"; }

## Print the bundle path of every container

print_bundle() {
  hooks_add --stage createRuntime "$EXAMPLES/print-bundle" -- "$SEEN/bundles" '{{id}}' '{{bundle}}'
}

@test "runc: the bundle path of every container is printed" {
  print_bundle
  runnable_bundle true
  run_runc
  ok
  [ "$(cat "$SEEN/bundles")" = "$ID $BUNDLE" ]
}

@test "docker: the bundle path of every container is printed" {
  print_bundle
  run_docker --cidfile "$SEEN/id" recipes/busybox:1 true
  ok
  [[ $(cat "$SEEN/bundles") == "$(cat "$SEEN/id") /"*"/moby/$(cat "$SEEN/id")" ]]
}

## Verify an image before it starts

sign_image() {
  mkdir -p "$SEEN/signatures"
  "$EXAMPLES/image-signature" sign "$ROOTFS" "$KEYS/${1:-good}.key" >"$SEEN/signatures/recipes_busybox:1.sig"
}

verify_image() {
  hooks_add --stage createRuntime "$EXAMPLES/image-signature" -- verify '{{rootfs}}' "$KEYS/good.pem" \
    "$SEEN/signatures" "${1:-"{{image}}"}"
}

refused_by_docker() {
  [ "$status" -ne 0 ] && [[ $output == *"image recipes/busybox:1: $1"* ]] && [[ $output != *unreachable* ]] ||
    no "status $status: $output"
}

@test "docker: a container of a signed image starts" {
  sign_image
  verify_image
  run_docker recipes/busybox:1 echo "hello from inside"
  ok
  [ "$output" = "hello from inside" ]
}

@test "docker: a tampered file stops the container, and docker run says why" {
  sign_image
  verify_image
  docker create --name "$ID" --network none recipes/busybox:1 echo unreachable
  echo "#!/bin/sh" >"$SEEN/evil"
  docker cp "$SEEN/evil" "$ID:/bin/evil"
  run docker start -a "$ID"
  docker rm "$ID"
  refused_by_docker "its files are not those that were signed with this key"
}

@test "docker: a signature by another key stops the container" {
  sign_image other
  verify_image
  run_docker recipes/busybox:1 echo unreachable
  refused_by_docker "its files are not those that were signed with this key"
}

@test "docker: an image that nobody signed does not start" {
  verify_image
  run_docker recipes/busybox:1 echo unreachable
  refused_by_docker "it is not signed"
}

@test "runc: a signed root file system starts, one with another mode on a file does not" {
  sign_image
  verify_image recipes/busybox:1
  cp -a "$ROOTFS" "$BATS_TEST_TMPDIR/rootfs"
  ROOTFS=$BATS_TEST_TMPDIR/rootfs runnable_bundle 'echo "hello from inside"'
  run_runc
  ok
  [ "$output" = "hello from inside" ]
  chmod u+s "$BATS_TEST_TMPDIR/rootfs/bin/busybox"
  run_runc
  [ "$status" -ne 0 ]
  [[ $stderr == *"image recipes/busybox:1: its files are not those that were signed"* ]]
}

## Tell a local unix socket

listen() {
  perl -MIO::Socket::UNIX -e '
    my $socket = IO::Socket::UNIX->new(Local => shift, Listen => 5) or die "$!";
    $| = 1;
    while (my $peer = $socket->accept) { print <$peer> }' "$SEEN/socket" >"$SEEN/told" 3>&- &
  listener=$!
  eventually test -S "$SEEN/socket"
}

tell_socket() {
  hooks_add --name tell-start --stage poststart "$EXAMPLES/tell-socket" -- "$SEEN/socket" start
  hooks_add --name tell-stop --stage poststop "$EXAMPLES/tell-socket" -- "$SEEN/socket" stop
}

told() { [ "$(jq -r '"\(.event) \(.state.id)"' "$SEEN/told" | paste -sd ' ')" = "start $1 stop $1" ]; }

@test "runc: a unix socket is told of the start and the stop" {
  listen
  tell_socket
  runnable_bundle true
  run_runc
  ok
  eventually told "$ID" || no "told: $(cat "$SEEN/told")"
}

@test "docker: a unix socket is told of the start and the stop" {
  listen
  tell_socket
  run_docker --cidfile "$SEEN/id" recipes/busybox:1 true
  ok
  eventually told "$(cat "$SEEN/id")" || no "told: $(cat "$SEEN/told")"
}

@test "runc: a socket that nobody listens at stops no container" {
  tell_socket
  runnable_bundle 'echo "hello from inside"'
  run_runc
  ok
  [ "$output" = "hello from inside" ]
}

## Only for some containers

annotate_bundle() {
  jq --arg value "$1" '.annotations = {"example.com/trace": $value}' "$SPEC" >"$SPEC.new"
  mv "$SPEC.new" "$SPEC"
}

hook_for_annotated() {
  hooks_add --stage createRuntime --when-annotation example.com/trace=yes "$EXAMPLES/print-bundle" -- "$SEEN/bundles" '{{id}}' \
    '{{annotation:example.com/trace}}'
}

@test "runc: a hook for annotated containers runs for these only" {
  hook_for_annotated
  runnable_bundle true
  run_runc
  ok
  annotate_bundle no
  run_runc
  ok
  [ ! -e "$SEEN/bundles" ]
  annotate_bundle yes
  run_runc
  ok
  [ "$(cat "$SEEN/bundles")" = "$ID yes" ]
}

@test "docker: a hook for annotated containers leaves others alone" {
  hook_for_annotated
  run_docker recipes/busybox:1 true
  ok
  [ ! -e "$SEEN/bundles" ]
}

@test "docker: a hook for annotated containers runs for one with --annotation" {
  hook_for_annotated
  docker run --help | grep -q -- --annotation || skip "this docker has no --annotation (24 has)"
  run_docker --cidfile "$SEEN/id" --annotation example.com/trace=yes recipes/busybox:1 true
  ok
  [ "$(cat "$SEEN/bundles")" = "$(cat "$SEEN/id") yes" ]
}

@test "docker: a hook for a command runs for this only, and knows image and label" {
  hooks_add --stage createRuntime --when-command '^/?(bin/)?echo$' "$EXAMPLES/print-bundle" -- "$SEEN/bundles" '{{engine}} {{image}}' \
    '{{label:tier}}'
  run_docker labelled:1 true
  ok
  [ ! -e "$SEEN/bundles" ]
  run_docker labelled:1 echo hello
  ok
  [ "$(cat "$SEEN/bundles")" = "docker labelled:1 gold" ]
}
