# shellcheck shell=bash
# Names, places, messages, waiting and the lock: what every other part uses.

STATE=${NETDOCTOR_LAB_STATE:-/tmp/netdoctor-lab}
CACHE=${NETDOCTOR_LAB_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/netdoctor-lab}
LOCK=/run/lock/netdoctor-lab.lock # holds the process and the command that has it
WHERE=/run/netdoctor-lab.state    # names the state directory of the lab that is up

CGROUP=netdoctor-lab
NETNS_PREFIX=netdoctor-lab
CP_NETNS=/run/netns/$NETNS_PREFIX-cp
NODE_NET=10.123.0
CP_IP=$NODE_NET.1
POD_NET=10.244
SERVICE_CIDR=10.96.0.0/16
DNS_IP=10.96.0.10
export PATH=$PATH:/usr/sbin:/sbin

say() { printf 'lab: %s\n' "$1" >&2; }
die() { say "$1"; exit "${2:-1}"; }

require_host() {
  local own="or use a cluster of your own (for example kind) and set KUBECONFIG: see test/lab/README.md"
  [ "$(uname -sm)" = 'Linux x86_64' ] && [ -e /etc/debian_version ] && command -v apt-get >/dev/null ||
    die "the lab needs Debian on amd64; run it there, $own"
  [ "$(id -u)" = 0 ] || die "the lab needs root; run it with sudo, $own"
  unshare --net --mount --pid --fork true 2>/dev/null ||
    die "this machine does not let root make namespaces (a container without --privileged?); run the lab elsewhere, $own"
}

# Commands that end the lab's processes must not run among them.
outside_lab() {
  [ ! -e "$CP_NETNS" ] || [ "$(stat -Lc %i "$CP_NETNS")" != "$(stat -Lc %i /proc/self/ns/net)" ] ||
    die "run this outside 'lab exec'"
}

# One lab command at a time changes the lab. Held until this process ends; children it leaves behind must close fd 9.
take_lock() {
  mkdir -p "$(dirname "$LOCK")"
  exec 9<>"$LOCK"
  flock -n 9 || die "$(cat "$LOCK") is still running; wait until it ends" 4
  echo "'lab $1' (process $$)" >"$LOCK"
}

same_state_dir() {
  local other; other=$(cat "$WHERE" 2>/dev/null) || return 0
  [ ! -e "$CP_NETNS" ] || [ "$other" = "$STATE" ] ||
    die "the lab that is up here keeps its state in $other, not in $STATE; set NETDOCTOR_LAB_STATE=$other" 3
}

# down: nothing there; up: the apiserver answers; stale: remains of a lab that crashed, or of before a reboot.
lab_condition() {
  if [ ! -e "$CP_NETNS" ] && [ ! -e "$STATE" ] && [ -z "$(lab_cgroups)" ]; then echo down
  elif [ -e "$STATE/settings" ] && [ -e "$CP_NETNS" ] && api_ready; then echo up
  else echo stale; fi
}

require_up() {
  case $(lab_condition) in
    down) die "no lab is up; run 'test/lab/lab up'" ;;
    stale) die "the lab is up but does not work; run 'test/lab/lab up', which starts it anew" ;;
  esac
}

# For what works without an apiserver that answers: it may have been stopped on purpose.
require_control_plane() { [ -e "$CP_NETNS" ] && [ -e "$STATE/settings" ] || require_up; }

require_node() {
  [ -e "$CP_NETNS" ] || die "no lab is up; run 'test/lab/lab up'"
  [ -e "$STATE/nodes/$1" ] || die "there is no node '$1'; run 'test/lab/lab node $1', or take one of: $(lab_nodes | xargs)"
}

lab_nodes() { [ ! -d "$STATE/nodes" ] || find "$STATE/nodes" -mindepth 1 -maxdepth 1 -printf '%f\n' | sort; }
lab_cgroups() { find /sys/fs/cgroup -maxdepth 2 -type d -name "$CGROUP" 2>/dev/null || true; }
in_cp() { nsenter --net="$CP_NETNS" -- "$@"; }
kctl() { KUBECACHEDIR=$STATE/kubecache in_cp "$STATE/bin/kubectl" --kubeconfig="$STATE/admin.kubeconfig" --request-timeout=10s "$@"; }
api_ready() { kctl get --raw /readyz --request-timeout=3s >/dev/null 2>&1; }

# start NAME COMMAND…: in the background, in a session of its own, log in $STATE/log. It keeps no file of the caller's open: among
# them may be a lock.
start() {
  local name=$1; shift
  (cd / && close_inherited && exec setsid "$@") >>"$STATE/log/$name.log" 2>&1 </dev/null &
  echo $! >"$STATE/run/$name.pid"
  disown
}

close_inherited() {
  local fd
  for fd in /proc/"$BASHPID"/fd/*; do
    fd=${fd##*/}
    [ "$fd" -le 2 ] || [ "$fd" = 255 ] || exec {fd}>&-
  done
}

has_ended() { [ -e "$STATE/run/$1.pid" ] && ! kill -0 "$(cat "$STATE/run/$1.pid")" 2>/dev/null; }

# wait_for SECONDS COMPONENT WHAT COMMAND…: COMMAND must come true in time, and COMPONENT must not end meanwhile.
wait_for() {
  local end=$((SECONDS + $1)) component=$2 what=$3 why; shift 3
  until "$@" >/dev/null 2>&1; do
    why=''
    ! has_ended "$component" || why="$component has ended"
    [ "$SECONDS" -lt "$end" ] || why="not so in the time allowed"
    if [ -n "$why" ]; then
      say "waited for $what: $why"
      show_logs "$component"
      exit 1
    fi
    sleep .1
  done
}

show_logs() {
  local log
  for log in "$STATE/log/$1.log" "$STATE/log/$1"/*.log; do
    [ ! -s "$log" ] || { say "the end of $log:"; tail -n 15 "$log" >&2; }
  done
}
