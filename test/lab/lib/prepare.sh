# shellcheck shell=bash
# Everything that takes long is made once and cached. A cached file has the hash of what it was made from in its name,
# and gets its name only when it is whole.

prepare_base() {
  install_missing containerd:containerd ctr:containerd runc:runc /usr/lib/cni/bridge:containernetworking-plugins \
    iptables:iptables nft:nftables ipset:ipset conntrack:conntrack socat:socat ip:iproute2 ethtool:ethtool \
    tcpdump:tcpdump openssl:openssl pkill:procps zsh:zsh fish:fish \
    qemu-aarch64-static:qemu-user-static /usr/aarch64-linux-gnu/lib/libstdc++.so.6:libstdc++6-arm64-cross
  KUBEBOX=$(built kubebox "about 8 minutes the first time" "$(kube_ldflags)")
  COREDNS=$(built coredns "about 2 minutes the first time" "-s -w")
  BUSYBOX_IMAGE=$(image busybox "$(hash_of "$LAB_HOME/mkimage" "$LAB_HOME/lib/prepare.sh")" busybox_rootfs \
    docker.io/library/busybox:1.36 '["/bin/sh"]')
  PAUSE_IMAGE=$(image pause "$(hash_of "$LAB_HOME/mkimage" "$LAB_HOME/lib/prepare.sh")" busybox_rootfs \
    registry.k8s.io/pause:3.10 '["/bin/sleep","2147483647"]')
  COREDNS_IMAGE=$(image coredns "$(hash_of "$LAB_HOME/mkimage" "$COREDNS")" coredns_rootfs \
    registry.k8s.io/coredns/coredns:v1.15.0 '["/coredns"]')
}

prepare_vm() {
  install_missing qemu-system-x86_64:qemu-system-x86 cpio:cpio modprobe:kmod /bin/busybox:busybox-static \
    ipvsadm:ipvsadm apparmor_parser:apparmor
  VMEXEC=$(built vmexec "a few seconds" "-s -w")
  KERNEL=$CACHE/kernel
  [ -d "$KERNEL" ] || fetch_kernel
}

# --- Debian packages: install_missing COMMAND-OR-FILE:PACKAGE…

install_missing() {
  local pair packages=()
  for pair in "$@"; do
    [[ $pair = /* && -e ${pair%%:*} ]] || command -v "${pair%%:*}" >/dev/null || packages+=("${pair#*:}")
  done
  [ ${#packages[@]} -gt 0 ] || return 0
  say "installing Debian packages (about a minute): ${packages[*]}"
  install_packages "${packages[@]}" || { refresh_lists; install_packages "${packages[@]}"; } || {
    tail -n 15 "$CACHE/apt.log" >&2
    die "apt-get could not install ${packages[*]}; see $CACHE/apt.log"
  }
}

# The downloaded files go to a directory of their own, which is removed.
install_packages() {
  local downloads status=0
  downloads=$(mktemp -d); mkdir -p "$downloads/partial" "$CACHE"
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
    -o Dir::Cache::Archives="$downloads" "$@" >"$CACHE/apt.log" 2>&1 </dev/null || status=$?
  rm -rf "$downloads"
  return "$status"
}

refresh_lists() {
  say "refreshing the package lists (about 10 seconds)"
  apt-get update -qq >>"$CACHE/apt.log" 2>&1 || say "apt-get update failed; trying with the lists there are"
}

# fetch_package PACKAGE DIRECTORY: the package's files, unpacked, not installed.
fetch_package() {
  local package=$1 to=$2 downloads; downloads=$(mktemp -d)
  (cd "$downloads" && apt-get download -qq "$package" >/dev/null 2>&1) || {
    refresh_lists
    (cd "$downloads" && apt-get download -qq "$package" >/dev/null 2>&1)
  } || { rm -rf "$downloads"; die "apt-get could not download $package"; }
  dpkg-deb -x "$downloads"/*.deb "$to"
  rm -rf "$downloads"
}

# --- Go programs: the directories kubebox, coredns and vmexec

kube_ldflags() {
  local version; version=$(awk '$1 == "k8s.io/kubernetes" { print $2; exit }' "$LAB_HOME/kubebox/go.mod")
  local v=k8s.io/component-base/version major=${version#v} minor=${version#v*.}
  echo "-s -w -X $v.gitVersion=$version -X $v.gitMajor=${major%%.*} -X $v.gitMinor=${minor%%.*}"
}

# built PROGRAM HOW_LONG LDFLAGS: prints where the program is.
built() {
  local program=$1 dir=$LAB_HOME/$1 out
  out=$CACHE/$program-$(cat "$dir"/go.* "$dir"/*.go <(echo "$3") | sha256sum | cut -c1-12)
  if [ ! -e "$out" ]; then
    command -v go >/dev/null || die "building $program needs Go 1.24 or newer: install it (https://go.dev/dl) and put it into PATH"
    say "building $program ($2)"
    mkdir -p "$CACHE"
    (cd "$dir" && CGO_ENABLED=0 GOFLAGS=-buildvcs=false go build -trimpath -ldflags "$3" -o "$out.part" .) >&2 ||
      die "building $program failed; it needs Go 1.24 or newer (this is $(go env GOVERSION)) and the Go module proxy"
    keep "$out" "$program"
  fi
  echo "$out"
}

# keep FILE NAME: FILE.part is whole; it takes its name, and older ones of the same kind go.
keep() { mv "$1.part" "$1"; find "$CACHE" -maxdepth 1 -type f -name "$2-*" ! -path "$1" -delete; }

hash_of() { cat "$@" | sha256sum | cut -c1-12; }

# --- images: image NAME KEY MAKE_ROOTFS REFERENCE ENTRYPOINT: prints where the archive is

image() {
  local out=$CACHE/image-$1-$2.tar root
  if [ ! -e "$out" ]; then
    say "making the $1 image (a few seconds)"
    mkdir -p "$CACHE"
    root=$(mktemp -d)
    "$3" "$root" >&2
    "$LAB_HOME/mkimage" "$4" "$out.part" "$5" "$root"
    rm -rf "$root"
    keep "$out" "image-$1"
  fi
  echo "$out"
}

# Debian's dynamic busybox: the static one crashes when it looks up a name.
busybox_rootfs() {
  local root=$1 lib
  fetch_package busybox "$root"
  rm -rf "${root:?}/usr"
  mkdir -p "$root"/{tmp,etc,proc,sys,dev,usr/bin,usr/sbin,sbin}
  echo 'root:x:0:0::/:/bin/sh' >"$root/etc/passwd"
  for lib in $(ldd "$root/bin/busybox" | grep -oE '/[^ )]+') /lib/x86_64-linux-gnu/libnss_{files,dns}.so.2; do
    mkdir -p "$root$(dirname "$lib")"
    cp -L "$lib" "$root$lib"
  done
  chroot "$root" /bin/busybox --install -s /bin
}

coredns_rootfs() { mkdir -p "$1/tmp" "$1/etc"; cp "$COREDNS" "$1/coredns"; }

# --- the kernel of the VM nodes

fetch_kernel() {
  local package
  say "fetching Debian's kernel for the VM nodes (about 20 seconds)"
  package=$(kernel_package)
  [ -n "$package" ] || { refresh_lists; package=$(kernel_package); }
  [ -n "$package" ] || die "Debian's package lists name no kernel (linux-image-amd64); look at /etc/apt/sources.list"
  rm -rf "$KERNEL.part"
  mkdir -p "$KERNEL.part"
  fetch_package "$package" "$KERNEL.part"
  depmod -b "$KERNEL.part" "$(ls "$KERNEL.part/lib/modules")"
  mv "$KERNEL.part" "$KERNEL"
}

kernel_package() { apt-cache depends linux-image-amd64 2>/dev/null | awk '/Depends: linux-image/ { print $2; exit }'; }
