#!/usr/bin/env bats
# A real containerd with the config.toml that configure makes: what containerd says it has read, and containers of it.
#
# SPDX-License-Identifier: Apache-2.0
load helpers
load engines

setup_file() {
  setup_engine_file containerd ctr runc
  export FOLDER=$BATS_FILE_TMPDIR CTK=$BUILD/container-hooks-ctk
  export FILE=$FOLDER/containerd.toml CONTAINERD_ADDRESS=$FOLDER/c.sock
  export CONTAINER_HOOKS_STATE_DIR=$FOLDER/state
  containerd_file
  containerd -c "$FILE" config dump >"$FOLDER/dump.before"
  cp "$FILE" "$FOLDER/original"
  "$CTK" runtime configure --runtime=containerd --config-file="$FILE" --path="$SHIM" --default
  containerd -c "$FILE" config dump >"$FOLDER/dump.after"
  start_daemon containerd containerd -c "$FILE"
  eventually ctr version || daemon_log containerd
}

teardown_file() { stop_daemon containerd; }

setup() { setup_engine_test; }

teardown() { ctr container rm "$ID" 2>/dev/null || true; }

containerd_file() {
  cat >"$FILE" <<TOML
# the node's
version = 2
root = "$FOLDER/root"
state = "$FOLDER/state-of-containerd"

[grpc]
  address = "$CONTAINERD_ADDRESS"

[ttrpc]
  address = "$CONTAINERD_ADDRESS.ttrpc"

[plugins]
  [plugins."io.containerd.internal.v1.opt"]
    path = "$FOLDER/opt"
  [plugins."io.containerd.grpc.v1.cri"]
    restrict_oom_score_adj = true   # this machine's
    tolerate_missing_hugetlb_controller = true
  [plugins."io.containerd.grpc.v1.cri".containerd]
    default_runtime_name = "runc"
    [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
      runtime_type = "io.containerd.runc.v2"
      [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
        SystemdCgroup = true
        Root = "$FOLDER/runc"
TOML
}

# The table of a runtime in a dump, without its own name.
table_of() {
  awk -v name="containerd.runtimes.$1" '
    /^ *\[/ { inside = index($0, name "]") || index($0, name ".") }
    inside && NF { sub(name, "containerd.runtimes.NAME"); sub(/^ */, ""); print }' "$FOLDER/dump.after"
}

@test "the dump differs in the new table and the default alone" {
  local shim
  shim=$(table_of container-hooks-runtime)
  diff "$FOLDER/dump.before" "$FOLDER/dump.after" >"$FOLDER/changes" || true
  [ "$(sed -n 's/^< *//p' "$FOLDER/changes")" = 'default_runtime_name = "runc"' ]
  [ "$(sed -n 's/^> *\([^ ]\)/\1/p' "$FOLDER/changes" | sed 's/container-hooks-runtime\([].]\)/NAME\1/' | sort)" = \
    "$(printf '%s\n' 'default_runtime_name = "container-hooks-runtime"' "$shim" | sort)" ]
}

@test "the new table is the one of runc but for its path" {
  [ "$(diff <(table_of runc) <(table_of container-hooks-runtime) | grep '^[<>]')" = "> BinaryName = \"$SHIM\"" ]
}

# ctr has no names of the CRI plugin's tables: it is told what stands in ours.
configured() { table_of container-hooks-runtime | sed -n "s/^$1 = \"\(.*\)\"/\1/p"; }

@test "ctr run with the type and the path of the new table starts a container with the hooks in it" {
  run ctr run --rm --rootfs --runtime "$(configured runtime_type)" --runc-binary "$(configured BinaryName)" \
    --runc-root "$(configured Root)" --mount "type=bind,src=$SEEN,dst=$SEEN,options=rbind:rw" "$ROOTFS" "$ID" \
    /bin/echo "hello from inside"
  ok
  [ "$output" = "hello from inside" ]
  all_stages_ran
}

@test "what has no effect is said: the disabled plugin" {
  local file=$BATS_TEST_TMPDIR/config.toml
  { echo 'disabled_plugins = ["io.containerd.grpc.v1.cri"]' && cat "$FOLDER/original"; } >"$file"
  run --separate-stderr "$CTK" runtime configure --runtime=containerd --config-file="$file" --path="$SHIM"
  ok
  [[ $stderr == *"disabled_plugins"*"io.containerd.grpc.v1.cri"* ]]
}

@test "after unconfigure containerd reads what it read before" {
  "$CTK" runtime unconfigure --runtime=containerd --config-file="$FILE"
  cmp "$FILE" "$FOLDER/original"
  containerd -c "$FILE" config dump | cmp - "$FOLDER/dump.before"
}
