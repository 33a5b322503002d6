# What the tests with real low-level runtimes and real engines share: a busybox root file system, bundles that run,
# hooks for all six stages that write down what they saw, and daemons that end with the test.
#
#   ROOTFS    the root file system, one per file        SEEN      what this test's hooks wrote, also in the container
#
# Engines live in bats' temporary directories, with own sockets and state; the machine's own engines are not touched.
#
# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2034,SC2154

## Set-up

# The hooks' configuration of a whole file, so that daemons started once serve all tests: tests write $HOOKS anew.
setup_engine_file() {
  needs_root
  for command in busybox jq "$@"; do needs_command "$command"; done
  export ROOTFS=$BATS_FILE_TMPDIR/rootfs
  export HOOKS=$BATS_FILE_TMPDIR/hooks.json
  export LOG=$BATS_FILE_TMPDIR/shim.log
  export CONTAINER_HOOKS_CONFIG=$BATS_FILE_TMPDIR/config.toml
  configure_runtimes runc
  make_rootfs
}

setup_engine_test() {
  SEEN=$BATS_TEST_TMPDIR/seen
  mkdir -p "$SEEN"
  ID=t$BATS_TEST_NUMBER-$$
  write_hook_program
  hooks_for_all_stages
}

make_rootfs() {
  mkdir -p "$ROOTFS"/{bin,dev,etc,proc,sys,tmp}
  cp "$(command -v busybox)" "$ROOTFS/bin/busybox"
  local applet
  for applet in sh cat echo sleep true false ls id hostname; do ln -sf busybox "$ROOTFS/bin/$applet"; done
}

# Keeps the state it got, and its place in the order.
write_hook_program() {
  cat >"$SEEN/hook" <<'SH'
#!/bin/sh
cat >"${0%/*}/$1.state"
echo "$1" >>"${0%/*}/order"
SH
  chmod 755 "$SEEN/hook"
}

hook_entry() { jq -cn --arg path "$SEEN/hook" --arg stage "$1" '{path: $path, args: ["hook", $stage], env: ["PATH=/bin:/usr/bin"]}'; }

hooks_for_all_stages() {
  local stage
  for stage in $STAGES; do hook_entry "$stage" | jq -c --arg stage "$stage" '{($stage): [.]}'; done | jq -s add >"$HOOKS"
}

# One more hook, that fails, at the end of a stage.
add_failing_hook() {
  jq --arg stage "$1" '.[$stage] += [{path: "/bin/false"}]' "$HOOKS" >"$HOOKS.new"
  mv "$HOOKS.new" "$HOOKS"
}

# A bundle that runs a shell command in $ROOTFS with $SEEN mounted at its own path.
runnable_bundle() {
  new_bundle
  (cd "$BUNDLE" && runc spec)
  jq --arg command "$1" --arg rootfs "$ROOTFS" --arg seen "$SEEN" '
    .process.terminal = false | .process.args = ["/bin/sh", "-c", $command] | .root.path = $rootfs | del(.process.rlimits)
    | .mounts += [{destination: $seen, type: "bind", source: $seen, options: ["rbind", "rw"]}]' "$SPEC" >"$SPEC.new"
  mv "$SPEC.new" "$SPEC"
  remember_spec
}

# A hook that writes down what it is told of the container: engine, image and the label "app".
hook_that_is_told() {
  printf '#!/bin/sh\nprintf "<%%s>" "$@" >>"${0%%/*}/told"\n' >"$SEEN/tell"
  chmod 755 "$SEEN/tell"
  jq -cn --arg path "$SEEN/tell" '{createRuntime: [
    {path: $path, args: ["tell", "{{engine}}", "{{image}}", "{{label:app}}"], env: ["PATH=/bin:/usr/bin"]}]}' >"$HOOKS"
}

# A hook that fails and says why, with its runs recorded; CONFIG is what the shim reads. no_record ends that.
failing_hook_recorded() {
  jq -n '{createRuntime: [{path: "/bin/sh", args: ["sh", "-c", "echo connection refused >&2; exit 7"], timeout: 5}]}' >"$HOOKS"
  record_all "$1"
}

record_all() {
  sed -i "/^\[container-hooks\]/a record = \"all\"\nrecord-file = \"$BATS_TEST_TMPDIR/log/hooks.jsonl\"" "${1:-$CONTAINER_HOOKS_CONFIG}"
}

no_record() { sed -i '/^record/d' "${1:-$CONTAINER_HOOKS_CONFIG}"; }

# The user saw why in $output, and the container did not run; the one record says it, too: members of it as JSON.
failure_was_told() {
  [ "$status" -ne 0 ]
  [[ $output == *"connection refused"* && $output != *unreachable* ]] || no "$output" || return
  [[ $output == *"hook sh (createRuntime, $HOOKS): exit status 7 after"* ]] || no "$output" || return
  [ "$(jq -c '[.engine, .hook, .result, .exit]' "$BATS_TEST_TMPDIR/log/hooks.jsonl")" = "[\"$1\",\"sh\",\"failed\",7]" ]
}

# Annotations by which a user would like to be another engine's container, or none of anybody's concern.
forged_annotations() {
  printf '%s\n' io.container.manager=cri-o io.kubernetes.cri-o.ImageName=evil io.kubernetes.cri.image-name=evil \
    io.kubernetes.cri-o.ContainerType=sandbox io.kubernetes.cri-o.SandboxID=x io.kubernetes.cri-o.ContainerID=x \
    io.kubernetes.cri.container-type=sandbox io.kubernetes.cri.sandbox-id=x 'io.kubernetes.cri-o.Labels={'
}

## Questions

# Each of the six hooks ran once, in the order of the specification; but runc 1.1 runs poststart's already at the end
# of create, before startContainer's, and later ones let the two race.
all_stages_ran() {
  eventually has_run poststop || no "ran: $(paste -sd " " "$SEEN/order")" || return
  [ "$(sed 's/^poststart$/startContainer/' "$SEEN/order" | paste -sd ' ')" = \
    "prestart createRuntime createContainer startContainer startContainer poststop" ] &&
    [ "$(grep -c '^poststart$' "$SEEN/order")" = 1 ] || no "ran: $(paste -sd ' ' "$SEEN/order")"
}

# The last that a hook does is to write its line.
has_run() { grep -qx "$1" "$SEEN/order"; }

no_stage_ran() { [ ! -e "$SEEN/order" ] || no "ran: $(paste -sd ' ' "$SEEN/order")"; }

state_of() { jq -r "$2" "$SEEN/$1.state"; }

was_told() { [ "$(cat "$SEEN/told")" = "$(printf '<%s>' "$@")" ] || no "told: $(cat "$SEEN/told")"; }

## Daemons

# Starts a daemon that is to last until teardown_file: start_daemon NAME COMMAND...
start_daemon() {
  local name=$1
  shift
  "$@" >"$BATS_FILE_TMPDIR/$name.log" 2>&1 </dev/null 3>&- 4>&- &
  echo $! >"$BATS_FILE_TMPDIR/$name.started"
}

# Ends it, and waits until it has cleaned up.
stop_daemon() {
  [ -e "$BATS_FILE_TMPDIR/$1.started" ] || return 0
  local pid attempt
  pid=$(cat "$BATS_FILE_TMPDIR/$1.started")
  kill "$pid" 2>/dev/null || return 0
  for attempt in $(seq 300); do
    kill -0 "$pid" 2>/dev/null || return 0
    sleep 0.1
  done
  kill -9 "$pid"
}

daemon_log() { tail -n 30 "$BATS_FILE_TMPDIR/$1.log" >&2; }

## Docker: a daemon of its own, whose default runtime, called hooks, is the shim

start_dockerd() {
  export DOCKER_HOST=unix://$BATS_FILE_TMPDIR/docker.sock
  jq -n --arg shim "$SHIM" '{
    runtimes: {hooks: {path: $shim}}, "default-runtime": "hooks",
    iptables: false, ip6tables: false, bridge: "none", "storage-driver": "vfs"}' >"$BATS_FILE_TMPDIR/daemon.json"
  start_daemon dockerd dockerd --config-file "$BATS_FILE_TMPDIR/daemon.json" --data-root "$BATS_FILE_TMPDIR/data" \
    --exec-root "$BATS_FILE_TMPDIR/exec" -p "$BATS_FILE_TMPDIR/docker.pid" -H "$DOCKER_HOST"
  eventually docker info --format '{{.ID}}' || daemon_log dockerd
}

## podman: in a mount namespace with an /etc of ours, since it gives the runtime an environment of its own making

# start_namespace ETC
start_namespace() {
  start_daemon namespace unshare --mount --propagation private sh -c '
    mount --bind "$1" /etc && echo mounted && exec sleep infinity' sh "$1"
  eventually grep -q mounted "$BATS_FILE_TMPDIR/namespace.log" || daemon_log namespace
}

in_namespace() { nsenter --mount --target "$(cat "$BATS_FILE_TMPDIR/namespace.started")" "$@" 3>&-; }

podman_here() {
  in_namespace podman --root "$BATS_FILE_TMPDIR/root" --runroot "$BATS_FILE_TMPDIR/runroot" --tmpdir "$BATS_FILE_TMPDIR/tmp" \
    --storage-driver vfs "$@"
}

end_namespace() {
  podman_here rm --all --force --time 0
  stop_daemon namespace
}

# What every containers.conf here begins with. The file must outlive the containers: conmon's clean-up reads it again.
podman_settings() {
  cat <<'TOML'
[containers]
default_ulimits = ["nofile=20000:20000", "nproc=32768:32768"]
netns = "none"
pids_limit = 0

[engine]
cgroup_manager = "cgroupfs"
events_logger = "file"
TOML
}
