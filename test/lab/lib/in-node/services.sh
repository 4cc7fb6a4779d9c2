#!/bin/bash
# PID 1 of a node of either kind: containerd, kube-proxy and kubelet, started again when they end, as systemd would do.
# usage: services.sh NODE_ENV LOG_DIRECTORY
set -uo pipefail
# shellcheck source=/dev/null
. "$1"
logs=$2
export PATH=$LAB_STATE/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
mkdir -p /run/netdoctor-lab /run/netns /run/lock /etc/cni/net.d /etc/kubernetes/manifests "$logs"
cp "$NODE_DIR"/cni/* /etc/cni/net.d/

# keep_running NAME COMMAND…: not while /run/netdoctor-lab/NAME.stop is there (lab service).
keep_running() {
  local name=$1; shift
  while :; do
    [ -e "/run/netdoctor-lab/$name.stop" ] || "$@" >>"$logs/$name.log" 2>&1
    sleep 1
  done &
}

import_images() {
  local image
  for image in "$LAB_STATE"/images/all/*.tar "$LAB_STATE/images/$NODE"/*.tar; do
    [ ! -e "$image" ] || ctr -n k8s.io images import --snapshotter native "$image"
  done >>"$logs/images.log" 2>&1
}

keep_running containerd containerd -c "$NODE_DIR/containerd.toml"
until [ -S /run/containerd/containerd.sock ]; do sleep .1; done
import_images
until [ -e "$NODE_DIR/admitted" ]; do sleep .1; done

keep_running kube-proxy kube-proxy --kubeconfig="$LAB_STATE/proxy.kubeconfig" --proxy-mode="$PROXY_MODE" \
  --hostname-override="$NODE" --cluster-cidr="$POD_CIDRS" --conntrack-max-per-core=0
keep_running kubelet kubelet --config="$NODE_DIR/kubelet.yaml" --kubeconfig="$LAB_STATE/$NODE.kubeconfig" \
  --hostname-override="$NODE" --node-ip="$NODE_IP" --cert-dir=/run/netdoctor-lab/pki
wait
