#!/usr/bin/env bats
# config.json is replaced whole or not at all, and stays the kind of file that it was.
#
# SPDX-License-Identifier: Apache-2.0
load helpers

setup() { setup_fake_runtime; }

teardown() {
  [ ! -e "${IMMUTABLE:-}" ] || chattr -i "$IMMUTABLE"
  [ -z "${MOUNTED:-}" ] || umount "$MOUNTED"
  [ -z "${HOME_OF_OTHER:-}" ] || rm -r "$HOME_OF_OTHER"
}

create() { shim create -b "$BUNDLE" c1; }

mode_and_owner() { stat -L -c '%a %u:%g' "$1"; }

# The old text whole, an error, and the runtime not called.
old_file_and_an_error() {
  one_error "$@" && cmp "$OLD_SPEC" "$SPEC" && runtime_was_not_called && no_litter
}

# A bundle on a file system of its own.
bundle_on_tmpfs() {
  needs_root
  MOUNTED=$BATS_TEST_TMPDIR/mounted
  mkdir "$MOUNTED"
  mount -t tmpfs -o "$1" tmpfs "$MOUNTED" || { MOUNTED=; skip "may not mount"; }
  BUNDLE=$MOUNTED
  bundle_of docker20
}

keeps_mode() {
  chmod "$1" "$SPEC"
  remember_spec
  create
  ok && silent && hooks_are_in && no_litter
  [ "$(stat -c %a "$SPEC")" = "$1" ]
}

@test "mode 0600 is kept" { keeps_mode 600; }

@test "mode 0644 is kept" { keeps_mode 644; }

@test "mode 0400 is kept" { keeps_mode 400; }

@test "mode 0666 is kept under a strict umask" {
  umask 077
  keeps_mode 666
}

@test "the owner is kept" {
  needs_root
  chown 1234:5678 "$SPEC"
  chmod 640 "$SPEC"
  remember_spec
  create
  ok && silent && hooks_are_in
  [ "$(mode_and_owner "$SPEC")" = "640 1234:5678" ]
}

@test "setuid bits are kept" {
  chmod 6644 "$SPEC"
  remember_spec
  create
  ok && hooks_are_in
  [ "$(stat -c %a "$SPEC")" = 6644 ]
}

@test "the file is a new one: a reader of the old one keeps what it reads" {
  exec 7<"$SPEC"
  create
  ok && hooks_are_in
  cmp "$OLD_SPEC" - <&7
}

@test "the content of a hard link elsewhere does not change" {
  ln "$SPEC" elsewhere.json
  remember_spec
  create
  ok && silent && hooks_are_in
  cmp "$OLD_SPEC" elsewhere.json
}

@test "a symlinked config.json stays one, and what it names gets the hooks or is refused" {
  mv "$SPEC" real.json
  ln -s ../real.json "$SPEC"
  create
  [ -L "$SPEC" ]
  if [ "$status" -eq 0 ]; then
    silent && hooks_are_in
  else
    old_file_and_an_error "$SPEC"
  fi
}

@test "a dangling config.json is refused" {
  rm "$SPEC"
  ln -s nowhere "$SPEC"
  create
  one_error "$BUNDLE/"
  runtime_was_not_called
  [ ! -e "$BUNDLE/nowhere" ]
}

@test "on a read-only file system the old file stays, with an error" {
  bundle_on_tmpfs size=1m
  mount -o remount,ro "$MOUNTED"
  create
  old_file_and_an_error "$SPEC" EROFS
}

@test "on a read-only file system a call with nothing to add works" {
  hooks_file '{}'
  bundle_on_tmpfs size=1m
  mount -o remount,ro "$MOUNTED"
  create
  ok && silent && spec_is_untouched
}

@test "on a full disk the old file stays, with an error, and no litter" {
  bundle_on_tmpfs size=64k
  dd if=/dev/zero of="$MOUNTED/filler" bs=4k 2>/dev/null || true
  create
  rm "$MOUNTED/filler"
  old_file_and_an_error "$SPEC" ENOSPC
}

@test "on a disk that is full half-way through the old file stays" {
  bundle_on_tmpfs size=64k
  dd if=/dev/zero of="$MOUNTED/filler" bs=4k 2>/dev/null || true
  truncate -s -8k "$MOUNTED/filler"
  create
  rm "$MOUNTED/filler"
  old_file_and_an_error "$SPEC" ENOSPC
}

@test "without a free inode the old file stays" {
  bundle_on_tmpfs size=1m,nr_inodes=2
  create
  old_file_and_an_error "$SPEC" ENOSPC
}

@test "beyond the limit of file sizes the old file stays, with an error" {
  run --separate-stderr bash -c 'ulimit -f 4; exec "$@"' - "$SHIM" create -b "$BUNDLE" c1
  old_file_and_an_error "$SPEC"
}

@test "beyond the limit of file sizes our log is not written, and the container starts" {
  truncate -s 20k "$LOG"
  run --separate-stderr bash -c 'ulimit -f 15; exec "$@"' - "$SHIM" create -b "$BUNDLE" c1
  ok && silent && hooks_are_in
  [ "$(stat -c %s "$LOG")" = 20480 ]
}

@test "the runtime gets the disposition of SIGXFSZ that the shim was given" {
  create
  [ "$(sed -n 's/^SigIgn:\t//p' "$RECORD/status")" = "$(sed -n 's/^SigIgn:\t//p' /proc/self/status)" ]
}

@test "in an immutable directory the old file stays, with an error" {
  needs_root
  chattr +i "$BUNDLE" 2>/dev/null || skip "no immutable files on this file system"
  IMMUTABLE=$BUNDLE
  create
  old_file_and_an_error "$SPEC" EPERM
}

@test "an immutable config.json stays, with an error" {
  needs_root
  chattr +i "$SPEC" 2>/dev/null || skip "no immutable files on this file system"
  IMMUTABLE=$SPEC
  create
  old_file_and_an_error "$SPEC" EPERM
}

@test "litter of a killed run, whatever its name, does not stop the next" {
  strace -f -qq -e trace=rename,renameat,renameat2 -e inject=rename,renameat,renameat2:signal=KILL:when=1 \
    "$SHIM" create -b "$BUNDLE" c1 >/dev/null 2>&1 || true
  runtime_was_not_called
  cmp "$OLD_SPEC" "$SPEC"
  create
  ok && silent && hooks_are_in
}

@test "litter of a killed run goes with the next also when that has nothing to add" {
  shim create -b "$BUNDLE" c1
  remember_spec
  : >"$BUNDLE/.config.json.container-hooks"
  shim create -b "$BUNDLE" c1
  ok && silent && spec_is_untouched && no_litter
}

@test "litter that a killed run has given to the owner of config.json does not stop the next" {
  needs_root
  chown 1234:5678 "$SPEC"
  remember_spec
  strace -f -qq -e trace=fchmod -e inject=fchmod:signal=KILL:when=1 "$SHIM" create -b "$BUNDLE" c1 >/dev/null 2>&1 || true
  [ "$(stat -c %u "$BUNDLE"/.*.container-hooks)" = 1234 ]
  create
  ok && silent && hooks_are_in && no_litter
}

@test "a file of a stranger under the name of the temporary one is an error, and stays" {
  needs_root
  echo precious >"$BUNDLE/.config.json.container-hooks"
  chown 1234 "$BUNDLE/.config.json.container-hooks"
  create
  one_error "in the way"
  runtime_was_not_called
  cmp "$OLD_SPEC" "$SPEC"
  [ "$(cat "$BUNDLE/.config.json.container-hooks")" = precious ]
}

@test "a link under the name of the temporary file is not followed" {
  echo precious >precious
  ln -s "$PWD/precious" "$BUNDLE/.config.json.container-hooks"
  create
  one_error "$SPEC"
  runtime_was_not_called
  cmp "$OLD_SPEC" "$SPEC"
  [ "$(cat precious)" = precious ]
}

@test "a second name of another file under the name of the temporary one is an error" {
  echo precious >precious
  ln precious "$BUNDLE/.config.json.container-hooks"
  create
  one_error "in the way"
  runtime_was_not_called
  [ "$(cat precious)" = precious ]
}

@test "extended attributes are kept" {
  needs_command setfattr
  setfattr -n user.origin -v engine "$SPEC" || skip "no extended attributes on this file system"
  create
  ok && hooks_are_in
  [ "$(getfattr --only-values -n user.origin "$SPEC")" = engine ]
}

@test "an extended attribute that does not fit is an error, not lost" {
  needs_native
  needs_command setfattr
  setfattr -n user.origin -v engine "$SPEC" || skip "no extended attributes on this file system"
  run --separate-stderr strace -qq -o /dev/null -e trace=fsetxattr -e inject=fsetxattr:error=ENOSPC \
    "$SHIM" create -b "$BUNDLE" c1
  old_file_and_an_error "$SPEC" ENOSPC
}

@test "a user other than root gets hooks into his own bundle" {
  move_to_other_user
  other_user_creates
  ok && silent
  [ "$(stage createRuntime | jq -c '.[-1].path')" = '"/bin/true"' ]
  [ "$(mode_and_owner "$SPEC")" = "644 1000:1000" ]
}

@test "a user other than root is refused a spec that he may not read" {
  move_to_other_user
  chown root "$SPEC"
  chmod 600 "$SPEC"
  remember_spec
  other_user_creates
  refused bundle/config.json EACCES
}

@test "a user other than root is refused a spec that he may not replace" {
  move_to_other_user
  chown root "$SPEC" "$BUNDLE"
  remember_spec
  other_user_creates
  refused bundle/config.json EACCES
}

@test "a set-user-id shim takes no configuration from the environment" {
  needs_native
  move_to_other_user
  other_user_calls state c1
  [ "$(tr '\0' ' ' <"$RECORD/cmdline")" = "$HOME_OF_OTHER/bin/runc state c1 " ]
  rm -r "$RECORD"
  chown root "$HOME_OF_OTHER/container-hooks-runtime"
  chmod 4755 "$HOME_OF_OTHER/container-hooks-runtime"
  other_user_calls state c1
  runtime_was_not_called
}

# All that a create needs, for uid 1000 and outside of bats' directories, which only their owner may enter.
move_to_other_user() {
  needs_root
  HOME_OF_OTHER=$(mktemp -d)
  chmod 755 "$HOME_OF_OTHER"
  cp -a "$BUNDLE" bin "$HOOKS" "$CONTAINER_HOOKS_CONFIG" "$HOME_OF_OTHER"
  cp "$BUILD/container-hooks-toolkit" "$HOME_OF_OTHER/container-hooks-runtime"
  sed -i "s@$BATS_TEST_TMPDIR/@$HOME_OF_OTHER/@" "$HOME_OF_OTHER/config.toml"
  chown -R 1000:1000 "$HOME_OF_OTHER"
  BUNDLE=$HOME_OF_OTHER/bundle SPEC=$HOME_OF_OTHER/bundle/config.json RECORD=$HOME_OF_OTHER/bin/record
}

other_user_calls() {
  run --separate-stderr setpriv --reuid=1000 --regid=1000 --clear-groups \
    env -C "$HOME_OF_OTHER" "CONTAINER_HOOKS_CONFIG=$HOME_OF_OTHER/config.toml" ./container-hooks-runtime "$@"
}

other_user_creates() { other_user_calls create -b bundle c1; }
