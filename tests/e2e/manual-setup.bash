# What the commands of the manuals' EXAMPLES find: files by the names that they use.
#
#   . manual-setup.bash BUILD    after readme-setup.bash
#
# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash

ln -s "$1/container-hooks-toolkit" /usr/local/bin/container-hooks-ctk
mkdir -p /mnt /run/place/infrastructure/hooks.d /run/place/build /var/lib/node_exporter /etc/containerd /var/log/container-hooks \
  /etc/container-hooks/hooks.d /etc/docker
mount -t tmpfs tmpfs /mnt
mkdir /mnt/image
cp "$1/container-hooks-toolkit" /run/place/build/
cd /run/place || return
printf '#!/bin/sh\ncat >/dev/null\n' >/usr/local/bin/verify
chmod 755 /usr/local/bin/verify
containerd config default >/etc/containerd/config.toml 2>/dev/null
for word in systemctl logger vi; do
  printf '#!/bin/sh\n' >"/usr/local/bin/$word"
  chmod 755 "/usr/local/bin/$word"
done
for id in ID web; do
  bundle=/run/containerd/io.containerd.runtime.v2.task/moby/$id
  mkdir -p "$bundle"
  cp "$(dirname "${BASH_SOURCE[0]}")/../data/specs/docker28.json" "$bundle/config.json"
done
