#!/bin/bash
# The first thing in a VM node after its initrd, as PID 1: file systems, kernel modules, network, and the way in.
set -uo pipefail
# shellcheck source=/dev/null
. "$1"
export PATH=$LAB_STATE/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin

mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t cgroup2 cgroup2 /sys/fs/cgroup
mount -t securityfs securityfs /sys/kernel/security
mount -t tracefs tracefs /sys/kernel/tracing
mount -t bpf bpf /sys/fs/bpf
mount -t tmpfs -o mode=755 tmpfs /run
mkdir -p /dev/pts /dev/shm /var/lib/kubelet /var/lib/containerd
mount -t devpts devpts /dev/pts
mount -t tmpfs tmpfs /dev/shm
mount -t tmpfs tmpfs /var/lib/kubelet
mount -t tmpfs tmpfs /var/lib/containerd
# The checkout again, without the cache that would hide later changes to its files.
mount -t 9p -o trans=virtio,version=9p2000.L,ro,msize=512000,cache=none checkout "$CHECKOUT"
mount --make-rshared /

hostname "$NODE"
mkdir -p /lib/modules
ln -sfn "$KERNEL_MODULES" "/lib/modules/$(uname -r)"
for module in ip_vs ip_vs_rr ip_vs_wrr ip_vs_sh nf_conntrack nf_conntrack_netlink br_netfilter veth bridge dummy \
  ip_set ip_set_hash_ip ip_set_hash_ipport ip_set_hash_ipportip ip_set_hash_ipportnet ip_set_bitmap_port xt_set xt_MASQUERADE \
  xt_comment xt_mark xt_conntrack xt_addrtype xt_nat xt_statistic iptable_nat iptable_filter nf_tables nft_compat; do
  modprobe "$module" || echo "no module $module"
done

ip link set lo up
ip addr add "$NODE_IP/24" dev eth0
ip link set eth0 up
ip route add default via "$GATEWAY"
sysctl -qw net.ipv4.ip_forward=1

# The way in: a second network card, in a network namespace of its own, so that no fault of the node's network cuts it
# off and the node does not see it. Commands run in the node's network namespace.
unshare --net sleep infinity &
holder=$!
until [ "$(stat -Lc %i "/proc/$holder/ns/net")" != "$(stat -Lc %i /proc/self/ns/net)" ]; do sleep .1; done
ip link set eth1 netns "$holder"
nsenter --net="/proc/$holder/ns/net" bash -c '
  ip link set lo up; ip addr add 10.0.2.15/24 dev eth1; ip link set eth1 up
  while :; do vmexec serve 10.0.2.15:2222; sleep 1; done' &

echo "booted after $(cut -d' ' -f1 /proc/uptime) s"
exec bash "$LAB_STATE/bin/services.sh" "$1" /var/log/netdoctor-lab
