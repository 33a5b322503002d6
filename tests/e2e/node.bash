# A node: systemd and containerd in namespaces of their own, over this machine's files.
#
# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2034,SC2154

# For ctr run: what a pod says is in /tmp/POD.log, all of it once its task is deleted.
POD_LOG=binary:///opt/pod-log

# Until stop_node. Its process of number 1, as this machine has it, is in $NODE.
start_node() {
  local directory=$BATS_FILE_TMPDIR/node
  mkdir "$directory"
  unshare --mount --pid --fork --kill-child --uts --ipc --cgroup "$ROOT/tests/e2e/node-init" "$directory" \
    >"$BATS_FILE_TMPDIR/node.log" 2>&1 </dev/null 3>&- 4>&- &
  echo $! >"$BATS_FILE_TMPDIR/node.started"
  eventually has_systemd
  export NODE
  NODE=$(systemd_of_node)
  eventually on_node systemctl is-active --quiet containerd || { cat "$BATS_FILE_TMPDIR/node.log" >&2; return 1; }
}

systemd_of_node() { pgrep --parent "$(cat "$BATS_FILE_TMPDIR/node.started")" --full '^/lib/systemd/systemd'; }

has_systemd() { systemd_of_node >/dev/null; }

# With it end all that it has started.
stop_node() { [ -z "${NODE:-}" ] || kill -9 "$NODE"; }

on_node() { nsenter --target "$NODE" --mount --pid --uts --ipc --cgroup --root --wd=/ "$@" </dev/null; }

# A file of the node's, and its content.
node_file() { echo "/proc/$NODE/root$1"; }
