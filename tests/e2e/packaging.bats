#!/usr/bin/env bats
# The recipes for distributions: filled in, in the form that each distribution reads, and with build options that work.
#
# SPDX-License-Identifier: Apache-2.0
load helpers

setup_file() {
  ROOT=$(realpath "$BATS_TEST_DIRNAME/../..")
  git -C "$ROOT" rev-parse HEAD >/dev/null 2>&1 || return 0
  FILLED=$BATS_FILE_TMPDIR/filled
  export FILLED
  "$ROOT/scripts/package" --output "$FILLED" recipes
}

setup() {
  [ -n "${FILLED:-}" ] || skip "not a repository of git"
  cd "$FILLED/recipes" || return
  SHA256=$(sha256sum <"$(ls "$FILLED"/*.tar.gz)" | cut -d ' ' -f 1)
}

version() { sed -n "s/^  version: '\([^']*\)'.*/\1/p" "$ROOT/meson.build"; }

# FILE VARIABLE: what make makes of a recipe whose build system is not there.
value_of() {
  printf 'INCLUDE_DIR=/dev/null/..\nTOPDIR=.\ndefine meson-package\nendef\ndefine BuildPackage\nendef\ninclude %s\nvalue:\n\t@echo "$(%s)"\n' \
    "$1" "$2" >"$BATS_TEST_TMPDIR/Makefile"
  sed -i 's/^include \$(\(TOPDIR\|INCLUDE_DIR\)).*//' "$1"
  make --no-print-directory -f "$BATS_TEST_TMPDIR/Makefile" value
}

@test "each recipe is filled in, and has the version of meson.build" {
  run grep -rnE '@[a-z0-9-]+@' .
  [ -z "$output" ] || no "$output"
  [ "$(find . -type f | wc -l)" = 7 ]
  [ "$(sed -n 's/^pkgver=//p' alpine/APKBUILD)" = "$(version)" ]
  [ -e "yocto/container-hooks-toolkit_$(version).bb" ]
  [ "$(value_of buildroot/container-hooks-toolkit.mk CONTAINER_HOOKS_TOOLKIT_VERSION)" = "$(version)" ]
  [ "$(value_of openwrt/Makefile PKG_VERSION)" = "$(version)" ]
}

@test "the sums are those of the tar file and of LICENSE in it" {
  local name
  name=container-hooks-toolkit-$(version)
  tar -xzf "$FILLED/$name.tar.gz" -C "$BATS_TEST_TMPDIR" "$name/LICENSE" "$name/meson.build"
  (cd "$BATS_TEST_TMPDIR/$name" && sha256sum --check --quiet <(grep ' LICENSE$' "$FILLED/recipes/buildroot/container-hooks-toolkit.hash" | sed 's/^sha256  //'))
  (cd "$FILLED" && sed -n '/^sha512sums/,/^"/p' recipes/alpine/APKBUILD | grep tar.gz | sha512sum --check --quiet)
  grep -qx "sha256  $SHA256  $name.tar.gz" buildroot/container-hooks-toolkit.hash
  grep -q "sha256sum\] = \"$SHA256\"" yocto/*.bb
  [ "$(value_of openwrt/Makefile PKG_HASH)" = "$SHA256" ]
  grep -q "md5=$(md5sum <"$BATS_TEST_TMPDIR/$name/LICENSE" | cut -d ' ' -f 1)\"" yocto/*.bb
}

@test "Alpine: busybox's shell reads APKBUILD, which has the variables and functions that abuild wants" {
  needs_command busybox
  busybox sh -n alpine/APKBUILD
  busybox sh -n alpine/container-hooks-toolkit.pre-deinstall
  # shellcheck disable=SC2016 # for the other shell
  busybox sh -c '. "$1"; for name in pkgname pkgver pkgrel pkgdesc url arch license makedepends source sha512sums; do
    eval "[ -n \"\$$name\" ]" || echo "no $name"; done
    for name in build check package; do type $name >/dev/null || echo "no $name"; done' - "$PWD/alpine/APKBUILD" >"$BATS_TEST_TMPDIR/missing"
  [ ! -s "$BATS_TEST_TMPDIR/missing" ] || no "$(cat "$BATS_TEST_TMPDIR/missing")"
  run grep -nP '^ +' alpine/APKBUILD
  [ -z "$output" ] || no "not a tab: $output"
}

@test "Buildroot: the style that its checker wants" {
  local help
  [ "$(head -n 5 buildroot/container-hooks-toolkit.mk | sed 's/#\{80\}/80/' | tr '\n' ' ')" = "80 # # container-hooks-toolkit # 80 " ]
  run grep -nP ' +$|^ |[^ ]=|=[^ ]' <(sed '/^\(#\|ifeq\|.*-D\)/d' buildroot/container-hooks-toolkit.mk)
  [ -z "$output" ] || no "$output"
  help=$(sed -n '/^\thelp$/,/^$/p' buildroot/Config.in | sed 1d)
  run grep -vP '^\t  \S' <<<"$help"
  [ -z "${output//[$' \t\n']/}" ] || no "$output"
  run awk '/^\t/ && length($0) > 72 + 7' buildroot/Config.in
  [ -z "$output" ] || no "$output"
  [[ $(value_of buildroot/container-hooks-toolkit.mk CONTAINER_HOOKS_TOOLKIT_DEPENDENCIES) == "cxxopts fmt rapidjson re2 tomlplusplus" ]]
  while read -r name; do grep -qi "select BR2_PACKAGE_$name$" buildroot/Config.in || no "no select of $name"; done < <(
    value_of buildroot/container-hooks-toolkit.mk CONTAINER_HOOKS_TOOLKIT_DEPENDENCIES | tr ' ' '\n')
}

@test "Yocto: each line is an assignment, an inherit or a comment, and nothing mandatory is missing" {
  local name
  run grep -nvE '^(#.*|[A-Z_]+([:[][^]]*\]?)?(\$\{PN\})? (=|\+=|\?=|\?\?=) ".*"|inherit [a-z ]+|)$' yocto/*.bb
  [ -z "$output" ] || no "$output"
  for name in SUMMARY HOMEPAGE LICENSE LIC_FILES_CHKSUM SRC_URI DEPENDS inherit; do grep -q "^$name" yocto/*.bb || no "no $name"; done
}

# With the libraries that are installed: nothing is downloaded.
configures() { meson setup "$BATS_TEST_TMPDIR/build" "$ROOT" "$@" >"$BATS_TEST_TMPDIR/log" 2>&1 || no "$(tail -n 20 "$BATS_TEST_TMPDIR/log")"; }

yocto_options() { sed -n 's/^EXTRA_OEMESON = "\(.*\)"/\1/p' yocto/*.bb; }

@test "the options of Alpine's and Yocto's recipes configure a build without a download" {
  needs_command meson
  # shellcheck disable=SC2046 # options are words
  configures $(sed -n 's/.*meson setup build //p' alpine/APKBUILD) $(yocto_options)
  ninja -C "$BATS_TEST_TMPDIR/build" -n manual-pages >/dev/null
}

@test "those of Buildroot's and OpenWrt's configure a static build for machines whose programs do not run here, without manuals" {
  needs_command meson
  cat >"$BATS_TEST_TMPDIR/cross.ini" <<'INI'
[binaries]
cpp = 'c++'
ar = 'ar'
strip = 'strip'
pkgconfig = 'pkg-config'

[properties]
needs_exe_wrapper = true

[host_machine]
system = 'linux'
cpu_family = 'x86_64'
cpu = 'x86_64'
endian = 'little'
INI
  # shellcheck disable=SC2046 # options are words
  configures --cross-file "$BATS_TEST_TMPDIR/cross.ini" --wrap-mode=nofallback $(value_of openwrt/Makefile MESON_ARGS) \
    $(value_of buildroot/container-hooks-toolkit.mk CONTAINER_HOOKS_TOOLKIT_CONF_OPTS) -Dprefer_static=true
  grep -q 'no manuals' "$BATS_TEST_TMPDIR/log"
  run ! grep -q 'src/manual/manual' "$BATS_TEST_TMPDIR/build/build.ninja"
  ninja -C "$BATS_TEST_TMPDIR/build" -n container-hooks-toolkit >/dev/null
}

@test "README.md names the libraries that scripts/packages installs for a build" {
  local named
  named=$(grep -oE '\b(lib|rapid)[a-z0-9]+-dev\b' "$ROOT/README.md" | sort -u)
  [ "$named" = "$("$ROOT/scripts/packages" --list build | grep -e '-dev$' | grep -v '^dpkg-dev$' | sort -u)" ] || no "$named"
}
