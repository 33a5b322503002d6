#!/usr/bin/env bats
# Hooks run as root: what others can change is refused when the shim runs as root, be it a file, a program, a directory
# or a link on the way.
#
# SPDX-License-Identifier: Apache-2.0
load helpers

setup() {
  needs_root
  setup_fake_runtime
}

create() { shim create -b "$BUNDLE" c1; }

@test "hooks.json of another owner is refused, with how to mend it" {
  chown 1000 "$HOOKS"
  create
  refused "$HOOKS" "chown root"
}

@test "hooks.json that all can write is refused, with how to mend it" {
  chmod 666 "$HOOKS"
  create
  refused "$HOOKS" "chmod"
}

@test "hooks.json that its group can write is refused" {
  chmod 664 "$HOOKS"
  chgrp 1000 "$HOOKS"
  create
  refused "$HOOKS" "chmod"
}

@test "hooks.json of root that all can read is accepted" {
  chmod 644 "$HOOKS"
  create
  ok && silent && hooks_are_in
}

@test "hooks.json in a directory that all can write is refused" {
  mkdir open
  mv "$HOOKS" open/
  HOOKS=$PWD/open/hooks.json
  configure_runtimes "$BATS_TEST_TMPDIR/bin/runc"
  chmod 777 open
  create
  refused "$PWD/open" "chmod"
}

@test "a symbolic link to a file of another owner is refused" {
  mv "$HOOKS" real.json
  chown 1000 real.json
  ln -s real.json "$HOOKS"
  create
  refused "$PWD/real.json" "chown root"
}

@test "config.toml that others can write is refused on create" {
  chmod 666 "$CONTAINER_HOOKS_CONFIG"
  PATH=$BATS_TEST_TMPDIR/bin:$PATH create
  refused "$CONTAINER_HOOKS_CONFIG"
}

@test "a pass-through call does not look at hooks.json at all" {
  chmod 666 "$HOOKS"
  shim state c1
  ok && silent && runtime_got state c1
}

## The whole way

# A directory of user 1000, u, and in it a link, u/current, to one of root with hooks that would be accepted.
user_directory() {
  mkdir -p mine/hooks.d u
  printf '{"createRuntime":[{"path":"/bin/true"}]}' >mine/hooks.json
  cp "$CONTAINER_HOOKS_CONFIG" mine/config.toml
  ln -s ../mine u/current
  chown -h 1000 u u/current
}

@test "hooks.json that is reached through a user's link is refused, though the link leads to a directory of root" {
  user_directory
  HOOKS=$PWD/u/current/hooks.json
  configure_runtimes "$BATS_TEST_TMPDIR/bin/runc"
  create
  refused "$PWD/u" "chown root"
}

@test "a user's link is refused in a directory of root, too, and so is one to nothing" {
  ln -s mine current
  chown -h 1000 current
  HOOKS=$PWD/current/hooks.json
  configure_runtimes "$BATS_TEST_TMPDIR/bin/runc"
  create
  refused "the link $PWD/current" "chown -h root"
}

@test "a directory of hooks that is reached through a user's link is refused" {
  user_directory
  chown root u
  sed -i "s@^dirs.*@dirs = [\"$PWD/u/current/hooks.d\"]@" "$CONTAINER_HOOKS_CONFIG"
  create
  refused "the link $PWD/u/current"
}

@test "config.toml that is reached through a user's link is refused on create" {
  user_directory
  CONTAINER_HOOKS_CONFIG=$PWD/u/current/config.toml PATH=$BATS_TEST_TMPDIR/bin:$PATH create
  refused "$PWD/u"
}

@test "a refused hooks.json whose directory its user removes is not a missing one" {
  mkdir -m 1777 sticky
  mkdir sticky/u
  mv "$HOOKS" sticky/u/
  chown -R 1000 sticky/u
  HOOKS=$PWD/sticky/u/hooks.json
  configure_runtimes "$BATS_TEST_TMPDIR/bin/runc"
  create
  refused "$PWD/sticky/u" "chown root"
  rm -r sticky/u
  create
  refused "$PWD/sticky/u" "does not exist" "create it in $PWD/sticky"
}

@test "a sticky directory is not trusted as a directory of hooks" {
  mkdir -m 1777 hooks.d
  create
  refused "$PWD/hooks.d" "chmod go-w"
}

@test "a log that is reached through a user's link is not written, and nothing else changes" {
  echo precious >precious
  ln -s precious shim.log
  chown -h 1000 shim.log
  create
  ok && silent && hooks_are_in
  [ "$(cat precious)" = precious ]
}

@test "a log below a user's directory, or hard-linked from root's files, is not written" {
  local log
  mkdir logs
  echo precious >precious
  ln precious logs/linked.log
  mkdir logs/u
  chown 1000 logs/u
  for log in logs/linked.log logs/u/shim.log; do
    sed -i "s@^debug.*@debug = \"$PWD/$log\"@" "$CONTAINER_HOOKS_CONFIG"
    bundle_of docker20
    create
    ok && silent && hooks_are_in
  done
  [ "$(cat precious)" = precious ]
  [ ! -e logs/u/shim.log ]
}

@test "a log in a directory that a group can write is written" {
  mkdir logs
  chgrp 1000 logs
  chmod 775 logs
  sed -i "s@^debug.*@debug = \"$PWD/logs/shim.log\"@" "$CONTAINER_HOOKS_CONFIG"
  create
  ok && silent && hooks_are_in
  [ -s logs/shim.log ]
}

## Programs

program() {
  mkdir -p "$(dirname "$PWD/$1")"
  printf '#!/bin/sh\n' >"$1"
  chmod 755 "$1"
  hooks_file '{"'"${2:-createRuntime}"'":[{"path":"'"$PWD/$1"'"}]}'
}

@test "a hook's program that others can write is refused" {
  program hook
  chmod 777 hook
  create
  refused "$PWD/hook" "chmod go-w"
}

@test "a hook's program of another owner is refused" {
  program hook
  chown 1000 hook
  create
  refused "$PWD/hook" "chown root"
}

@test "a hook's program below a directory that others can write is refused" {
  program open/d/hook
  chmod 777 open
  create
  refused "the directory $PWD/open" "chmod go-w"
}

@test "a hook's program that is reached through a user's link is refused" {
  program d/hook
  ln -s d/hook link
  chown -h 1000 link
  hooks_file '{"poststop":[{"path":"'"$PWD/link"'"}]}'
  create
  refused "the link $PWD/link" "chown -h root"
}

@test "a program of root in a sticky directory of root is trusted" {
  program sticky/hook
  chmod 1777 sticky
  create
  ok && silent && hooks_are_in
}

@test "a program for startContainer is the container's, and not looked at" {
  program hook startContainer
  chmod 777 hook
  create
  ok && silent && hooks_are_in
}

@test "a program of hooks.d is refused likewise, with the file" {
  program hook
  chmod 777 hook
  rm "$HOOKS"
  mkdir hooks.d
  printf '{"version":"1.0.0","hook":{"path":"%s"},"when":{"always":true},"stages":["poststop"]}' "$PWD/hook" >hooks.d/h.json
  create
  refused "$PWD/hooks.d/h.json:" "$PWD/hook" "chmod go-w"
}

@test "hooks check and status say the same of a program" {
  program hook
  chmod 777 hook
  run "$BUILD/container-hooks-ctk" hooks check
  ok 1
  [[ $output == *"refuse $PWD/hook: users other than root can write it (mode 0777)"* ]]
  run "$BUILD/container-hooks-ctk" status
  [[ $output == *"refuse $PWD/hook: users other than root can write it (mode 0777)"* ]]
}

@test "a low-level runtime that others can write is refused, whatever is called" {
  chmod 777 bin/runc
  create
  refused "$PWD/bin/runc" "chmod go-w"
  shim state c1
  one_error "$PWD/bin/runc" "chmod go-w"
  runtime_was_not_called
}

@test "a low-level runtime of another owner, or below a directory of theirs, is refused, and status says so" {
  chown 1000 bin/runc
  create
  refused "$PWD/bin/runc" "chown root"
  chown root bin/runc
  chown 1000 bin
  create
  refused "the directory $PWD/bin" "chown root"
  run "$BUILD/container-hooks-ctk" status
  [[ $output == *"refuse the directory $PWD/bin: it belongs to user 1000"* ]]
}

## --root

# Exchanges two names as user 1000 as long as its parent wants it to: what a user of a mounted file system can do.
racer() {
  python3 - "$1" "$2" <<'PY' 3>&- &
import ctypes, os, sys
libc = ctypes.CDLL(None)
os.setgid(1000), os.setuid(1000)
a, b = (name.encode() for name in sys.argv[1:])
parent = os.getppid()
while os.getppid() == parent and libc.renameat2(-100, a, -100, b, 2) == 0:
    pass
PY
  RACER=$!
}

@test "who exchanges a directory below --root with a link leads nothing out of it" {
  local round
  needs_command python3
  local directories="usr/bin etc/container-hooks etc/docker var/lib/container-hooks" directory racers=()
  mkdir outside
  for directory in $directories; do
    mkdir -p "image/$directory"
    ln -s "$PWD/outside" "image/$directory.link"
  done
  chmod 711 "$BATS_RUN_TMPDIR" "$BATS_RUN_TMPDIR/test"
  chown -R -h 1000 image
  for directory in $directories; do
    racer "$PWD/image/$directory" "$PWD/image/$directory.link"
    racers+=("$RACER")
  done
  unset CONTAINER_HOOKS_STATE_DIR
  for round in $(seq 60); do
    "$BUILD/container-hooks-ctk" config --root "$PWD/image" --set log-level=debug || true
    "$BUILD/container-hooks-ctk" install --toolkit-root="$BUILD" --root "$PWD/image" || true
    "$BUILD/container-hooks-ctk" runtime configure --force --root "$PWD/image" || true
    "$BUILD/container-hooks-ctk" hooks add --root "$PWD/image" --stage startContainer --name "h$round" /inside || true
    "$BUILD/container-hooks-ctk" runtime unconfigure --root "$PWD/image" || true
    "$BUILD/container-hooks-ctk" uninstall --force --root "$PWD/image" || true
  done
  kill "${racers[@]}" # all were at work until now
  [ "$(ls -A outside)" = "" ] || no "outside: $(ls -A outside)"
}

@test "who exchanges a directory below --root with a link shows nothing outside of it to status" {
  local round
  needs_command python3
  mkdir -p outside image/etc/containerd image/usr/bin
  ln -s "$PWD/outside" image/etc/containerd.link
  for round in image/etc/containerd:harmless outside:secret; do
    cat >"${round%:*}/config.toml" <<TOML
version = 2
[plugins."io.containerd.grpc.v1.cri".containerd.runtimes.container-hooks-${round#*:}]
runtime_type = "io.containerd.runc.v2"
pod_annotations = ["*"]
[plugins."io.containerd.grpc.v1.cri".containerd.runtimes.container-hooks-${round#*:}.options]
BinaryName = "/usr/bin/container-hooks-runtime"
TOML
  done
  chmod 711 "$BATS_RUN_TMPDIR" "$BATS_RUN_TMPDIR/test"
  chown -R -h 1000 image
  racer "$PWD/image/etc/containerd" "$PWD/image/etc/containerd.link"
  for round in $(seq 150); do "$BUILD/container-hooks-ctk" status --root "$PWD/image" || true; done >said 2>&1
  kill "$RACER" # it was at work until now
  grep -q 'container-hooks-harmless.*pod_annotations has' said
  ! grep secret said || false
}
