# shellcheck shell=bash
# etcd, kube-apiserver, kube-controller-manager and kube-scheduler, in a network namespace of their own.

# bring_up SETTINGS NODES NODEPORT_RANGE PROXY_MODE
bring_up() {
  local settings=$1 nodes=$2 range=$3 mode=$4 n
  claim_state_dir
  trap 'up_failed' EXIT
  trap 'exit 130' INT TERM HUP
  ip netns add "$NETNS_PREFIX-cp"
  make_network
  make_authority
  start_apiserver "$range"
  for n in $(seq "$nodes"); do start_node "node$n" "$mode"; done
  wait_for 60 apiserver "the apiserver" api_ready
  start_controllers
  for n in $(seq "$nodes"); do admit_node "node$n"; done
  apply_dns
  for n in $(seq "$nodes"); do await_node "node$n" 60; done
  sync_routes
  await_dns
  echo "$settings" >"$STATE/settings"
  trap - EXIT INT TERM HUP
  say "up: $nodes nodes in ${SECONDS}s; 'test/lab/lab exec -- kubectl get nodes' talks to it"
}

up_failed() {
  local status=$?
  trap - EXIT INT TERM HUP
  mkdir -p "$STATE.failed" && cp -r "$STATE/log/." "$STATE.failed/" 2>/dev/null
  say "the lab did not come up; clearing it away (its logs are kept in $STATE.failed)"
  clean
  exit "$status"
}

# The directory is removed as a whole later on, so it must be the lab's own: new, or empty.
claim_state_dir() {
  [ ! -e "$STATE" ] || rmdir "$STATE" 2>/dev/null ||
    die "$STATE is not empty and not the lab's; set NETDOCTOR_LAB_STATE to another directory"
  rm -rf "$STATE.failed"
  mkdir -p "$STATE"/{bin,pki,log,run,etcd,nodes,images/all,images/node1}
  touch "$STATE/.netdoctor-lab"
  echo "$STATE" >"$WHERE"
  mountpoint -q /run/netns || touch "$STATE/made-run-netns"
  # Copies, so that nothing that runs depends on the cache or the checkout.
  local component
  cp "$KUBEBOX" "$STATE/bin/kubebox"
  for component in kube-apiserver kube-controller-manager kube-scheduler kubelet kube-proxy kubectl; do
    ln -s kubebox "$STATE/bin/$component"
  done
  cp "$BUSYBOX_IMAGE" "$STATE/images/all/busybox.tar"
  cp "$PAUSE_IMAGE" "$STATE/images/all/pause.tar"
  cp "$COREDNS_IMAGE" "$STATE/images/node1/coredns.tar"
  cp "$LAB_HOME"/lib/in-node/*.sh "$STATE/bin/"
}

# One bridge that all nodes are on. Traffic between VMs, and from here to pods, is routed here.
make_network() {
  local cp=$NETNS_PREFIX-cp
  ip -n "$cp" link set lo up
  ip -n "$cp" link add lab0 type bridge
  ip -n "$cp" addr add "$CP_IP/24" dev lab0
  ip -n "$cp" link set lab0 up
  in_cp sysctl -qw net.ipv4.ip_forward=1 net.ipv4.conf.all.send_redirects=0 net.ipv4.conf.lab0.send_redirects=0
}

make_authority() {
  local pki=$STATE/pki
  new_key "$pki/ca.key"
  openssl req -x509 -key "$pki/ca.key" -out "$pki/ca.crt" -days 30 -subj /CN=lab-ca
  openssl genrsa -out "$pki/sa.key" 2048 2>/dev/null
  certificate apiserver /CN=kube-apiserver \
    "IP:127.0.0.1,IP:$CP_IP,IP:10.96.0.1,DNS:localhost,DNS:kubernetes,DNS:kubernetes.default,DNS:kubernetes.default.svc"
  local who
  for who in admin:/O=system:masters/CN=admin controller-manager:/CN=system:kube-controller-manager \
    scheduler:/CN=system:kube-scheduler proxy:/CN=system:kube-proxy; do
    certificate "${who%%:*}" "${who#*:}"
    kubeconfig "${who%%:*}"
  done
}

new_key() { openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$1" 2>/dev/null; }

# certificate NAME SUBJECT [ALTERNATIVE_NAMES]
certificate() {
  local base=$STATE/pki/$1
  new_key "$base.key"
  openssl req -new -key "$base.key" -subj "$2" -out "$base.csr"
  { echo "extendedKeyUsage=serverAuth,clientAuth"; [ -z "${3:-}" ] || echo "subjectAltName=$3"; } >"$base.ext"
  openssl x509 -req -in "$base.csr" -CA "$STATE/pki/ca.crt" -CAkey "$STATE/pki/ca.key" -CAcreateserial -days 30 \
    -extfile "$base.ext" -out "$base.crt" 2>/dev/null
}

# kubeconfig NAME: for the certificate of that name.
kubeconfig() {
  cat >"$STATE/$1.kubeconfig" <<YAML
apiVersion: v1
kind: Config
clusters: [{name: lab, cluster: {server: "https://$CP_IP:6443", certificate-authority: $STATE/pki/ca.crt}}]
users: [{name: $1, user: {client-certificate: $STATE/pki/$1.crt, client-key: $STATE/pki/$1.key}}]
contexts: [{name: lab, context: {cluster: lab, user: $1}}]
current-context: lab
YAML
}

start_in_cp() { local name=$1; shift; start "$name" nsenter --net="$CP_NETNS" -- "$@"; }

start_apiserver() {
  local pki=$STATE/pki
  start_in_cp etcd "$STATE/bin/kubebox" etcd --data-dir "$STATE/etcd" --unsafe-no-fsync \
    --listen-client-urls http://127.0.0.1:2379 --advertise-client-urls http://127.0.0.1:2379 \
    --listen-peer-urls http://127.0.0.1:2380
  start_in_cp apiserver "$STATE/bin/kube-apiserver" --etcd-servers=http://127.0.0.1:2379 \
    --secure-port=6443 --advertise-address="$CP_IP" --client-ca-file="$pki/ca.crt" \
    --tls-cert-file="$pki/apiserver.crt" --tls-private-key-file="$pki/apiserver.key" \
    --service-account-key-file="$pki/sa.key" --service-account-signing-key-file="$pki/sa.key" \
    --service-account-issuer=https://lab --service-cluster-ip-range="$SERVICE_CIDR" \
    --service-node-port-range="$1" --authorization-mode=Node,RBAC --allow-privileged=true \
    --kubelet-client-certificate="$pki/admin.crt" --kubelet-client-key="$pki/admin.key" \
    --kubelet-certificate-authority="$pki/ca.crt" --kubelet-preferred-address-types=InternalIP
}

start_controllers() {
  start_in_cp controller-manager "$STATE/bin/kube-controller-manager" --kubeconfig="$STATE/controller-manager.kubeconfig" \
    --use-service-account-credentials --service-account-private-key-file="$STATE/pki/sa.key" \
    --root-ca-file="$STATE/pki/ca.crt" --leader-elect=false --node-monitor-grace-period=16s --cluster-cidr="$POD_NET.0.0/16"
  start_in_cp scheduler "$STATE/bin/kube-scheduler" --kubeconfig="$STATE/scheduler.kubeconfig" --leader-elect=false
}

# control_service NAME start|stop|pause|resume: what it was started with is kept when it is stopped.
control_service() {
  local name=$1 what=$2 argv=() pid; pid=$(cat "$STATE/run/$1.pid")
  if has_ended "$name"; then
    [ "$what" != stop ] || return 0
    [ "$what" = start ] || die "$name does not run; start it first"
    mapfile -d '' -t argv <"$STATE/run/$name.argv"
    start_in_cp "$name" "${argv[@]}"
    [ "$name" != apiserver ] || wait_for 60 apiserver "the apiserver" api_ready
    return
  fi
  case $what in
    start) ;;
    stop)
      cp "/proc/$pid/cmdline" "$STATE/run/$name.argv"
      kill -KILL "$pid"
      wait_for 5 cp "$name to end" has_ended "$name" ;;
    pause) kill -STOP "$pid" ;;
    resume) kill -CONT "$pid" ;;
  esac
}
