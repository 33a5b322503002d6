#!/usr/bin/env bats
# The recipes of the guide: each example script as a hook that `hooks add` wrote, over the real runc and dockerd.
#
# SPDX-License-Identifier: Apache-2.0
load helpers
load engines

EXAMPLES=$(realpath "$BATS_TEST_DIRNAME/../../scripts/examples")
CTK=$BUILD/container-hooks-ctk

setup_file() {
  setup_engine_file dockerd docker containerd runc openssl perl getfattr setfattr setcap
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
  export PRISTINE=$BATS_FILE_TMPDIR/pristine # what the image is of; bundles get mount points in $ROOTFS
  mknod -m 666 "$ROOTFS/node" c 1 3
  cp -a "$ROOTFS" "$PRISTINE"
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

## Standard input

# crun fails with EPIPE when a hook ends before it has taken the state; runc does not mind.
@test "every example reads the state that engines write to it, also where it refuses" {
  write_state "$EXAMPLES/print-bundle" "$SEEN/bundles" id /bundle
  write_state "$EXAMPLES/image-signature" verify "$ROOTFS" "$KEYS/good.pem" "$SEEN" unsigned
  write_state "$EXAMPLES/image-signature" verify "$ROOTFS" "$KEYS/good.pem" "$SEEN" ""
  write_state "$EXAMPLES/tell-socket" "$SEEN/socket" start
}

# A state of more than a pipe holds.
write_state() {
  head -c 1000000 /dev/zero | { "$@" >/dev/null 2>&1 || true; }
  [ "${PIPESTATUS[0]}" = 0 ] || no "does not read: $*"
}

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
  "$EXAMPLES/image-signature" sign "$PRISTINE" "$KEYS/${1:-good}.key" "$SEEN/signatures" "${2:-recipes/busybox:1}" >/dev/null
}

verify_image() {
  hooks_add --stage createRuntime "$EXAMPLES/image-signature" -- verify -- '{{rootfs}}' "$KEYS/good.pem" \
    "$SEEN/signatures" "${1:-"{{image}}"}"
}

refused_by_docker() {
  [ "$status" -ne 0 ] && [[ $output == *"image recipes/busybox:1: $1"* ]] && [[ $output != *unreachable* ]] ||
    no "status $status: $output"
}

differs="its files are not those that were signed with this key"

# The root file system of a container that is not started yet.
rootfs_of() {
  echo "$BATS_FILE_TMPDIR/data/vfs/dir/$(cat "$BATS_FILE_TMPDIR/data/image/vfs/layerdb/mounts/$1/mount-id")"
}

# Docker does not start a container of a signed image in whose root this shell command was run: WHY COMMAND
refused_when_tampered() {
  sign_image
  verify_image
  local id
  id=$(docker create --network none recipes/busybox:1 echo unreachable)
  "$EXAMPLES/image-signature" verify "$(rootfs_of "$id")" "$KEYS/good.pem" "$SEEN/signatures" recipes/busybox:1 </dev/null
  (cd "$(rootfs_of "$id")" && eval "$2")
  run docker start -a "$id"
  docker rm "$id"
  refused_by_docker "$1"
}

@test "docker: a container of a signed image starts" {
  sign_image
  verify_image
  run_docker recipes/busybox:1 echo "hello from inside"
  ok
  [ "$output" = "hello from inside" ]
}

@test "docker: a container of a signed image starts a second time" {
  sign_image
  verify_image
  docker create --name "$ID" --network none recipes/busybox:1 echo "hello from inside"
  docker start -a "$ID"
  run docker start -a "$ID"
  docker rm "$ID"
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
  refused_by_docker "$differs"
}

@test "docker: a signature by another key stops the container" {
  sign_image other
  verify_image
  run_docker recipes/busybox:1 echo unreachable
  refused_by_docker "$differs"
}

@test "docker: an image that nobody signed does not start" {
  verify_image
  run_docker recipes/busybox:1 echo unreachable
  refused_by_docker "it is not signed"
}

@test "docker: the signature of recipes_busybox is not that of recipes/busybox" {
  sign_image good recipes_busybox:1
  verify_image
  run_docker recipes/busybox:1 echo unreachable
  refused_by_docker "it is not signed"
}

@test "docker: the signature of another image with the same files does not count" {
  sign_image good other:1
  mv "$SEEN/signatures/other:1.sig" "$SEEN/signatures/recipes%2Fbusybox:1.sig"
  verify_image
  run_docker recipes/busybox:1 echo unreachable
  refused_by_docker "$differs"
}

@test "docker: a file below /.dockerenv is refused" {
  refused_when_tampered "$differs" 'rm .dockerenv && mkdir .dockerenv && cp bin/busybox .dockerenv/x'
}

@test "docker: a file below /etc/mtab is refused" {
  refused_when_tampered "$differs" 'rm -f etc/mtab && mkdir etc/mtab && cp bin/busybox etc/mtab/x'
}

@test "docker: a /.dockerenv with content is refused" {
  refused_when_tampered "$differs" 'cp bin/busybox .dockerenv && chmod 4755 .dockerenv'
}

@test "docker: an /etc/mtab that points elsewhere is refused" {
  refused_when_tampered "$differs" 'ln -sfn /etc/passwd etc/mtab'
}

@test "docker: a file below /dev is refused" {
  refused_when_tampered "$differs" 'cp bin/busybox dev/x'
}

@test "docker: an added file capability is refused" {
  refused_when_tampered "$differs" 'setcap cap_net_raw+ep bin/busybox'
}

@test "docker: another extended attribute of a directory is refused" {
  refused_when_tampered "$differs" 'setfattr -n trusted.overlay.opaque -v y etc'
}

@test "docker: another device number is refused" {
  refused_when_tampered "$differs" 'rm node && mknod -m 666 node c 1 5'
}

@test "docker: a directory that became writable for all is refused" {
  refused_when_tampered "$differs" 'chmod 777 etc'
}

@test "docker: a directory of another owner is refused" {
  refused_when_tampered "$differs" 'chown 1000:1000 etc'
}

@test "docker: a root that became writable for all is refused" {
  refused_when_tampered "$differs" 'chmod 777 .'
}

@test "docker: a file whose path is too long to be read is refused" {
  refused_when_tampered "not all of its files can be read" 'deep_file changed'
}

@test "docker: a file in the place of a link, and a link in the place of a file, are refused" {
  refused_when_tampered "$differs" 'rm bin/ls && cp bin/busybox bin/ls'
  rm -rf "$BATS_FILE_TMPDIR/hooks.d"
  refused_when_tampered "$differs" 'mv bin/busybox bin/b && ln -s b bin/busybox'
}

@test "docker: a whiteout, as overlayfs makes it, is refused" {
  refused_when_tampered "$differs" 'rm -f etc/hosts && mknod etc/hosts c 0 0'
}

@test "runc: a signed root file system starts, one with another mode on a file does not" {
  sign_image
  verify_image recipes/busybox:1
  cp -a "$PRISTINE" "$BATS_TEST_TMPDIR/rootfs"
  ROOTFS=$BATS_TEST_TMPDIR/rootfs runnable_bundle 'echo "hello from inside"'
  jq 'del(.mounts[] | select(.type == "bind"))' "$SPEC" >"$SPEC.new" && mv "$SPEC.new" "$SPEC"
  run_runc
  ok
  [ "$output" = "hello from inside" ]
  chmod u+s "$BATS_TEST_TMPDIR/rootfs/bin/busybox"
  run_runc
  [ "$status" -ne 0 ]
  [[ $stderr == *"image recipes/busybox:1: $differs"* ]]
}

## The same without an engine, for what no archive of an image can hold

# A file whose path is longer than PATH_MAX, from the current directory on.
deep_file() {
  perl -e 'my $name = "d" x 250;
    for (1 .. 20) { -d $name or mkdir $name or die "$!"; chdir $name or die "$!" }
    open my $file, ">", "deep" or die "$!"; print $file shift' "$1"
}

# A root file system with one of everything that a name and a type can be.
odd_rootfs() {
  mkdir -p "$SEEN/odd/-rf" "$SEEN/signatures"
  cd "$SEEN/odd" || return
  printf first >"$(printf 'line\nbreak')"
  printf second >-n
  printf third >'line'
  mkfifo pipe
  ln line hard
  ln -s line soft
  truncate -s 65536 sparse
  mknod node b 7 1
  printf '\377' >"$(printf 'b\377d')"
}

sign_odd() { "$EXAMPLES/image-signature" sign "$SEEN/odd" "$KEYS/good.key" "$SEEN/signatures" odd >/dev/null; }

verify_odd() {
  run --separate-stderr "$EXAMPLES/image-signature" verify "$SEEN/odd" "$KEYS/good.pem" "$SEEN/signatures" odd </dev/null
}

odd_is_refused() { [ "$status" -eq 1 ] && [ "$stderr" = "image odd: $1" ] || no "status $status: $stderr"; }

# Signs the odd root file system anew, runs a command in it, and wants it refused.
odd_refused_when() {
  rm -rf "$SEEN/odd"
  (odd_rootfs)
  sign_odd
  verify_odd
  ok
  (cd "$SEEN/odd" && eval "$1")
  verify_odd
  odd_is_refused "$differs" || no "after $1"
}

@test "odd names and types are signed, and each change of one is refused" {
  local change
  for change in \
    'rm "$(printf "line\nbreak")" && printf first >linebreak' \
    'printf changed >"$(printf "line\nbreak")"' \
    'printf changed >./-n' \
    'rmdir ./-rf' \
    'rm pipe && touch pipe' \
    'chmod 666 pipe' \
    'ln line another' \
    'rm hard && ln ./-n hard' \
    'ln -sfn hard soft' \
    'printf x | dd of=sparse bs=1 seek=4096 conv=notrunc status=none' \
    'truncate -s 65537 sparse' \
    'rm node && mknod node c 7 1' \
    'mv "$(printf "b\377d")" "$(printf "b\376d")"' \
    'setfattr -n user.note -v x line' \
    'setfattr -h -n trusted.note -v x soft' \
    'setfattr -n security.capability -v 0x0100000200200000000000000000000000000000 line' \
    'setfattr -n system.posix_acl_access -v 0x0200000001000600ffffffff02000700e803000004000400ffffffff10000700ffffffff20000400ffffffff ./-n' \
    'mkdir more' \
    'mkdir dev && chmod 777 dev' \
    'printf x >.dockerenv' \
    'touch .dockerenv && chown 1000 .dockerenv' \
    'mkdir etc && touch etc/passwd'; do
    odd_refused_when "$change"
  done
}

@test "a sparse file is the same as one with its zeros written out" {
  (odd_rootfs)
  sign_odd
  (cd "$SEEN/odd" && cp --sparse=never sparse full && mv full sparse)
  verify_odd
  ok
}

@test "what cannot be read is neither signed nor verified" {
  mkdir -p "$SEEN/odd" "$SEEN/signatures"
  (cd "$SEEN/odd" && deep_file one)
  run --separate-stderr sign_odd
  [ "$status" -eq 1 ]
  [[ $stderr == *"image odd: not all of its files can be read" ]]
  [ -z "$(ls -A "$SEEN/signatures")" ]
}

@test "a file that its reader may not read is refused" {
  mkdir -p "$SEEN/odd" "$SEEN/signatures"
  echo secret >"$SEEN/odd/secret"
  sign_odd
  chmod 000 "$SEEN/odd/secret"
  run --separate-stderr as_reader_of_only_its_own "$EXAMPLES/image-signature" verify "$SEEN/odd" "$KEYS/good.pem" \
    "$SEEN/signatures" odd
  [ "$status" -eq 1 ]
  [[ $stderr == *"image odd: not all of its files can be read" ]]
}

# root that may not read what is not its own.
as_reader_of_only_its_own() { setpriv --bounding-set -all --inh-caps -all "$@" </dev/null; }

@test "only a directory that is there is signed" {
  ln -s "$ROOTFS" "$SEEN/link"
  local root
  mkdir -p "$SEEN/signatures"
  for root in "$SEEN/nonexistent" "$SEEN/link" /etc/passwd "" - relative; do
    run --separate-stderr "$EXAMPLES/image-signature" sign "$root" "$KEYS/good.key" "$SEEN/signatures" odd
    [ "$status" -eq 1 ] && [ -z "$(ls -A "$SEEN/signatures")" ] || no "signs $root"
  done
}

@test "a root file system that was exchanged for a link is refused" {
  (odd_rootfs)
  sign_odd
  mv "$SEEN/odd" "$SEEN/elsewhere"
  ln -s elsewhere "$SEEN/odd"
  verify_odd
  odd_is_refused "$SEEN/odd is not a directory"
}

@test "an image without a name is refused" {
  run --separate-stderr "$EXAMPLES/image-signature" verify "$ROOTFS" "$KEYS/good.pem" "$SEEN" "" </dev/null
  [ "$status" -eq 1 ]
  [ "$stderr" = "image : the engine does not say which it is" ]
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

## A default spec for every container

default_spec() {
  mkdir "$SEEN/site"
  echo here >"$SEEN/site/name"
  cat >"$SEEN/default-spec.jq" <<JQ
.process.rlimits = [.process.rlimits[]? | select(.type != "RLIMIT_CORE")] + [{type: "RLIMIT_CORE", soft: 0, hard: 0}]
| .mounts += [{destination: "/etc/site", type: "bind", source: "$SEEN/site", options: ["rbind", "ro"]}]
JQ
  hooks_add --stage precreate "$EXAMPLES/default-spec" -- "$SEEN/default-spec.jq"
}

limits_and_site='grep "core file" /proc/self/limits | tr -s " " | cut -d " " -f 5,6; cat /etc/site/name; echo x 2>/dev/null >/etc/site/name || echo read-only'

@test "runc: every container has an rlimit and a read-only mount" {
  default_spec
  runnable_bundle "${limits_and_site//grep/busybox grep}"
  run_runc
  [[ $output == *$'here\nread-only' ]] || no "$output $stderr"
}

@test "docker: every container has an rlimit and a read-only mount" {
  default_spec
  run_docker recipes/busybox:1 sh -c 'ulimit -c; ulimit -H -c; cat /etc/site/name; echo x 2>/dev/null >/etc/site/name || echo read-only'
  ok
  [ "$output" = $'0\n0\nhere\nread-only' ]
}

## A device of a CDI file

cdi_file() {
  cat >"$SEEN/vendor.json" <<'JSON'
{"cdiVersion": "1.1.0", "kind": "example.com/device",
 "containerEdits": {"env": ["VENDOR=1"]},
 "devices": [
  {"name": "zero", "containerEdits": {"env": ["DEVICE=zero"], "deviceNodes": [{"path": "/dev/vendor-zero", "hostPath": "/dev/zero"}]}},
  {"name": "full", "containerEdits": {"deviceNodes": [{"path": "/dev/vendor-full", "type": "c", "major": 1, "minor": 7, "permissions": "r"}],
   "mounts": [{"hostPath": "/srv", "containerPath": "/vendor", "options": ["rbind", "ro"]}]}}]}
JSON
  hooks_add --stage precreate --when-label example.com/device "$EXAMPLES/cdi-device" -- "$SEEN/vendor.json" -- '{{label:example.com/device}}'
}

@test "docker: a container that is labelled so has a device of a CDI file, another has not" {
  cdi_file
  run_docker --label example.com/device=zero recipes/busybox:1 sh -c 'echo $VENDOR $DEVICE; busybox head -c 3 /dev/vendor-zero | busybox od -An -tx1'
  ok
  [ "$output" = $'1 zero\n 00 00 00' ] || no "$output"
  run_docker --label example.com/device=full recipes/busybox:1 sh -c 'ls /dev/vendor-full -d /vendor; echo x >/dev/vendor-full'
  [ "$status" -ne 0 ]
  [[ $output == *$'/dev/vendor-full\n/vendor'* ]] || no "$output"
  run_docker recipes/busybox:1 sh -c 'echo "$VENDOR"; ls /dev/vendor-zero'
  [[ $output != *1* && $output == *"No such file"* ]]
}

@test "docker: a device that is not in the CDI file stops the container, and docker run says why" {
  cdi_file
  run_docker --label example.com/device=none recipes/busybox:1 true
  [ "$status" -ne 0 ]
  [[ $output == *"precreate: exit status 1: there is no device none in it"* ]] || no "$output"
}

## By what the engine says of a container

@test "docker: a hook for one service of compose, by its label" {
  hooks_add --stage createRuntime --when-label com.docker.compose.service=web "$EXAMPLES/print-bundle" -- "$SEEN/bundles" '{{id}}' '{{name}}'
  run_docker --label com.docker.compose.service=db recipes/busybox:1 true
  ok
  [ ! -e "$SEEN/bundles" ]
  run_docker --name "project-web-$ID" --label com.docker.compose.service=web recipes/busybox:1 true
  ok
  [[ $(cat "$SEEN/bundles") == *" project-web-$ID" ]]
}

@test "docker: only images of a list start, and docker run says why another does not" {
  hooks_add --stage createRuntime --name images --unless-image '^recipes/' /bin/sh -- -c 'cat >/dev/null; echo "image $0 is not on the list" >&2; exit 1' '{{image}}'
  run_docker recipes/busybox:1 echo hello
  ok
  [ "$output" = hello ]
  run_docker labelled:1 echo hello
  [ "$status" -ne 0 ]
  [[ $output == *"image labelled:1 is not on the list"* && $output != *hello* ]]
}
