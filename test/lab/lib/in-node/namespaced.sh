#!/bin/bash
# The first thing in a namespaced node, as PID 1 of its namespaces: gives it a root file system of its own, which is
# the machine's with all changes kept apart. The checkout, /tmp and the lab's state are the machine's own directories.
set -euo pipefail
# shellcheck source=/dev/null
. "$1"

hostname "$NODE"
mount --make-rprivate /
mkdir -p "$NODE_DIR"/{upper,work,root,lib/kubelet,lib/containerd}
root=$NODE_DIR/root
mount -t overlay overlay -o "lowerdir=/,upperdir=$NODE_DIR/upper,workdir=$NODE_DIR/work" "$root"

mount --rbind /dev "$root/dev"
mount -t proc proc "$root/proc"
mount -t sysfs sysfs "$root/sys"
mount --rbind /sys/fs/cgroup "$root/sys/fs/cgroup"
mount -t tmpfs -o mode=755 tmpfs "$root/run"

# An overlay shows nothing of other file systems mounted on the machine, and may miss later changes to what it shows.
for dir in $(findmnt -rno TARGET -t ext4,xfs,btrfs,zfs,f2fs) /tmp "$LAB_STATE" "$CHECKOUT"; do
  [ "$dir" = / ] || [ ! -d "$root$dir" ] || mount --bind "$dir" "$root$dir"
done
for dir in kubelet containerd; do
  mkdir -p "$root/var/lib/$dir"
  mount --bind "$NODE_DIR/lib/$dir" "$root/var/lib/$dir"
done

mkdir -p "$root/run/old"
cd "$root"
pivot_root . run/old
cd /
umount -l /run/old
rmdir /run/old
mount --make-rshared /
exec bash "$LAB_STATE/bin/services.sh" "$1" "$LAB_STATE/log/$NODE"
