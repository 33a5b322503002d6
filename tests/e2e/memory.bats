#!/usr/bin/env bats
# When memory runs out the container does not start, and everybody is told why.
#
# SPDX-License-Identifier: Apache-2.0
load helpers

setup() {
  needs_native # which needs memory of its own
  setup_fake_runtime
  ENGINE_LOG=$BATS_TEST_TMPDIR/engine.log
}

# A spec with an annotation of that many KiB.
bundle_with_large_spec() {
  new_bundle
  head -c "$(($1 * 1024))" /dev/zero | tr '\0' x | jq -Rc '{ociVersion: "1.0.0", annotations: {a: .}}' >"$SPEC"
  remember_spec
}

# The shim in an address space of that many KiB.
create_within() {
  rm -f "$ENGINE_LOG"
  run --separate-stderr bash -c 'ulimit -v "$1"; shift; exec "$@"' - "$1" \
    "$SHIM" --log "$ENGINE_LOG" --log-format json create -b "$BUNDLE" c1
}

@test "a spec that does not fit into memory is one error, on stderr and in --log" {
  bundle_with_large_spec 20000
  create_within 16000
  refused "out of memory (ENOMEM)"
  [ "$(wc -l <"$ENGINE_LOG")" = 1 ]
  [ "$(jq -r .msg "$ENGINE_LOG")" = "$stderr" ]
}

@test "on-error ignore is no way around the hooks: a spec that its user made too large still stops the container" {
  sed -i 's/^\[container-hooks\]/&\non-error = "ignore"/' "$CONTAINER_HOOKS_CONFIG"
  bundle_with_large_spec 20000
  create_within 16000
  refused "out of memory (ENOMEM)"
}

@test "wherever memory runs out, the spec is the old one with an error, or it has the hooks" {
  bundle_with_large_spec 3000
  local limit failures=0 successes=0
  for limit in $(seq 4000 1500 22000); do
    rm -rf "$RECORD"
    cat "$OLD_SPEC" >"$SPEC"
    remember_spec
    create_within "$limit"
    if [ "$status" -eq 0 ]; then
      silent && hooks_are_in
      successes=$((successes + 1))
    else
      refused ENOMEM
      [ "$(wc -l <"$ENGINE_LOG")" = 1 ]
      failures=$((failures + 1))
    fi
  done
  [ "$failures" -gt 0 ]
  [ "$successes" -gt 0 ]
}

@test "a spec of absurd size is refused before it is read" {
  new_bundle
  truncate -s 1T "$SPEC" || skip "no large sparse files on this file system"
  shim --log "$ENGINE_LOG" create -b "$BUNDLE" c1
  one_error "$SPEC" "larger than"
  runtime_was_not_called
  [ "$(wc -l <"$ENGINE_LOG")" = 1 ]
}
