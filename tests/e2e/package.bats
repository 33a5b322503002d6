#!/usr/bin/env bats
# The packages: installed by dpkg and rpm into roots of their own, used there, upgraded, removed.
#
# The root for dpkg is this machine's, or the one that $PACKAGE_ROOT names, below a file system that goes with the test. The
# tests of a file follow each other: a package that is installed stays until it is removed.
#
# SPDX-License-Identifier: Apache-2.0
load helpers

setup_file() {
  [ "$(id -u)" = 0 ] && [ -e "${BUILD:-build}/src/manual" ] && command -v runc rpmbuild lintian >/dev/null || return 0
  ROOT=$(realpath "$BATS_TEST_DIRNAME/../..")
  PACKAGES=$BATS_FILE_TMPDIR/packages
  BUSYBOX=$(command -v busybox)
  export PACKAGES BUSYBOX
  "$ROOT/scripts/package" --build "${BUILD:-build}" --output "$PACKAGES/old" deb rpm
  "$ROOT/scripts/package" --build "${BUILD:-build}" --output "$PACKAGES/new" --version 9.0.0 deb
  MACHINE=$(mktemp -d)
  export MACHINE
  # pivot_root(2) wants a root whose parent is not shared, as it is where systemd runs.
  mount -t tmpfs tmpfs "$MACHINE"
  mount --make-private "$MACHINE"
  mkdir "$MACHINE/upper" "$MACHINE/work" "$MACHINE/root"
  mount -t overlay overlay -o "lowerdir=${PACKAGE_ROOT:-/},upperdir=$MACHINE/upper,workdir=$MACHINE/work" "$MACHINE/root"
  make_machine
}

# What the root lacks: file systems of the kernel, a low-level runtime, a bundle. Engines and configuration it has none.
make_machine() {
  local place
  cd "$MACHINE/root" || return
  for place in proc sys dev; do mount --rbind --make-rslave "/$place" "$place"; done
  mount -t tmpfs tmpfs run
  mount -t tmpfs tmpfs tmp
  rm -rf etc/container-hooks etc/docker var/lib/container-hooks usr/bin/container-hooks* var/log/container-hooks*
  [ -e usr/sbin/runc ] || { cp /usr/sbin/runc usr/sbin/ && cp /lib/x86_64-linux-gnu/libseccomp.so.2 lib/x86_64-linux-gnu/; }
  mkdir -p run/bundle/rootfs/bin run/packages usr/local/bin etc/docker
  cp "$BUSYBOX" run/bundle/rootfs/bin/sh
  (cd run/bundle && runc spec)
  jq '.process.terminal = false | .process.args = ["/bin/sh", "-c", "echo started; sleep 1000"] | del(.process.rlimits)' \
    run/bundle/config.json >config && mv config run/bundle/config.json
  printf '#!/bin/sh\ncat >>/run/seen\necho >>/run/seen\n' >usr/local/bin/tell
  chmod 755 usr/local/bin/tell
  cp "$PACKAGES"/old/*.deb run/packages/old.deb
  cp "$PACKAGES"/new/*.deb run/packages/new.deb
}

teardown_file() {
  [ -n "${MACHINE:-}" ] || return 0
  chroot "$MACHINE/root" runc delete --force c1 2>/dev/null || true
  umount -R -l "$MACHINE"
  rmdir "$MACHINE"
}

setup() {
  needs_root
  needs_native
  [ -n "${MACHINE:-}" ] || skip "needs manuals, runc, rpmbuild and lintian"
}

inside() { run --separate-stderr chroot "$MACHINE/root" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin DEBIAN_FRONTEND=noninteractive "$@"; }

# No triggers: manuals of the whole machine are not what is tested.
dpkg() { inside dpkg --force-unsafe-io --no-triggers "$@"; }

# All that is in the root, but for dpkg's own books.
files() { (cd "$MACHINE/root" && find etc usr var -xdev ! -path 'var/lib/dpkg/*' ! -path 'var/cache/*' ! -path var/log/dpkg.log | sort); }

seen() { [ "$(jq -r .status "$MACHINE/root/run/seen" | xargs)" = "$1" ]; }

@test "lintian and rpmlint have nothing to say that has no answer" {
  run lintian --fail-on error,warning,info --tag-display-limit 0 --suppress-tags bogus-mail-host "$PACKAGES"/old/*.deb
  [ "$(grep -v '^running with root' <<<"$output")" = "" ] || no "$output"
  run rpmlint --config "$ROOT/scripts/packaging/rpm/rpmlint.toml" "$PACKAGES"/old/*.rpm
  [[ $output == *"0 errors, 0 warnings"* ]] || no "$output"
}

@test "the same binary gives the same packages" {
  "$ROOT/scripts/package" --build "$BUILD" --output "$PACKAGES/again" deb rpm
  cmp "$PACKAGES"/old/*.deb "$PACKAGES"/again/*.deb
  cmp "$PACKAGES"/old/*.rpm "$PACKAGES"/again/*.rpm
}

@test "deb: what is installed works, and a container has a hook over runc" {
  files >"$BATS_FILE_TMPDIR/before"
  dpkg --install /run/packages/old.deb
  ok
  inside container-hooks-ctk hooks check
  ok
  inside container-hooks-ctk hooks add --stage createRuntime --stage poststop --timeout 5 tell
  ok
  chroot "$MACHINE/root" container-hooks-runtime run --detach --bundle /run/bundle c1 >"$BATS_TEST_TMPDIR/out" 2>&1 </dev/null ||
    no "$(cat "$BATS_TEST_TMPDIR/out")"
  eventually seen creating
}

@test "deb: an upgrade replaces the binary while a container runs, keeps the configuration, and its hooks still run" {
  inside container-hooks-ctk config --set log-level=debug
  ok
  dpkg --install /run/packages/new.deb
  ok
  inside container-hooks-ctk config get log-level
  [ "$output" = debug ]
  inside container-hooks-runtime kill c1 KILL
  ok
  inside container-hooks-runtime delete --force c1
  ok
  eventually seen "creating stopped"
}

@test "deb: it is not removed while an engine names the runtime, and the engine is named" {
  inside container-hooks-ctk runtime configure --runtime docker
  ok
  dpkg --remove container-hooks-toolkit
  [ "$status" -ne 0 ]
  [[ $stderr == *"still in use by docker (/etc/docker/daemon.json, container-hooks-runtime)"*container-hooks-ctk-runtime-unconfigure* ]] || no "$stderr"
  [ -x "$MACHINE/root/usr/bin/container-hooks-runtime" ]
  inside container-hooks-ctk runtime unconfigure --runtime docker
  ok
}

@test "deb: removed, it leaves the configuration; purged, nothing but the operator's hook" {
  dpkg --remove container-hooks-toolkit
  ok
  [ ! -e "$MACHINE/root/usr/bin/container-hooks-toolkit" ]
  grep -q debug "$MACHINE/root/etc/container-hooks/config.toml"
  dpkg --purge container-hooks-toolkit
  ok
  diff "$BATS_FILE_TMPDIR/before" <(files) >difference || true
  [ "$(grep '^[<>]' difference)" = "> etc/container-hooks
> etc/container-hooks/hooks.d
> etc/container-hooks/hooks.d/tell.json" ] || no "$(cat difference)"
}

@test "rpm: installed into a root of its own, it works there, is not removed while in use, and goes without a trace" {
  local root=$BATS_TEST_TMPDIR/rpm
  mkdir -p "$root/bin" "$root/etc/docker"
  cp "$BUSYBOX" "$root/bin/sh"
  chroot_rpm() { rpm --root "$root" --dbpath /var/lib/rpm "$@"; }
  chroot_rpm --install --nodeps "$PACKAGES"/old/*.rpm
  [ "$(chroot "$root" /usr/bin/container-hooks-toolkit --version)" = "$("$BUILD/container-hooks-toolkit" --version)" ]
  chroot_rpm --verify --nodeps container-hooks-toolkit
  chroot "$root" /usr/bin/container-hooks-ctk runtime configure --runtime docker --quiet
  run chroot_rpm --erase container-hooks-toolkit
  [ "$status" -ne 0 ]
  [[ $output == *"still in use by docker"* ]] || no "$output"
  chroot "$root" /usr/bin/container-hooks-ctk runtime unconfigure --runtime docker --quiet
  chroot_rpm --erase container-hooks-toolkit
  [ -z "$(find "$root" -name '*container-hooks*' ! -path '*/var/*')" ] || no "$(find "$root" -name '*container-hooks*')"
}
