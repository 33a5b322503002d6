# What the commands of README.md find: a machine of their own, with Docker and nothing configured.
#
#   . readme-setup.bash DIRECTORY [without-docker]    in a mount namespace of its own; DIRECTORY is for what is written
#
# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash

set -e
directory=$1
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
unset CONTAINER_HOOKS_CONFIG CONTAINER_HOOKS_STATE_DIR XDG_CONFIG_HOME

overlay() {
  mkdir -p "$directory/upper$1" "$directory/work$1"
  mount -t overlay overlay -o "lowerdir=$1,upperdir=$directory/upper$1,workdir=$directory/work$1" "$1"
}
for place in /etc /usr /var /tmp; do overlay "$place"; done
mount -t tmpfs tmpfs /run
rm -rf /etc/container-hooks /etc/docker /etc/containerd /etc/crio /etc/containers/containers.conf.d \
  /var/lib/container-hooks /var/lib/docker /usr/bin/container-hooks*

# This machine's init is not the one that the units are for; the reload of docker.service is this signal.
systemctl() {
  case "$*" in
    "reload docker") kill -HUP "$(cat /run/docker.pid)" && sleep 1 ;;
    "restart docker") end_docker && start_docker ;;
    *) echo "systemctl: $* is not for a test" >&2 && return 1 ;;
  esac
}

start_docker() {
  mkdir -p /var/lib/docker
  mountpoint -q /var/lib/docker || mount -t tmpfs tmpfs /var/lib/docker
  dockerd --iptables=false --ip6tables=false --bridge=none --storage-driver=vfs >"$directory/dockerd.log" 2>&1 </dev/null &
  for _ in $(seq 100); do
    if docker version >/dev/null 2>&1; then return; fi
    sleep 0.1
  done
  cat "$directory/dockerd.log" >&2
  return 1
}

import_image() {
  mkdir -p "$directory/rootfs/bin"
  cp "$(command -v busybox)" "$directory/rootfs/bin/"
  for applet in sh echo cat ls sleep true id hostname; do ln -s busybox "$directory/rootfs/bin/$applet"; done
  tar -C "$directory/rootfs" -c . | docker import - busybox:latest >/dev/null
}

end_docker() {
  kill "$(cat /run/docker.pid)"
  wait
} 2>/dev/null

if [ "${2:-}" != without-docker ]; then
  start_docker
  trap end_docker EXIT
  import_image
fi
