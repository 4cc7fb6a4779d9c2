# shellcheck shell=bash
# CoreDNS as the Service kube-dns.

apply_dns() {
  sed "s/@DNS_IP@/$DNS_IP/" "$LAB_HOME/lib/coredns.yaml" | kctl apply -f - >"$STATE/log/dns.log" 2>&1 ||
    { show_logs dns; die "CoreDNS could not be set up"; }
}

await_dns() {
  kctl -n kube-system logs deploy/coredns --follow --pod-running-timeout=60s >"$STATE/log/dns.log" 2>&1 </dev/null 9>&- &
  wait_for 60 dns "CoreDNS to answer on $DNS_IP" dns_answers node1
  kill $! 2>/dev/null || true
}

# Asks, on the node, for the address of kubernetes.default.svc.cluster.local; 10.96.0.1 must be in the answer.
dns_answers() {
  local query='\x4c\x41\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00\x0akubernetes\x07default\x03svc\x07cluster\x05local\x00\x00\x01\x00\x01'
  # shellcheck disable=SC2059,SC2016
  printf "$query" | on_node_within 10 "$1" bash -c 'exec 3<>"/dev/udp/$1/53"; dd ibs=1 obs=512 >&3; timeout 3 dd bs=512 count=1 <&3' \
    bash "$DNS_IP" 2>/dev/null | od -An -tx1 | tr -d ' \n' | grep -q 0a600001
}
