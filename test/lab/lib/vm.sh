# shellcheck shell=bash
# VM nodes: QEMU in software emulation with Debian's kernel; the root file system is the machine's, read over 9p, with
# changes kept in the VM's memory.

vm_port() { echo "127.0.0.1:$((2200 + $(node_octet "$1")))"; }

# start_vm NAME MODE
start_vm() {
  local name=$1 dir=$STATE/nodes/$1 octet kernel
  octet=$(node_octet "$name"); kernel=$(ls "$KERNEL/lib/modules")
  write_node "$name" "$2"
  echo "KERNEL_MODULES=$(printf %q "$KERNEL/lib/modules/$kernel")" >>"$dir/node.env"
  [ -e "$STATE/bin/vmexec" ] || { cp "$VMEXEC" "$STATE/bin/vmexec.part"; mv "$STATE/bin/vmexec.part" "$STATE/bin/vmexec"; }
  admit_node "$name"
  make_initrd "$dir" "$kernel"
  in_cp ip tuntap add "tap-$name" mode tap
  in_cp ip link set "tap-$name" master lab0 up
  start_in_cp "$name" qemu-system-x86_64 -name "$name" -accel tcg,thread=multi -cpu max -m 3072 -smp 2 \
    -kernel "$KERNEL/boot/vmlinuz-$kernel" -initrd "$dir/initrd.gz" \
    -append "console=ttyS0 apparmor=1 security=apparmor loglevel=5 panic=-1 mitigations=off norandmaps" -nographic -no-reboot \
    -monitor "unix:$dir/monitor,server=on,wait=off" \
    -netdev tap,id=lab,ifname="tap-$name",script=no,downscript=no \
    -device virtio-net-pci,netdev=lab,mac="52:54:00:00:00:$octet" \
    -netdev user,id=wayin,restrict=on,hostfwd=tcp:"$(vm_port "$name")"-10.0.2.15:2222 \
    -device virtio-net-pci,netdev=wayin,mac="52:54:00:00:01:$octet" \
    -virtfs local,path=/,mount_tag=machine,security_model=none,readonly=on,multidevs=remap \
    -virtfs local,path="$CHECKOUT",mount_tag=checkout,security_model=none,readonly=on,multidevs=remap
}

# make_initrd DIRECTORY KERNEL: loads what 9p needs, mounts the machine's root below an overlay, goes there.
make_initrd() {
  local dir=$1 initrd=$1/initrd name file
  mkdir -p "$initrd"/{bin,proc,sys,dev,ro,rw,root,modules}
  cp /bin/busybox "$initrd/bin/"
  for name in sh mount mkdir insmod switch_root; do ln -s busybox "$initrd/bin/$name"; done
  for name in virtio_pci virtio_net 9pnet_virtio 9p overlay; do
    modprobe -S "$2" -d "$KERNEL" --show-depends "$name" | awk '/^insmod/ { print $2 }'
  done | awk '!seen[$0]++' >"$dir/modules"
  while read -r file; do
    cp "$file" "$initrd/modules/"
    echo "/modules/${file##*/}" >>"$initrd/order"
  done <"$dir/modules"
  cat >"$initrd/init" <<INIT
#!/bin/sh
mount -t proc p /proc; mount -t devtmpfs d /dev
while read -r module; do insmod "\$module" || echo "cannot load \$module"; done </order
mount -t 9p -o trans=virtio,version=9p2000.L,ro,msize=512000,cache=loose machine /ro
mount -t tmpfs -o size=90% t /rw; mkdir -p /rw/upper /rw/work
mount -t overlay -o lowerdir=/ro,upperdir=/rw/upper,workdir=/rw/work o /root
mount --move /dev /root/dev
exec switch_root /root /bin/bash $STATE/bin/vm.sh $dir/node.env
INIT
  chmod +x "$initrd/init"
  (cd "$initrd" && find . | cpio --quiet -o -H newc | gzip -1) >"$dir/initrd.gz"
}

vm_process() {
  local pid
  for pid in $(ip netns pids "$NETNS_PREFIX-cp" 2>/dev/null); do
    if tr '\0' ' ' <"/proc/$pid/cmdline" 2>/dev/null | grep -q "^qemu-system-x86_64 -name $1 "; then echo "$pid"; fi
  done
}

# vm_hangs NAME: what its CPUs do is said, for whoever looks for the reason. Seen twice in some hundred VMs: both CPUs at work, and nothing answers.
vm_hangs() {
  [ "$(node_kind "$1")" = vm ] || return 1
  ! on_node_within 60 "$1" true </dev/null >/dev/null 2>&1 || return 1
  say "$1 hangs"
  show_cpus "$1"
}

show_cpus() {
  timeout 3 perl -MIO::Socket::UNIX -e '
    $| = 1; my $s = IO::Socket::UNIX->new($ARGV[0]) or exit; print $s "info registers -a\n";
    while (<$s>) { print if /^CPU#|RIP|RSP|CR2/ } ' "$STATE/nodes/$1/monitor" >&2 || true
}

vm_runs() { [ -n "$(vm_process "$1")" ]; }

stop_vm() {
  local pid; pid=$(vm_process "$1")
  [ -z "$pid" ] || kill -KILL "$pid"
  for _ in $(seq 100); do [ -n "$(vm_process "$1")" ] || break; sleep .1; done
  in_cp ip link del "tap-$1" 2>/dev/null || true
}

in_vm() {
  local name=$1; shift
  vm_runs "$name" || die "$name does not run; run 'test/lab/lab node $name', which starts it anew"
  exec nsenter --net="$CP_NETNS" -- "$STATE/bin/vmexec" run "$(vm_port "$name")" "$@"
}

# Where it hangs the console tells first, and says so again and again; the services' logs are in the VM.
show_vm_logs() {
  grep -m1 -A25 'soft lockup' "$STATE/log/$1.log" >&2 || true
  show_cpus "$1"
  # shellcheck disable=SC2016
  on_node_within 30 "$1" sh -c 'for log in /var/log/netdoctor-lab/*.log; do echo "lab: the end of $log:"; tail -n 15 "$log"; done' \
    </dev/null >&2 || say "$1 itself does not answer"
}
