# shellcheck shell=bash
# Nodes of either kind: their names and addresses, their configuration, adding and removing them, running commands on them.
# A namespaced node has network, mount, PID, UTS and IPC namespaces and a root file system (an overlay on the machine's).

# nodeK is 10.123.0.(10+K) with pods in 10.244.K.0/24; vmK is 10.123.0.(20+K) with pods in 10.244.(20+K).0/24.
node_kind() { case $1 in node[1-9]) echo namespaces ;; vm[1-9]) echo vm ;; *) return 1 ;; esac; }
node_octet() { case $1 in node*) echo $((10 + ${1#node})) ;; vm*) echo $((20 + ${1#vm})) ;; esac; }
node_ip() { echo "$NODE_NET.$(node_octet "$1")"; }
pod_cidr() { case $1 in node*) echo "$POD_NET.${1#node}.0/24" ;; vm*) echo "$POD_NET.$((20 + ${1#vm})).0/24" ;; esac; }
node_netns() { echo "/run/netns/$NETNS_PREFIX-$1"; }

check_host_mode() {
  case $1 in
    iptables | nftables) ;;
    ipvs) die "ipvs needs a VM node ('test/lab/lab node vm1 --mode ipvs'): the other nodes share this machine's kernel" 2 ;;
    *) usage_error "--proxy-mode takes iptables or nftables, not '$1'" ;;
  esac
}

# --- adding and removing

# ensure_node NAME MODE: there, Ready, and its kube-proxy at work; '' as MODE is the default.
ensure_node() {
  local name=$1 mode=$2 has
  if [ -e "$STATE/nodes/$name" ] && node_runs "$name" && ! vm_hangs "$name"; then
    has=$(cat "$STATE/nodes/$name/mode")
    [ -z "$mode" ] || [ "$mode" = "$has" ] ||
      die "$name is there with kube-proxy mode $has; run 'test/lab/lab node $name --remove' first" 3
    await_node "$name" 120
    sync_routes
    say "$name is there already (kube-proxy mode $has)"
    return
  fi
  [ ! -e "$STATE/nodes/$name" ] || { say "clearing away what is left of $name"; remove_node "$name"; }
  prepare_base
  trap "node_failed $name" EXIT
  trap 'exit 130' INT TERM HUP
  if [ "$(node_kind "$name")" = vm ]; then
    prepare_vm
    say "starting the VM $name (about a minute)"
    start_vm "$name" "${mode:-ipvs}"
  else
    check_host_mode "${mode:=iptables}"
    start_node "$name" "$mode"
  fi
  admit_node "$name"
  # One was seen whose CPUs both hung from its start on (soft lockup): so once more.
  if [ "$(node_kind "$name")" = vm ] && ! (trap - EXIT; await_node "$name" 180); then
    show_vm_logs "$name"
    say "$name did not come up; starting it once more"
    remove_node "$name"
    start_vm "$name" "${mode:-ipvs}"
  fi
  await_node "$name" 300
  sync_routes
  trap - EXIT INT TERM HUP
  say "$name is Ready after ${SECONDS}s (kube-proxy mode $(cat "$STATE/nodes/$name/mode"))"
}

node_failed() {
  local status=$?
  trap - EXIT INT TERM HUP
  [ "$(node_kind "$1")" = namespaces ] || show_vm_logs "$1"
  say "$1 did not come up; removing it"
  remove_node "$1"
  exit "$status"
}

remove_node() {
  local name=$1
  [ -e "$STATE/nodes/$name" ] || { say "there is no node $name"; return; }
  kctl delete node "$name" --ignore-not-found --wait=false >/dev/null 2>&1 || true
  kctl delete pods -A --field-selector="spec.nodeName=$name" --force --grace-period=0 >/dev/null 2>&1 || true
  stop_node "$name"
  rm -rf --one-file-system "${STATE:?}/nodes/$name" "$STATE/log/$name" "$STATE/log/$name.log" "$STATE/run/$name.pid"
  sync_routes
  say "removed $name"
}

stop_node() {
  if [ "$(node_kind "$1")" = vm ]; then stop_vm "$1"; else stop_netns "$NETNS_PREFIX-$1"; fi
  remove_cgroups "$CGROUP/$1"
}

node_runs() { if [ "$(node_kind "$1")" = vm ]; then vm_runs "$1"; else [ -n "$(node_init "$1")" ]; fi; }

# --- configuration, the same for both kinds

# write_node NAME MODE: certificates and files; the node reads them from $STATE/nodes/NAME.
write_node() {
  local name=$1 dir=$STATE/nodes/$1 ip; ip=$(node_ip "$1")
  mkdir -p "$dir/cni" "$STATE/log/$name"
  echo "$2" >"$dir/mode"
  certificate "$name" "/O=system:nodes/CN=system:node:$name" "IP:$ip,DNS:$name"
  kubeconfig "$name"
  write_cni "$name" >"$dir/cni/10-lab.conflist"
  write_kubelet "$name" >"$dir/kubelet.yaml"
  write_containerd >"$dir/containerd.toml"
  cat >"$dir/node.env" <<ENV
NODE=$name NODE_IP=$ip NODE_DIR=$dir LAB_STATE=$STATE CHECKOUT=$(printf %q "$CHECKOUT") GATEWAY=$CP_IP
PROXY_MODE=$2 POD_CIDRS=$POD_NET.0.0/16
ENV
}

write_cni() {
  cat <<JSON
{"cniVersion":"0.4.0","name":"lab","plugins":[
 {"type":"bridge","bridge":"cni0","isGateway":true,"ipMasq":true,"hairpinMode":true,
  "ipam":{"type":"host-local","ranges":[[{"subnet":"$(pod_cidr "$1")"}]],"routes":[{"dst":"0.0.0.0/0"}]}},
 {"type":"portmap","capabilities":{"portMappings":true}}]}
JSON
}

write_containerd() {
  cat <<TOML
version = 2
root = "/var/lib/containerd"
state = "/run/containerd"
[grpc]
  address = "/run/containerd/containerd.sock"
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "registry.k8s.io/pause:3.10"
  restrict_oom_score_adj = true
  [plugins."io.containerd.grpc.v1.cri".containerd]
    snapshotter = "native"
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "/usr/lib/cni"
    conf_dir = "/etc/cni/net.d"
TOML
}

write_kubelet() {
  local pki=$STATE/pki
  cat <<YAML
apiVersion: kubelet.config.k8s.io/v1beta1
kind: KubeletConfiguration
authentication: {anonymous: {enabled: false}, webhook: {enabled: true}, x509: {clientCAFile: $pki/ca.crt}}
authorization: {mode: Webhook}
tlsCertFile: $pki/$1.crt
tlsPrivateKeyFile: $pki/$1.key
address: $(node_ip "$1")
healthzBindAddress: 127.0.0.1
containerRuntimeEndpoint: unix:///run/containerd/containerd.sock
cgroupDriver: cgroupfs
cgroupsPerQOS: true
enforceNodeAllocatable: []
failSwapOn: false
clusterDNS: [$DNS_IP]
clusterDomain: cluster.local
staticPodPath: /etc/kubernetes/manifests
evictionHard: {memory.available: 50Mi, nodefs.available: 1%, imagefs.available: 1%}
nodeStatusUpdateFrequency: 4s
nodeLeaseDurationSeconds: 10
maxPods: 250
YAML
  [ "$(node_kind "$1")" = vm ] || echo "cgroupRoot: /$CGROUP/$1"
}

# --- a namespaced node

# start_node NAME MODE: starts its container runtime; kubelet and kube-proxy wait for admit_node.
start_node() {
  local name=$1 netns=$NETNS_PREFIX-$1 cp=$NETNS_PREFIX-cp
  write_node "$name" "$2"
  ip netns add "$netns"
  ip -n "$cp" link add "v-$name" type veth peer name eth0 netns "$netns"
  ip -n "$cp" link set "v-$name" master lab0 up
  ip -n "$netns" addr add "$(node_ip "$name")/24" dev eth0
  ip -n "$netns" link set eth0 up
  ip -n "$netns" link set lo up
  ip -n "$netns" route add default via "$CP_IP"
  nsenter --net="$(node_netns "$name")" sysctl -qw net.ipv4.ip_forward=1
  make_cgroups "$name"
  start "$name" nsenter --net="$(node_netns "$name")" -- \
    unshare --mount --pid --uts --ipc --fork --kill-child bash "$STATE/bin/namespaced.sh" "$STATE/nodes/$name/node.env"
}

# cgroup v1 has one tree for each controller, of which cpuset starts empty; v2 has one tree, whose controllers are handed down.
make_cgroups() {
  local root=/sys/fs/cgroup tree file part
  if [ -e $root/cgroup.controllers ]; then
    mkdir -p "$root/$CGROUP/$1"
    for part in "$root" "$root/$CGROUP" "$root/$CGROUP/$1"; do
      for file in $(cat "$part/cgroup.controllers"); do echo "+$file" >"$part/cgroup.subtree_control" 2>/dev/null || true; done
    done
    return
  fi
  for tree in cpu cpuacct cpuset memory devices freezer blkio pids systemd; do
    [ ! -d "$root/$tree" ] || mkdir -p "$root/$tree/$CGROUP/$1"
  done
  for part in "$CGROUP" "$CGROUP/$1"; do
    for file in cpuset.cpus cpuset.mems; do cat "$root/cpuset/$file" >"$root/cpuset/$part/$file"; done
  done
}

# The node's PID 1, as a process id of the machine.
node_init() {
  local pid
  for pid in $(ip netns pids "$NETNS_PREFIX-$1" 2>/dev/null); do
    if awk '/^NSpid:/ { exit !(NF == 3 && $3 == 1) }' "/proc/$pid/status" 2>/dev/null; then echo "$pid"; return; fi
  done
}

# --- joining

admit_node() { touch "$STATE/nodes/$1/admitted"; }

# await_node NAME SECONDS: registered, given its pod addresses, Ready, and its kube-proxy programmed.
await_node() {
  local name=$1 cidr; cidr=$(pod_cidr "$1")
  wait_for "$2" "$name" "$name to register" kctl get node "$name"
  kctl patch node "$name" -p "{\"spec\":{\"podCIDR\":\"$cidr\",\"podCIDRs\":[\"$cidr\"]}}" >/dev/null
  wait_for "$2" "$name" "$name to be Ready" node_is_ready "$name"
  wait_for "$2" "$name" "$name's kube-proxy" proxy_works "$name"
}

node_is_ready() {
  [ "$(kctl get node "$1" -o 'jsonpath={.status.conditions[?(@.type=="Ready")].status}' 2>/dev/null)" = True ]
}

# The API's Service address answers on the node.
proxy_works() { on_node_within 10 "$1" bash -c 'exec 3<>/dev/tcp/10.96.0.1/443' </dev/null >/dev/null 2>&1; }

# Every node, and the control plane, has a route to the pods of every other node, and to no others.
sync_routes() {
  local here there routes name
  for here in cp $(lab_nodes); do
    routes=''
    for there in $(lab_nodes); do
      [ "$there" = "$here" ] || routes+="route replace $(pod_cidr "$there") via $(node_ip "$there")"$'\n'
    done
    for name in $(all_node_names); do
      [ -e "$STATE/nodes/$name" ] || routes+="route del $(pod_cidr "$name") via $(node_ip "$name")"$'\n'
    done
    if [ "$here" = cp ]; then in_cp ip -force -batch - <<<"$routes" 2>/dev/null || true
    else on_node_within 20 "$here" ip -force -batch - <<<"$routes" 2>/dev/null || true; fi
  done
}

all_node_names() { printf '%s\n' node{1..9} vm{1..9}; }

# --- running commands on a node

# on_node NODE COMMAND…: the last thing this process does.
on_node() {
  local name=$1 init; shift
  if [ "$(node_kind "$name")" = vm ]; then in_vm "$name" "$@"; return; fi
  init=$(node_init "$name")
  [ -n "$init" ] || die "$name does not run; run 'test/lab/lab down' and 'test/lab/lab up'"
  # shellcheck disable=SC2016
  exec nsenter --target "$init" --mount --pid --net --uts --ipc -- setpriv --pdeathsig KILL \
    sh -c 'cd "$1" 2>/dev/null || cd /; shift; exec "$@"' sh "$PWD" "$@"
}

# on_node_within SECONDS NODE COMMAND…
on_node_within() {
  local seconds=$1 name=$2; shift 2
  timeout --kill-after=1 "$seconds" "$LAB_HOME/lab" in "$name" -- "$@" 9>&-
}

# node_service NODE NAME start|stop|pause|resume: the last thing this process does.
node_service() {
  # shellcheck disable=SC2016
  on_node "$1" sh -c 'case $2 in
      start) rm -f "/run/netdoctor-lab/$1.stop" ;;
      stop) touch "/run/netdoctor-lab/$1.stop"; pkill -KILL -x "$1" ;;
      pause) pkill -STOP -x "$1" ;;
      resume) pkill -CONT -x "$1" ;;
    esac; true' sh "$2" "$3" </dev/null
}
