# shellcheck shell=bash
# Clearing away. Nothing here relies on process ids written down earlier, so it works after a crash as well:
# the lab's processes are those in its network namespaces and cgroups.

clean() {
  local name root
  for name in $(ip netns list 2>/dev/null | awk '{ print $1 }' | grep "^$NETNS_PREFIX-" || true); do stop_netns "$name"; done
  for root in $(lab_cgroups); do kill_cgroup "$root"; remove_tree "$root"; done
  remove_state "$STATE"
  rm -f "$WHERE"
}

# Killing the PID 1 of a node's PID namespace ends all that runs in the node.
stop_netns() {
  local pids
  for _ in $(seq 100); do
    pids=$(ip netns pids "$1" 2>/dev/null | tr '\n' ' ') || true
    [ -n "${pids// /}" ] || break
    # shellcheck disable=SC2086
    kill -KILL $pids 2>/dev/null || true
    sleep .1
  done
  [ -z "${pids// /}" ] || say "these processes of $1 do not end: $pids"
  ip netns del "$1" 2>/dev/null || true
}

kill_cgroup() {
  local pids
  for _ in $(seq 100); do
    pids=$(find "$1" -name cgroup.procs -exec cat {} + 2>/dev/null | tr '\n' ' ') || true
    [ -n "${pids// /}" ] || return 0
    # shellcheck disable=SC2086
    kill -KILL $pids 2>/dev/null || true
    sleep .1
  done
  say "these processes do not end: $pids"
}

remove_tree() { [ ! -d "$1" ] || find "$1" -depth -type d -exec rmdir {} + 2>/dev/null || say "could not remove the cgroup $1"; }

# remove_cgroups PATH: below each cgroup tree.
remove_cgroups() {
  local dir
  for dir in /sys/fs/cgroup/"$1" /sys/fs/cgroup/*/"$1"; do
    [ ! -d "$dir" ] || { kill_cgroup "$dir"; remove_tree "$dir"; }
  done
}

remove_state() {
  local mounted
  [ -e "$1/.netdoctor-lab" ] || return 0
  while read -r mounted; do umount -l "$mounted" || true; done < <(awk -v dir="$1/" 'index($5, dir) == 1 { print $5 }' /proc/self/mountinfo | sort -r)
  if [ -e "$1/made-run-netns" ] && [ -z "$(ls /run/netns)" ]; then umount /run/netns && rmdir /run/netns || true; fi
  rm -rf --one-file-system "$1"
}
