#!/usr/bin/env bats
# A real node, systemd with containerd, that is set up by a container FROM scratch and taken back by another.
#
# SPDX-License-Identifier: Apache-2.0
load helpers
load node

setup_file() {
  needs_root
  for command in unshare nsenter ctr containerd runc jq systemctl python3; do needs_command "$command"; done
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

# A pod of scripts/kubernetes: its mounts and capabilities, the node's files at /host, hooks as from a ConfigMap. Its exit
# status is that of setup. It outlives the containerd that has started it, the client does not.
pod() {
  local deleted
  begin_pod "$@"
  eventually pod_has_ended
  deleted=$(on_node ctr --namespace k8s.io task delete "$POD" 2>&1) || true
  pod_log
  [[ $deleted != *'non-zero exit code'* ]]
}

begin_pod() {
  POD=pod-$BATS_TEST_NUMBER-$RANDOM
  # shellcheck disable=SC2046 # words
  on_node ctr --namespace k8s.io run --detach --log-uri "$POD_LOG" --read-only $(dropped_capabilities) \
    --mount type=bind,src=/,dst=/host,options=rbind:rw:rslave --mount type=bind,src=/srv/hooks,dst=/hooks,options=rbind:ro \
    docker.io/library/pod:1 "$POD" /usr/bin/container-hooks-ctk setup --root=/host "$@"
}

# manifest FILE EXPRESSION: of the pod's first container, or init container, c
manifest() {
  python3 -c 'import sys, yaml
for each in yaml.safe_load_all(open(sys.argv[1])):
    if each["kind"] == "DaemonSet":
        pod = each["spec"]["template"]["spec"]
        c = pod.get("initContainers", pod["containers"])[0]
        print(eval("(" + sys.argv[2] + ")"))' "$ROOT/scripts/kubernetes/$1/daemonset.yaml" "$2"
}

# Of those that ctr gives a container, all that the manifest does not name.
dropped_capabilities() {
  local wanted name
  wanted=$(manifest install '" ".join(c["securityContext"]["capabilities"]["add"])')
  for name in CHOWN DAC_OVERRIDE FSETID FOWNER MKNOD NET_RAW SETGID SETUID SETFCAP SETPCAP NET_BIND_SERVICE SYS_CHROOT KILL AUDIT_WRITE; do
    [[ " $wanted " == *" $name "* ]] || printf -- '--cap-drop CAP_%s ' "$name"
  done
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

unknown() { if knows "$1"; then no "containerd knows $1"; fi; }

no_hook_ran() { if hook_ran "$1"; then no "the hook $1 ran"; fi; }

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

@test "the manifests' pods ask for what these tests give them, and for no more" {
  [ "$(manifest install '" ".join(c["args"])')" = "setup --root=/host --runtime=containerd --hooks=/hooks --stay" ]
  [ "$(manifest uninstall '" ".join(c["args"])')" = "setup --root=/host --undo" ]
  for each in install uninstall; do
    [ "$(manifest $each 'c["securityContext"]["privileged"], c["securityContext"]["readOnlyRootFilesystem"],
      c["securityContext"]["capabilities"]["drop"], pod.get("hostPID"), pod["automountServiceAccountToken"]')" = \
      "(False, True, ['ALL'], None, False)" ]
    [ "$(manifest $each 'sorted(m["mountPath"] for m in c["volumeMounts"])[-1], pod["volumes"][0]["hostPath"]["path"]')" = "('/host', '/')" ]
  done
  "$BUILD/container-hooks-ctk" hooks check "$ROOT/scripts/kubernetes/install/hooks.d"
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
  no_hook_ran seen
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
  [[ $output == *"containers need the runtime: containerd k8s.io/in-need"* ]] || no "$output"
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
  unknown container-hooks-runtime
  run pod --undo
  ok
  [[ $output == *"containerd: nothing to do"* ]]
}

podman_default() { on_node podman --storage-driver vfs --root /run/podman info --format '{{.Host.OCIRuntime.Name}}'; }

@test "CRI-O's and podman's files come and go likewise: the node's podman has the runtime as its default, and then its own" {
  local own
  own=$(podman_default)
  run pod --runtime=crio --runtime=podman --set-as-default --hooks=/hooks
  ok
  [ "$(podman_default)" = container-hooks-runtime ]
  grep -q '^default_runtime = "container-hooks-runtime"$' "$(node_file /etc/crio/crio.conf.d/99-container-hooks.conf)"
  run pod --runtime=crio --runtime=podman --set-as-default --hooks=/hooks
  ok
  [[ $output == *$'crio: nothing to do\npodman: nothing to do'* ]] || no "$output"
  run pod --undo
  ok
  [ "$(podman_default)" = "$own" ]
  [ ! -e "$(node_file /etc/crio/crio.conf.d/99-container-hooks.conf)" ]
  [ -z "$(files_of_toolkit)" ] || no "left: $(files_of_toolkit)"
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

## k3s, as systemd and its files have it: a service that renders the file of its containerd when it starts, and runs that

K3S_DIRECTORY=/var/lib/rancher/k3s/agent/etc/containerd

# SERVICE
start_k3s() {
  mkdir -p "$(node_file $K3S_DIRECTORY)" "$(node_file /opt)"
  cp "$BUILD/container-hooks-toolkit" "$(node_file /opt/container-hooks-ctk)"
  cat >"$(node_file /usr/local/bin/k3s)" <<SH
#!/bin/sh
cd $K3S_DIRECTORY
template=config.toml.tmpl
[ -e \$template ] || { template=base-alone; echo '{{ template "base" . }}' >\$template; }
awk 'index(\$0, "{{ template \\"base\\" . }}") { while ((getline line <"base") > 0) print line; next } { print }' \$template >config.toml
exec containerd -c $K3S_DIRECTORY/config.toml
SH
  chmod 755 "$(node_file /usr/local/bin/k3s)"
  cat >"$(node_file $K3S_DIRECTORY/base)" <<'TOML'
version = 2
root = "/var/lib/rancher/k3s/agent/containerd"
state = "/run/k3s/containerd"

[grpc]
  address = "/run/k3s/containerd/containerd.sock"

[plugins."io.containerd.internal.v1.opt"]
  path = "/var/lib/rancher/k3s/agent/containerd"

[plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
  runtime_type = "io.containerd.runc.v2"

[plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
  SystemdCgroup = true
TOML
  printf '%s\n' '[Service]' Type=notify 'ExecStart=/usr/local/bin/k3s server' KillMode=process '[Install]' WantedBy=multi-user.target \
    >"$(node_file "/etc/systemd/system/$1.service")"
  on_node systemctl daemon-reload
  on_node systemctl enable --quiet --now "$1"
}

k3s_pid() { on_node systemctl show --property=MainPID --value "$1"; }

k3s_table() { on_node containerd -c "$K3S_DIRECTORY/config.toml" config dump | grep -A 9 'containerd.runtimes.container-hooks-runtime.options\]'; }

@test "k3s: its service, the server's or the agent's, restarts once and has the runtime; the undo gives its files back" {
  local service before table
  for service in k3s k3s-agent; do
    start_k3s "$service"
    before=$(k3s_pid "$service")
    run on_node /opt/container-hooks-ctk setup --runtime=k3s
    ok
    [[ $output == *"k3s: wrote $K3S_DIRECTORY/config.toml.tmpl; ran systemctl restart $service" ]] || no "$output"
    [ "$(k3s_pid "$service")" != "$before" ]
    before=$(k3s_pid "$service")
    table=$(k3s_table)
    [[ $table == *'BinaryName = "/usr/bin/container-hooks-runtime"'*'SystemdCgroup = true'* ]] || no "$table"
    on_node ln -sfn loop /tmp/loop
    on_node bash -c 'exec -a containerd perl -e "sleep 20" -- -c /tmp/loop/config.toml' >/dev/null 2>&1 3>&- 4>&- & # somebody's
    eventually on_node pgrep --full '^containerd -e'
    run on_node /opt/container-hooks-ctk status --json
    [ "$(jq -c '.engines[] | select(.engine == "k3s") | [.configured, .health]' <<<"$output")" = '[true,"ok"]' ] || no "$output"
    run on_node /opt/container-hooks-ctk setup --runtime=k3s
    [[ $output == *"k3s: nothing to do" ]]
    [ "$(k3s_pid "$service")" = "$before" ]
    run on_node /opt/container-hooks-ctk setup --undo
    ok
    [ ! -e "$(node_file $K3S_DIRECTORY/config.toml.tmpl)" ]
    [ "$(k3s_pid "$service")" != "$before" ]
    [ -z "$(k3s_table)" ]
    on_node systemctl disable --quiet --now "$service"
    rm "$(node_file "/etc/systemd/system/$service.service")"
  done
  rm -r "$(node_file /usr/local/bin/k3s)" "$(node_file /var/lib/rancher)"
}

## Docker, on the host itself

# A daemon of the node's own systemd.
start_docker() {
  mkdir -p "$(node_file /etc/docker)" "$(node_file /opt)"
  echo '{"iptables": false, "ip6tables": false, "bridge": "none", "storage-driver": "vfs"}' >"$(node_file /etc/docker/daemon.json)"
  cp "$BUILD/container-hooks-toolkit" "$(node_file /opt/container-hooks-ctk)"
  on_node systemctl start docker
}

docker_pid() { on_node systemctl show --property=MainPID --value docker; }

docker_says() { on_node docker info --format '{{.DefaultRuntime}} {{json .Runtimes}}'; }

docker_knows() { docker_says | grep -q "\"$1\""; }

@test "Docker is reloaded, knows the runtime, and is left alone by a second call; the undo restarts it" {
  start_docker
  local before
  before=$(docker_pid)
  run on_node /opt/container-hooks-ctk setup --runtime=docker --set-as-default
  ok
  [[ $output == *"docker: wrote /etc/docker/daemon.json; ran systemctl reload docker"* ]] || no "$output"
  [[ $(docker_says) == "container-hooks-runtime "* ]]
  [ "$(docker_pid)" = "$before" ] || no "$before is now $(docker_pid): $output"
  run on_node /opt/container-hooks-ctk setup --runtime=docker --set-as-default
  ok
  [[ $output == *"docker: nothing to do"* ]]
  run on_node /opt/container-hooks-ctk setup --undo
  ok
  [[ $(docker_says) == "runc "* ]]
  [[ $(docker_says) != *container-hooks* ]]
  [ "$(docker_pid)" != "$before" ]
}

@test "a Docker that no client can ask is reloaded all the same" {
  run on_node env PATH=/nowhere /opt/container-hooks-ctk setup --runtime=docker
  ok
  [[ $output == *"docker: wrote /etc/docker/daemon.json; ran systemctl reload docker"* ]] || no "$output"
  eventually docker_knows container-hooks-runtime
  on_node /opt/container-hooks-ctk setup --undo
}

@test "a dockerd that dies on the new file gets the old one back and runs again" {
  local file before
  file=$(node_file /etc/docker/daemon.json)
  before=$(cat "$file")
  mkdir -p "$(node_file /etc/systemd/system/docker.service.d)"
  printf '%s\n' '[Service]' 'ExecReload=' 'ExecReload=/bin/sh -c "! grep container-hooks /etc/docker/daemon.json || kill -9 $MAINPID"' \
    'Restart=no' >"$(node_file /etc/systemd/system/docker.service.d/test.conf)"
  on_node systemctl daemon-reload
  run on_node /opt/container-hooks-ctk setup --runtime=docker
  ok 1
  [[ $output == *"systemctl reload docker: docker.service does not stay up"*"its old configuration is back, and it runs"* ]] || no "$output"
  [ "$(cat "$file")" = "$before" ]
  [[ $(docker_says) == "runc "* ]]
}

@test "a daemon.json that was broken before is an error, comes back as it was, and the dockerd that runs goes on" {
  local file before
  file=$(node_file /etc/docker/daemon.json)
  rm "$(node_file /etc/systemd/system/docker.service.d/test.conf)"
  on_node systemctl daemon-reload
  on_node systemctl restart docker
  cp "$file" "$file.good"
  echo '{"debug": "yes"}' >"$file"
  before=$(docker_pid)
  run on_node /opt/container-hooks-ctk setup --runtime=docker
  ok 1
  [[ $output == *"does not know what its file says"*"its old configuration is back, and it runs"* ]] || no "$output"
  [ "$(cat "$file")" = '{"debug": "yes"}' ]
  [ "$(docker_pid)" = "$before" ] || no "$before is now $(docker_pid): $output"
  mv "$file.good" "$file"
  on_node /opt/container-hooks-ctk setup --undo
}

@test "scripts/demo-node shows a node that is set up and taken back" {
  run "$ROOT/scripts/demo-node"
  ok
  [[ $output == *"  toolkit: nothing to do"*$'\nweb starts\n'* ]]
  [ "${lines[-1]}" = "/etc/containerd/config.toml is as it was, and nothing of the toolkit is left." ]
}
