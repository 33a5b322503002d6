#!/usr/bin/env bats
# README.md and the guide tell the truth.
#
# SPDX-License-Identifier: Apache-2.0
load helpers

prints_what_it_says() {
  needs_root
  for command in dockerd docker busybox runc; do needs_command "$command"; done
  run "$ROOT/tests/e2e/readme.py" "$ROOT/$1"
  ok
}

@test "every command of README.md prints what README.md says" { prints_what_it_says README.md; }

@test "every command of the guide prints what the guide says" { prints_what_it_says src/manual/GUIDE.md; }

@test "README.md is short" { [ "$(wc -l <"$ROOT/README.md")" -le 160 ]; }

@test "what README.md and the guide link to is there" {
  local file link
  for file in README.md src/manual/GUIDE.md; do
    while read -r link; do
      [ -e "$ROOT/$(dirname "$file")/${link%%#*}" ] || no "$file: $link" || return
      [[ $link != *#* ]] || grep -qi "^#* ${link#*#}$" <(tr -d ',' <"$ROOT/$(dirname "$file")/${link%%#*}" | tr 'A-Z ' 'a-z-' | sed 's/^\(#*\)-/\1 /') || no "$file: $link" || return
    done < <(grep -oE '\]\([^):]+\)' "$ROOT/$file" | sed 's/^](//; s/)$//')
  done
}
