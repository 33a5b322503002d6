#!/usr/bin/env bats
# A host that has nothing: a kernel, a low-level runtime, busybox, and the toolkit's one file by the name of the runtime.
#
# SPDX-License-Identifier: Apache-2.0
load helpers

setup() {
  needs_root
  for command in runc busybox; do needs_command "$command"; done
  MACHINE=$(mktemp -d -p /dev/shm)
  make_root "$MACHINE/root"
}

teardown() { rm -rf "${MACHINE:-}"; }

# All that there is. The libraries are those that Debian's runc is linked with; a static one needs none.
make_root() {
  mkdir -p "$1"/{bin,usr/bin,usr/sbin,etc/container-hooks,proc,sys,dev,run}
  cp "$(command -v busybox)" "$1/bin/busybox"
  cp "$(command -v runc)" "$1/usr/sbin/runc"
  ldd "$1/usr/sbin/runc" | grep -oE '/[^ ]+' | while read -r library; do install -D "$library" "$1$library"; done
  cp "$BUILD/container-hooks-toolkit" "$1/usr/bin/container-hooks-runtime"
  jq -n '{createRuntime: [{path: "/bin/busybox", args: ["sh", "-c", "cat >/run/created"]}],
    poststop: [{path: "/bin/busybox", args: ["sh", "-c", "cat >/run/stopped"]}]}' >"$1/etc/container-hooks/hooks.json"
}

# A container in a root of those files, read-only, with only the kernel's file systems and an empty /run; no PATH, no environment.
cat_of_run() {
  cat <<'SCRIPT'
root=$1
mount --bind "$root" "$root" && mount -o remount,bind,ro "$root"
mount --rbind /proc "$root/proc" && mount --rbind /sys "$root/sys" && mount --rbind /dev "$root/dev" && mount -t tmpfs tmpfs "$root/run"
mkdir -p "$root/run/bundle/rootfs/bin"
cp "$2" "$root/run/bundle/rootfs/bin/sh"
cp "$3" "$root/run/bundle/config.json"
env -i "$(command -v chroot)" "$root" /usr/bin/container-hooks-runtime run --bundle /run/bundle c1 </dev/null
echo "status $?, created $(jq -r .status "$root/run/created"), stopped $(jq -r .status "$root/run/stopped")"
SCRIPT
}

run_container() {
  local spec=$MACHINE/config.json
  if [ ! -e "$spec" ]; then
    (cd "$MACHINE" && runc spec)
    jq '.process.terminal = false | .process.args = ["/bin/sh", "-c", "echo hello"] | del(.process.rlimits)' "$spec" >"$spec.new"
    mv "$spec.new" "$spec"
  fi
  run --separate-stderr unshare --mount --propagation private bash -c "$(cat_of_run)" - "$MACHINE/root" "$(command -v busybox)" "$spec"
}

ran() { [ "$output" = "hello
status 0, created creating, stopped stopped" ]; }

@test "a container with hooks runs on a read-only root of busybox, runc and the toolkit, without /var and PATH" {
  find "$MACHINE/root" ! -type d | sort >"$MACHINE/before"
  run_container
  ran || no "$output: $stderr"
  [ -z "$stderr" ] || no "$stderr"
  find "$MACHINE/root" ! -type d | sort | diff "$MACHINE/before" -
  [ ! -e "$MACHINE/root/var" ]
  [ "$(grep -cv '\.so' "$MACHINE/before")" = 4 ] || no "$(cat "$MACHINE/before")"
}

@test "none of these files can be left out" {
  local file
  find "$MACHINE/root" ! -type d ! -name '*.so*' >"$MACHINE/files"
  while read -r file; do
    mv "$file" "$MACHINE/away"
    run_container
    ! ran || no "not needed: $file"
    mv "$MACHINE/away" "$file"
  done <"$MACHINE/files"
  run_container
  ran || no "$output: $stderr"
}
