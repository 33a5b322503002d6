#!/usr/bin/env bats
# A real node, systemd with containerd, that is set up by a container FROM scratch and taken back by another.
#
# SPDX-License-Identifier: Apache-2.0
load helpers
load node

setup_file() {
  needs_root
  for command in unshare nsenter ctr containerd runc jq systemctl; do needs_command "$command"; done
  start_node
  FILE=$(node_file /etc/containerd/config.toml)
  echo 'version = 2  # the node'"'"'s' >"$FILE"
  on_node systemctl restart containerd
  "$ROOT/scripts/image" --name pod:1 "$(node_file /tmp/pod.tar)" "x86_64=$BUILD/container-hooks-toolkit"
  on_node ctr --namespace k8s.io images import /tmp/pod.tar >/dev/null
  mkdir -p "$(node_file /srv/hooks)"
  hook >"$(node_file /srv/hooks/10-seen.json)"
}

teardown_file() { stop_node; }

setup() {
  FILE=$(node_file /etc/containerd/config.toml)
}

# A hook that says on the node that it ran.
hook() {
  jq -n --arg name "${1:-seen}" '{version: "1.0.0", when: {always: true}, stages: ["createRuntime"],
    hook: {path: "/bin/sh", args: ["sh", "-c", "cat >/dev/null; echo ran >>/tmp/" + $name]}}'
}

# What a DaemonSet's pod is: no privileges but root's and chroot(2), the node's files at /host, hooks from a ConfigMap. Its
# exit status is that of setup. It outlives the containerd that has started it, the client does not.
pod() {
  begin_pod "$@"
  eventually pod_has_ended
  pod_log
  on_node ctr --namespace k8s.io task delete "$POD" 2>&1 | { ! grep 'non-zero exit code'; }
}

begin_pod() {
  POD=pod-$BATS_TEST_NUMBER-$RANDOM
  on_node ctr --namespace k8s.io run --detach --log-uri "file:///tmp/$POD.log" \
    --mount type=bind,src=/,dst=/host,options=rbind:rw:rslave --mount type=bind,src=/srv/hooks,dst=/hooks,options=rbind:ro \
    docker.io/library/pod:1 "$POD" /usr/bin/container-hooks-ctk setup --root /host "$@"
}

pod_has_ended() { on_node ctr --namespace k8s.io task list | grep -q "^$POD .*STOPPED"; }

pod_log() { cat "$(node_file "/tmp/$POD.log")"; }

set_up() { pod --runtime=containerd --set-as-default --profile=secure --hooks=/hooks "$@"; }

main_pid() { on_node systemctl show --property=MainPID --value containerd; }

default_runtime() { on_node containerd config dump | sed -n 's/^ *default_runtime_name = "\(.*\)"/\1/p'; }

knows() { on_node containerd config dump | grep -q "containerd.runtimes.$1\]"; }

# As the CRI plugin would with the table that containerd has.
run_container() {
  rm -f "$(node_file /tmp/seen)" "$(node_file /tmp/more)"
  on_node ctr --namespace k8s.io run --rm --runc-binary /usr/bin/container-hooks-runtime docker.io/library/pod:1 "c-$RANDOM" /usr/bin/container-hooks --version
}

hook_ran() { [ "$(cat "$(node_file "/tmp/$1")" 2>/dev/null)" = ran ]; }

files_of_toolkit() { (cd "$(node_file /)" && find usr/bin/container-hooks* etc/container-hooks var/lib/container-hooks 2>/dev/null) | sort; }

@test "a pod FROM scratch sets the node up: containerd restarts once, knows the runtimes, and a container has its hooks" {
  local before
  before=$(main_pid)
  run set_up
  ok
  [[ $output == *"; ran systemctl restart containerd"* ]]
  [ "$(main_pid)" != "$before" ]
  [ "$(on_node systemctl show --property=NRestarts --value containerd)" = 0 ]
  [ "$(default_runtime)" = container-hooks-runtime ]
  knows container-hooks-runtime
  knows container-hooks-secure
  run_container
  hook_ran seen
}

@test "a second pod changes nothing and restarts nothing" {
  local before
  before=$(main_pid)
  run set_up
  ok
  [ "$output" = $'toolkit: nothing to do\nfiles: nothing to do\ncontainerd: nothing to do' ]
  [ "$(main_pid)" = "$before" ]
}

@test "a pod that was killed between file and restart is finished by the next one" {
  local before
  before=$(main_pid)
  touch "$FILE"
  run set_up
  ok
  [[ $output == *$'\ncontainerd: ran systemctl restart containerd' ]]
  [ "$(main_pid)" != "$before" ]
}

@test "with --stay the hooks follow the ConfigMap's directory without a restart, and SIGTERM changes nothing" {
  local before files
  before=$(main_pid)
  begin_pod --runtime=containerd --set-as-default --profile=secure --hooks=/hooks --stay
  eventually grep -q '^containerd: ' "$(node_file "/tmp/$POD.log")"
  hook more >"$(node_file /srv/hooks/20-more.json)"
  rm "$(node_file /srv/hooks/10-seen.json)"
  eventually test -e "$(node_file /etc/container-hooks/hooks.d/20-more.json)"
  eventually test ! -e "$(node_file /etc/container-hooks/hooks.d/10-seen.json)"
  run_container
  hook_ran more
  ! hook_ran seen
  echo '{' >"$(node_file /srv/hooks/30-broken.json)"
  eventually grep -q '30-broken.json:' "$(node_file "/tmp/$POD.log")"
  [ ! -e "$(node_file /etc/container-hooks/hooks.d/30-broken.json)" ]
  rm "$(node_file /srv/hooks/30-broken.json)"
  files=$(files_of_toolkit)
  on_node ctr --namespace k8s.io task kill --signal SIGTERM "$POD"
  eventually pod_has_ended
  on_node ctr --namespace k8s.io task delete "$POD"
  [ "$(files_of_toolkit)" = "$files" ]
  [ "$(main_pid)" = "$before" ]
}

@test "the undo is refused while a container needs the runtime, and names it" {
  on_node ctr --namespace k8s.io run --detach --runc-binary /usr/bin/container-hooks-runtime --mount type=bind,src=/bin/busybox,dst=/busybox,options=rbind:ro \
    docker.io/library/pod:1 in-need /busybox sleep 60
  run pod --undo
  ok 1
  [[ $output == *"containers need the runtime: containerd k8s.io/in-need"* ]]
  knows container-hooks-secure
  on_node ctr --namespace k8s.io task delete --force in-need
  on_node ctr --namespace k8s.io container delete in-need
}

@test "the undo pod gives every file back, and containerd restarts once" {
  local before
  before=$(main_pid)
  run pod --undo
  ok
  [ "$(cat "$FILE")" = "version = 2  # the node's" ]
  [ "$(main_pid)" != "$before" ]
  [ -z "$(files_of_toolkit)" ] || no "left: $(files_of_toolkit)"
  ! knows container-hooks-runtime
  run pod --undo
  ok
  [[ $output == *"containerd: nothing to do"* ]]
}

@test "a containerd that does not come up gets its old file back, byte for byte, and is started again" {
  mkdir -p "$(node_file /etc/systemd/system/containerd.service.d)"
  printf '%s\n' '[Service]' 'ExecStartPre=/bin/sh -c "! grep container-hooks /etc/containerd/config.toml"' 'Restart=no' \
    >"$(node_file /etc/systemd/system/containerd.service.d/test.conf)"
  on_node systemctl daemon-reload
  run set_up
  ok 1
  [[ $output == *"systemctl restart containerd: containerd.service does not stay up"*"its old configuration is back, and it runs"* ]] || no "$output"
  [ "$(cat "$FILE")" = "version = 2  # the node's" ]
  on_node systemctl is-active --quiet containerd
  rm "$(node_file /etc/systemd/system/containerd.service.d/test.conf)"
  on_node systemctl daemon-reload
  run set_up
  ok
  run pod --undo
  ok
}
