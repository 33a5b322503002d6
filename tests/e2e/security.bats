#!/usr/bin/env bats
# What the guide, SECURITY.md and the examples say of security is so, and what they advise is wise.
#
# SPDX-License-Identifier: Apache-2.0
load helpers

PROMISES=$BATS_TEST_DIRNAME/../../.github/SECURITY.md
GUIDE=$BATS_TEST_DIRNAME/../../src/manual/GUIDE.md
EXAMPLES=$BATS_TEST_DIRNAME/../../scripts/examples

# The rows of the table of promises.
promises() { sed -n '/^| promise | tests |$/,$p' "$PROMISES" | sed 1,2d; }

# "FILE NAME" of each test that a row names, NAME empty where it only names the file.
tests_in() {
  local word file=
  while read -r word; do
    case $word in
      '`'*) file=${word//'`'/} && printf '%s\t\n' "$file" ;;
      *) printf '%s\t%s\n' "$file" "${word:1:-1}" ;;
    esac
  done < <(grep -oE '`(tests|scripts)/[^`]*`|"[^"]*"' <<<"$1")
}

# Programs of these names in a root file system of ours, so that hooks add takes them.
set_up_root() {
  DIRECTORY=$BATS_TEST_TMPDIR/root
  rm -rf "$DIRECTORY"
  mkdir -p "$DIRECTORY"/{bin,usr/local/bin,etc/container-hooks/hooks.d}
  cp "$EXAMPLES"/* "$DIRECTORY/usr/local/bin"
  for name in sh sleep; do cp "$(command -v busybox)" "$DIRECTORY/bin/$name"; done
}

# Each "hooks add" that a document has, in one line.
documented_commands() {
  sed -n 's/^# \(container-hooks-ctk hooks add .*\)/\1/p' "$GUIDE"
  sed -n 's/^#   //p' "$EXAMPLES"/* | sed ':join; /\\$/ {N; s/\\\n *//; b join}' | grep '^container-hooks-ctk hooks add'
}

# What hooks check says of what is below the root, but for programs that this host does not have.
warnings() { "$BUILD/container-hooks-ctk" hooks check "$DIRECTORY/etc/container-hooks/$1" 2>&1 | grep -v -e '/local/bin/.*does not exist' -e '^checked 1 file, ' || true; }

container-hooks-ctk() { "$BUILD/container-hooks-ctk" "$1" "$2" --root="$DIRECTORY" "${@:3}" >/dev/null; }

@test "each promise of SECURITY.md names tests that exist" {
  local row file name
  [ "$(promises | wc -l)" -ge 10 ]
  while read -r row; do
    [ -n "$(tests_in "$row")" ] || no "no test: $row"
    while IFS=$'\t' read -r file name; do
      [ -s "$ROOT/$file" ] || no "no such file: $file"
      [ -z "$name" ] || grep -qF -e "@test \"$name\"" -e "TEST_CASE(\"$name\"" "$ROOT/$file" || no "$file has no \"$name\""
    done < <(tests_in "$row")
  done < <(promises)
}

@test "the guide tells the trust model, the bypass and where the rest is" {
  local text
  text=$(sed -n '/^## Security$/,/^## What it costs$/p' "$GUIDE")
  for words in 'docker run --runtime runc' 'HostConfig.Runtime' 'LD_PRELOAD' '(../../.github/SECURITY.md)' 'cannot be closed'; do
    [[ $text == *"$words"* ]] || no "nothing of $words"
  done
}

@test "hooks check has nothing to say of a hook that is documented, but what is explained beside it" {
  local command found
  [ "$(documented_commands | wc -l)" -ge 9 ]
  while read -r command; do
    set_up_root
    eval "$command" || no "$command"
    found=$(warnings hooks.d)
    [ -z "$found" ] || [[ $command == *image-signature* && $(wc -l <<<"$found") = 1 && $found == *"links inside of {{rootfs}} are the image's"* ]] ||
      no "$command: $found"
  done < <(documented_commands)
  grep -qF '`hooks check` warns that links inside of `{{rootfs}}`' "$GUIDE"
  grep -qF '`hooks check` warns that links inside of {{rootfs}}' "$EXAMPLES/image-signature"
}

@test "hooks check has nothing to say of a file of hooks that the guide writes into /etc/container-hooks" {
  local file count=0
  set_up_root
  while read -r file; do
    sed -n "\\|^# cat > $file <<'JSON'\$|,/^JSON\$/p" "$GUIDE" | sed '1d;$d' >"$DIRECTORY$file"
    [ -s "$DIRECTORY$file" ]
    [ -z "$(warnings "${file#/etc/container-hooks/}")" ] || no "$file: $(warnings "${file#/etc/container-hooks/}")"
    count=$((count + 1))
  done < <(sed -n "s|^# cat > \(/etc/container-hooks/[^ ]*\) <<'JSON'\$|\1|p" "$GUIDE")
  [ "$count" -ge 2 ]
}

@test "nothing that is documented for root writes to a predictable name in /tmp" {
  run grep -nE '(^|[^$A-Z_a-z])/(tmp|var/tmp)/' "$GUIDE" "$EXAMPLES"/*
  [ -z "$output" ] || no "$output"
}

@test "print-bundle writes one line, whatever a container's user put into an argument" {
  for text in $'a\nforged /run/b' $'a\r\e[2Jb' plain; do
    "$EXAMPLES/print-bundle" "$BATS_TEST_TMPDIR/log" id "$text" </dev/null
  done
  [ "$(cat "$BATS_TEST_TMPDIR/log")" = $'id a?forged /run/b\nid a??[2Jb\nid plain' ]
}
