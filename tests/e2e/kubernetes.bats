#!/usr/bin/env bats
# The manifests of scripts/kubernetes by the schemas of the Kubernetes API, which come from the npm registry.
#
# SPDX-License-Identifier: Apache-2.0
load helpers

setup_file() {
  cd "$BATS_FILE_TMPDIR" || return
  if npm install --silent --no-audit --no-fund --ignore-scripts kubernetes-models@5.1.0 yaml@2.8.1 >/dev/null 2>&1; then
    cp "$BATS_TEST_DIRNAME/kubernetes.mjs" .
  fi
}

setup() {
  [ -e "$BATS_FILE_TMPDIR/kubernetes.mjs" ] || skip "the npm registry cannot be reached"
}

validate() { run node "$BATS_FILE_TMPDIR/kubernetes.mjs" "$@"; }

manifests() { find "$ROOT/scripts/kubernetes" -name '*.yaml' ! -name kustomization.yaml | sort; }

@test "each object of the manifests is one of the API's" {
  mapfile -t files < <(manifests)
  validate "${files[@]}"
  ok
  [ "$output" = "5 objects" ]
}

@test "an object that is none of the API's is refused, so that this means something" {
  sed 's/privileged: false/privileged: "no"/' "$ROOT/scripts/kubernetes/install/daemonset.yaml" >"$BATS_TEST_TMPDIR/bad.yaml"
  validate "$BATS_TEST_TMPDIR/bad.yaml"
  ok 1
  [[ $output == *"securityContext/privileged must be boolean"* ]]
}
