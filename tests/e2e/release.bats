#!/usr/bin/env bats
# What a release and a packager are given: the files that are installed, the version, the list of what a binary is made of.
#
# SPDX-License-Identifier: Apache-2.0
load helpers

setup() { cd "$BATS_TEST_TMPDIR" || return; }

version() { sed -n "s/^  version: '\([^']*\)'.*/\1/p" "$ROOT/meson.build"; }

# Type, mode, name and target of all there is below a directory, and the digests of its files.
listing() (
  cd "$1" || return
  find . ! -type d -printf '%y %m %p %l\n' | sort
  find . -type f -exec sha256sum {} + | sort
)

@test "meson install --destdir and container-hooks-ctk install give the same files" {
  needs_command meson
  meson install -C "$BUILD" --no-rebuild --tags runtime --destdir "$PWD/meson" >/dev/null
  "$BUILD/container-hooks-ctk" install --root "$PWD/ctk" >/dev/null
  diff <(listing meson/usr/local/bin) <(listing ctk/usr/bin)
  [ "$(find meson ctk ! -type d | wc -l)" = 8 ]
}

@test "install says which label a runtime needs where SELinux is on, of this host alone" {
  needs_root
  # shellcheck disable=SC2016 # for the other shell
  in_selinux() { unshare --mount sh -c 'mount -t tmpfs tmpfs /sys/fs && mkdir /sys/fs/selinux && echo 1 >/sys/fs/selinux/enforce && "$@"' - "$@"; }
  run --separate-stderr in_selinux "$BUILD/container-hooks-ctk" install --bindir "$PWD/bin"
  ok
  [[ $stderr == "SELinux is on, "*": chcon -t container_runtime_exec_t $PWD/bin/container-hooks-toolkit" ]]
  run --separate-stderr in_selinux "$BUILD/container-hooks-ctk" install --root "$PWD/image"
  [ -z "$stderr" ]
  run --separate-stderr "$BUILD/container-hooks-ctk" install --bindir "$PWD/bin"
  [ -z "$stderr" ]
}

@test "uninstall --dry-run says what would go, and all of it stays" {
  "$BUILD/container-hooks-ctk" install --root "$PWD/image" --quiet
  listing image >before
  run "$BUILD/container-hooks-ctk" uninstall --root "$PWD/image" --dry-run
  ok
  [ "${#lines[@]}" = 4 ]
  [ "${lines[3]}" = "would remove $PWD/image/usr/bin/container-hooks-toolkit" ]
  diff before <(listing image)
}

@test "the version of meson.build is that of the binary, and CHANGELOG.md has it" {
  [ "$("$BUILD/container-hooks-toolkit" --version)" = "container-hooks-toolkit $(version)" ]
  grep -q "^## $(version) (" "$ROOT/.github/CHANGELOG.md"
}

@test "the workflows call scripts that exist, and the forms ask for status --json" {
  local script form
  while read -r script; do
    [ -x "$ROOT/$script" ] || no "there is no $script"
  done < <(grep -ohE '(scripts|\.ci)/[a-z]+' "$ROOT"/.github/workflows/*.yml | sort -u)
  grep -q 'scripts/release --check' "$ROOT/.github/workflows/release.yml"
  for form in bug feature; do grep -q 'container-hooks-ctk status --json' "$ROOT/.github/ISSUE_TEMPLATE/$form.yml"; done
}

## scripts/sbom

sbom() {
  [ -e "$BUILD/meson-info" ] || skip "this build directory is not meson's"
  needs_command ninja
  "$ROOT/scripts/sbom" "$BUILD" >"$1"
}

@test "the SPDX document names each source that was linked, with the digest that it has" {
  sbom spdx.json
  [ "$(jq -r .spdxVersion spdx.json)" = SPDX-2.3 ]
  jq -r '.files[] | select(.fileName | test("^./src/.*cpp$")) | "\(.checksums[] | select(.algorithm == "SHA256") | .checksumValue)  \(.fileName)"' spdx.json >sums
  (cd "$ROOT" && sha256sum --check --quiet) <sums
  diff <(sed 's/.*  .\///' sums | sort) <(ninja -C "$BUILD" -t inputs container-hooks-toolkit | grep -o 'src/.*\.cpp$' | sort -u)
  [ "$(jq -r '.files[0].checksums[] | select(.algorithm == "SHA256").checksumValue' spdx.json)" = \
    "$(sha256sum <"$BUILD/container-hooks-toolkit" | cut -d ' ' -f 1)" ]
}

@test "the SPDX document names the libraries that were linked and no test, and refers to nothing that it lacks" {
  sbom spdx.json
  local name
  for name in RapidJSON fmt tomlplusplus cxxopts; do
    jq -e --arg name $name '.packages[] | select(.name == $name) | .versionInfo | test("^[0-9]")' spdx.json || no "no $name"
  done
  run ! grep -qi -e catch2 -e '\./tests/' spdx.json
  jq -e '[.packages[].SPDXID, .files[].SPDXID, "SPDXRef-DOCUMENT"] as $known | [.relationships[].relatedSpdxElement] - $known == []' spdx.json
  jq -e '[.packages[].SPDXID, .files[].SPDXID] | length == (unique | length)' spdx.json
}

@test "the SPDX document has no path of the machine, and is the same twice" {
  sbom one
  sbom two
  cmp one two
  run ! grep -E "(^|[^.])($ROOT|$BUILD)(/|\"|\$)" one
}

@test "where there is no git the SPDX document has the date of meson.build, or that which is asked for" {
  mkdir bin
  printf '#!/bin/sh\nexit 127\n' >bin/git
  chmod 755 bin/git
  PATH=$PWD/bin:$PATH sbom spdx.json
  [ "$(jq -r .creationInfo.created spdx.json)" = "$(date --utc --date="@$(stat -c %Y "$ROOT/meson.build")" +%Y-%m-%dT%H:%M:%SZ)" ]
  SOURCE_DATE_EPOCH=0 sbom spdx.json
  [ "$(jq -r .creationInfo.created spdx.json)" = 1970-01-01T00:00:00Z ]
}
