// Written by `npm run gen` from the checks and their facts; do not edit.

import type { CheckWords } from '../core/check.ts';

/** What all checks say of themselves, by id: what `checks`, `explain` and completion need, without loading the checks. */
export const catalogue: readonly CheckWords[] = [
  {
    id: 'conntrack/insert-failed',
    severity: 'warning',
    title: 'No packet is lost to clashes in connection tracking',
    docs: {
      why: 'When two packets make the same entry at the same time, one of them loses: a resolver that sends its A and AAAA queries from one socket waits five seconds for the answer that never comes. Linux resolves most of these clashes since 5.0; what is left is SNAT that finds no free port for a destination.',
      links: ['https://github.com/kubernetes/kubernetes/issues/56903'],
    },
    reads: [
      {
        id: 'conntrack/limits',
        about:
          'how many connections the kernel tracks at most in each network namespace, and the hash buckets for them',
      },
      {
        id: 'conntrack/changes',
        about: 'what connection tracking counted in each network namespace within the window',
      },
      {
        id: 'kernel/release',
        about: "the kernel's release (uname -r)",
      },
      {
        id: 'network/spaces',
        about: "network namespaces of the node: its own and its pods', each with a process in it",
      },
      {
        id: 'workloads/pods',
        about: "the node's pods, their addresses, declared ports and container ids",
      },
    ],
  },
  {
    id: 'conntrack/table-full',
    severity: 'error',
    title: 'The connection tracking table has room',
    docs: {
      why: 'When the table of tracked connections of a network namespace is full, the first packet of every new connection is dropped: those that are there go on, new ones time out, and a local sendto gets "Operation not permitted". The kernel logs "nf_conntrack: table full, dropping packet".',
      links: ['https://docs.kernel.org/networking/nf_conntrack-sysctl.html'],
    },
    reads: [
      {
        id: 'conntrack/limits',
        about:
          'how many connections the kernel tracks at most in each network namespace, and the hash buckets for them',
      },
      {
        id: 'conntrack/counters',
        about:
          'what connection tracking counted in each network namespace since it was made, and how many entries it holds',
      },
      {
        id: 'conntrack/changes',
        about: 'what connection tracking counted in each network namespace within the window',
      },
      {
        id: 'network/spaces',
        about: "network namespaces of the node: its own and its pods', each with a process in it",
      },
      {
        id: 'workloads/pods',
        about: "the node's pods, their addresses, declared ports and container ids",
      },
    ],
  },
  {
    id: 'firewall/drops',
    severity: 'error',
    title: 'No firewall rule drops packets',
    docs: {
      why: "A rule that drops says nothing to either end: connections hang until they time out. Rules come from kube-proxy, NetworkPolicies, the CNI, ufw, firewalld, hardening scripts and people. Told are those whose counters rose while netdoctor looked; an error is one that matches a connection which waits for its answer at that time. Rules in pods' own network namespaces are not looked at, nor are verdicts within sets and maps of nftables.",
      links: ['https://kubernetes.io/docs/reference/networking/virtual-ips/', 'https://wiki.nftables.org/'],
    },
    reads: [
      {
        id: 'firewall/drop-rules',
        about:
          'rules and policies of iptables and nftables on the node that drop or reject, and how many packets within the window',
      },
      {
        id: 'sockets/unanswered',
        about: "TCP sockets of the node and its pods in SYN_SENT, at the window's end",
      },
      {
        id: 'network/spaces',
        about: "network namespaces of the node: its own and its pods', each with a process in it",
      },
      {
        id: 'workloads/pods',
        about: "the node's pods, their addresses, declared ports and container ids",
      },
    ],
  },
  {
    id: 'firewall/forward-policy',
    severity: 'error',
    title: 'The firewall forwards the packets of pods',
    docs: {
      why: 'Packets from and to pods are forwarded by the node, so they pass the chain FORWARD. Docker (since 1.13), ufw and hardening scripts set its policy to DROP. kube-proxy accepts replies and what it masquerades (KUBE-FORWARD); new connections between pods need rules of the CNI (flannel, Calico, …).',
      links: [
        'https://github.com/kubernetes/kubernetes/issues/39823',
        'https://docs.docker.com/engine/network/packet-filtering-firewalls/',
      ],
    },
    reads: [
      {
        id: 'node/agents',
        about: 'Kubernetes and CNI processes of the node (kubelet, kube-proxy, …) and their flags',
      },
      {
        id: 'firewall/forward-chains',
        about: 'the chains of iptables and nftables on the node that every forwarded packet passes, and their policies',
      },
      {
        id: 'node/pod-networks',
        about:
          "the networks of the node's pods: spec.podCIDRs, or the addresses of its pods, or what the CNI's configuration says",
      },
      {
        id: 'workloads/pods',
        about: "the node's pods, their addresses, declared ports and container ids",
      },
    ],
  },
  {
    id: 'iptables/backend-mismatch',
    severity: 'error',
    title: 'Kubelet and kube-proxy use the same iptables backend, and only one holds rules for Services',
    docs: {
      why: 'Legacy iptables and iptables-nft are two rule systems in one kernel that do not see each other. With kubelet in one and kube-proxy in the other, chains that one makes for the other are not found (kube-proxy before 1.25 cannot load its rules without KUBE-MARK-DROP), and what one accepts the other may drop. Rules left behind in the backend that is no longer used are still obeyed.',
      links: [
        'https://github.com/kubernetes-sigs/iptables-wrappers',
        'https://github.com/kubernetes/kubernetes/issues/71305',
      ],
    },
    reads: [
      {
        id: 'kube-proxy/mode',
        about: "kube-proxy's mode on this node (ipvs, iptables, nftables or none) and where that was seen",
      },
      {
        id: 'iptables/rules',
        about:
          'iptables rules of Kubernetes and CNI plugins, of the legacy and the nft backend (iptables-legacy-save, iptables-nft-save)',
      },
      {
        id: 'iptables/tools',
        about: "the host's `iptables -V`, and which iptables kube-proxy has in its own root",
      },
      {
        id: 'kube-proxy/process',
        about: "kube-proxy's process: its age, what runs it, its version",
      },
    ],
  },
  {
    id: 'iptables/mark-drop-missing',
    severity: 'error',
    title: 'The chain KUBE-MARK-DROP is there where something needs it',
    docs: {
      why: 'kube-proxy before 1.25 sends packets that are to be dropped to KUBE-MARK-DROP, a chain that kubelet made. Where it is missing in the backend and network namespace that kube-proxy writes to, iptables-restore refuses all its rules. As of kube-proxy 1.25 nothing needs the chain, and as of kubelet 1.27 nobody makes it: then its absence is as it should be.',
      links: [
        'https://github.com/kubernetes/enhancements/tree/master/keps/sig-network/3178-iptables-cleanup',
        'https://github.com/kubernetes/kubernetes/issues/71305',
      ],
    },
    reads: [
      {
        id: 'kube-proxy/mode',
        about: "kube-proxy's mode on this node (ipvs, iptables, nftables or none) and where that was seen",
      },
      {
        id: 'iptables/rules',
        about:
          'iptables rules of Kubernetes and CNI plugins, of the legacy and the nft backend (iptables-legacy-save, iptables-nft-save)',
      },
      {
        id: 'iptables/tools',
        about: "the host's `iptables -V`, and which iptables kube-proxy has in its own root",
      },
      {
        id: 'kube-proxy/process',
        about: "kube-proxy's process: its age, what runs it, its version",
      },
      {
        id: 'cluster/version',
        about: "the API server's version",
      },
    ],
  },
  {
    id: 'iptables/nft-version-skew',
    severity: 'critical',
    title: 'No rule of KUBE-FIREWALL drops every packet',
    docs: {
      why: 'kubelet before 1.27 drops marked packets in KUBE-FIREWALL. iptables-nft 1.8.8 and newer writes such a rule in a form that 1.8.7 and older reads without its mark. Whoever then saves and restores the table with the older one (kube-proxy or a CNI plugin in a container) leaves a rule that drops everything, and the node is cut off.',
      links: [
        'https://github.com/kubernetes/kubernetes/issues/112477',
        'https://github.com/cloudnativelabs/kube-router/issues/1415',
      ],
    },
    reads: [
      {
        id: 'iptables/rules',
        about:
          'iptables rules of Kubernetes and CNI plugins, of the legacy and the nft backend (iptables-legacy-save, iptables-nft-save)',
      },
      {
        id: 'iptables/tools',
        about: "the host's `iptables -V`, and which iptables kube-proxy has in its own root",
      },
    ],
  },
  {
    id: 'ipvs/connection-reuse',
    severity: 'warning',
    title: 'IPVS gives a reused source port a live backend, at once',
    docs: {
      why: 'Short connections use the same source port again within the two minutes for which IPVS remembers the last one. With conn_reuse_mode=0 it sends the new connection to the old backend, alive or not: kernels before 5.16 (and stable series without the fix) ignore expire_nodest_conn then. With conn_reuse_mode=1 kernels before 5.9 drop the first SYN, and the client tries again after one second. kube-proxy sets the mode to 0 from 1.13 on, from 1.22 on only where the kernel is below 5.9.',
      links: [
        'https://github.com/kubernetes/kubernetes/issues/81775',
        'https://github.com/kubernetes/kubernetes/issues/93297',
        'https://www.kernel.org/doc/html/latest/networking/ipvs-sysctl.html',
      ],
    },
    reads: [
      {
        id: 'kube-proxy/mode',
        about: "kube-proxy's mode on this node (ipvs, iptables, nftables or none) and where that was seen",
      },
      {
        id: 'ipvs/settings',
        about: 'net.ipv4.vs.{conn_reuse_mode,expire_nodest_conn,conntrack}',
      },
      {
        id: 'kernel/release',
        about: "the kernel's release (uname -r)",
      },
      {
        id: 'ipvs/destinations',
        about:
          'backends of IPVS virtual servers: those with weight 0 that still have connections, and how unevenly the others have them (/proc/net/ip_vs)',
      },
    ],
  },
  {
    id: 'ipvs/stuck-handshakes',
    severity: 'warning',
    title: 'No connection of this node to a Service hangs in its handshake',
    docs: {
      why: 'In IPVS mode every VIP is an address of the node (kube-ipvs0), so the kernel takes the VIP itself as source for a connection to it. Only an iptables rule on the ipset KUBE-CLUSTER-IP masquerades it. Where that is missing (flushed, written into the other backend of iptables, a module not there), the backend answers to itself and the entry stays in SYN_RECV: a new node cannot join, while VIPs with pods behind them may answer, since the CNI masquerades for them. A dead backend looks the same but for its masqueraded source.',
      links: [
        'https://github.com/kubernetes/kubernetes/issues/71305',
        'https://github.com/kubernetes/kubernetes/issues/139276',
      ],
    },
    reads: [
      {
        id: 'kube-proxy/mode',
        about: "kube-proxy's mode on this node (ipvs, iptables, nftables or none) and where that was seen",
      },
      {
        id: 'ipvs/handshakes',
        about:
          'TCP handshakes to virtual servers that are in SYN_RECV at both ends of the window (/proc/net/ip_vs_conn), and their conntrack entries',
      },
      {
        id: 'services/cluster-ips',
        about: 'the cluster IPs of Services that kube-proxy has to serve',
      },
      {
        id: 'node/agents',
        about: 'Kubernetes and CNI processes of the node (kubelet, kube-proxy, …) and their flags',
      },
    ],
  },
  {
    id: 'kernel/bridge-netfilter',
    severity: 'error',
    title: 'Netfilter sees what pods on a bridge send each other',
    docs: {
      why: 'Answers between two pods on one Linux bridge skip the address translation of Services unless br_netfilter is loaded and bridge-nf-call-iptables is 1. Then a Service works or not by where its pods happen to run. Only CNIs with a bridge need it, not Calico or Cilium.',
      links: [
        'https://kubernetes.io/docs/concepts/extend-kubernetes/compute-storage-net/network-plugins/#network-plugin-requirements',
        'https://www.kernel.org/doc/html/latest/networking/bridge.html#proc-sys-net-bridge',
      ],
    },
    reads: [
      {
        id: 'network/bridge-netfilter',
        about: 'Linux bridges of the node, how many pods are in the network of each, and the bridge-nf-call switches',
      },
      {
        id: 'kube-proxy/mode',
        about: "kube-proxy's mode on this node (ipvs, iptables, nftables or none) and where that was seen",
      },
    ],
  },
  {
    id: 'kernel/ip-forward',
    severity: 'error',
    title: 'The kernel forwards packets',
    docs: {
      why: 'Traffic between pods and everything else is forwarded by the node. With net.ipv4.ip_forward=0 it is dropped without a word.',
      links: [
        'https://kubernetes.io/docs/setup/production-environment/container-runtimes/#prerequisite-ipv4-forwarding-optional',
      ],
    },
    reads: [
      {
        id: 'node/agents',
        about: 'Kubernetes and CNI processes of the node (kubelet, kube-proxy, …) and their flags',
      },
      {
        id: 'kernel/ip-forwarding',
        about: 'whether the node forwards packets (net.ipv4.ip_forward, net.ipv6.conf.all.forwarding)',
      },
      {
        id: 'node/pod-families',
        about: "the address families of the node's pods",
      },
      {
        id: 'workloads/pods',
        about: "the node's pods, their addresses, declared ports and container ids",
      },
    ],
  },
  {
    id: 'kernel/modules',
    severity: 'error',
    title: "The kernel has the modules of kube-proxy's mode",
    docs: {
      why: 'Minimal kernels and images leave modules out (kernel-modules-extra, linux-modules-extra), and a kernel that was updated without a reboot has lost its module files. kube-proxy then fails to write its rules, or quietly runs in iptables mode.',
      links: ['https://github.com/kubernetes/kubernetes/blob/master/pkg/proxy/ipvs/README.md'],
    },
    reads: [
      {
        id: 'kube-proxy/configured-mode',
        about: "the mode that kube-proxy's flags, file or ConfigMap name",
      },
      {
        id: 'kernel/modules',
        about: "which kernel modules that kube-proxy's modes need are loaded, built in, loadable or missing",
      },
      {
        id: 'kube-proxy/mode',
        about: "kube-proxy's mode on this node (ipvs, iptables, nftables or none) and where that was seen",
      },
      {
        id: 'kernel/release',
        about: "the kernel's release (uname -r)",
      },
    ],
  },
  {
    id: 'kernel/neighbour-table',
    severity: 'warning',
    title: 'The tables of neighbours (ARP, ND) have room',
    docs: {
      why: 'One table holds the neighbours of the node and of all its pods. When it is full, connections to peers that were not spoken to of late fail with "No buffer space available" or time out, in large clusters on one segment first.',
      links: ['https://man7.org/linux/man-pages/man7/arp.7.html'],
    },
    reads: [
      {
        id: 'kernel/neighbour-changes',
        about:
          'overflows and forced clean-ups of the ARP and ND tables within the window (--window), or since another run (--since)',
      },
      {
        id: 'kernel/neighbour-tables',
        about: 'entries and overflows of the ARP and ND tables since boot, and gc_thresh1 to 3',
      },
    ],
  },
  {
    id: 'kernel/reverse-path',
    severity: 'error',
    title: 'The reverse path filter drops nothing',
    docs: {
      why: 'With rp_filter=1 the kernel drops a packet whose answer would leave by another interface than it came in by, without a word. That hits nodes with several interfaces, tunnels and policy routing.',
      links: ['https://www.kernel.org/doc/html/latest/networking/ip-sysctl.html'],
    },
    reads: [
      {
        id: 'network/counter-changes',
        about: 'what these counters counted within the window (--window), or since another run (--since)',
      },
      {
        id: 'network/counters',
        about:
          'counters of /proc/<pid>/net/{snmp,snmp6,netstat,sockstat,stat/nf_conntrack} of each network namespace, since it was made',
      },
      {
        id: 'kernel/reverse-path-filter',
        about: 'rp_filter of each interface of the node, as it takes effect',
      },
      {
        id: 'network/spaces',
        about: "network namespaces of the node: its own and its pods', each with a process in it",
      },
      {
        id: 'workloads/pods',
        about: "the node's pods, their addresses, declared ports and container ids",
      },
    ],
  },
  {
    id: 'kube-proxy/rules-missing',
    severity: 'critical',
    title: 'Kube-proxy has made what its Services need',
    docs: {
      why: 'A Service address works on a node by what kube-proxy made there: chains and rules (iptables), virtual servers, an ipset and a masquerade rule (ipvs), a table of maps (nftables). Somebody flushed them, or kube-proxy could not load them: then Service addresses do not answer, from this node only. Services younger than five minutes and a kube-proxy younger than one are left out.',
      links: [
        'https://kubernetes.io/docs/reference/networking/virtual-ips/',
        'https://kubernetes.io/docs/tasks/debug/debug-application/debug-service/#is-kube-proxy-working',
      ],
    },
    reads: [
      {
        id: 'kube-proxy/mode',
        about: "kube-proxy's mode on this node (ipvs, iptables, nftables or none) and where that was seen",
      },
      {
        id: 'kube-proxy/process',
        about: "kube-proxy's process: its age, what runs it, its version",
      },
      {
        id: 'iptables/rules',
        about:
          'iptables rules of Kubernetes and CNI plugins, of the legacy and the nft backend (iptables-legacy-save, iptables-nft-save)',
      },
      {
        id: 'ipvs/virtual-servers',
        about: 'IPVS virtual servers of the node (/proc/net/ip_vs)',
      },
      {
        id: 'ipvs/cluster-ip-sets',
        about:
          'the ipsets KUBE-CLUSTER-IP and KUBE-6-CLUSTER-IP, which tell kube-proxy in ipvs mode what to masquerade',
      },
      {
        id: 'kube-proxy/nft-tables',
        about: "kube-proxy's nftables tables: how many Services they hold, and for which addresses",
      },
      {
        id: 'services/cluster-ips',
        about: 'the cluster IPs of Services that kube-proxy has to serve',
      },
      {
        id: 'kube-proxy/sync',
        about: 'whether kube-proxy runs and gets its rules written: its metrics, its /livez, failures in its log',
      },
    ],
  },
  {
    id: 'kube-proxy/sync-failing',
    severity: 'error',
    title: 'Kube-proxy gets its rules written',
    docs: {
      why: 'When iptables-restore, ipset or nft fail, kube-proxy goes on running, Ready and silent but for its log: the rules of the last success stay, and Services slowly go wrong on this node alone. On a new node there never was a success, so that no Service works. The same when kube-proxy hangs or does not run. One failure counts for nothing: it tries again.',
      links: [
        'https://kubernetes.io/docs/reference/networking/virtual-ips/#optimizing-iptables-mode-performance',
        'https://github.com/kubernetes/enhancements/tree/master/keps/sig-network/3836-kube-proxy-improved-ingress-connectivity-reliability',
      ],
    },
    reads: [
      {
        id: 'node/agents',
        about: 'Kubernetes and CNI processes of the node (kubelet, kube-proxy, …) and their flags',
      },
      {
        id: 'kube-proxy/sync',
        about: 'whether kube-proxy runs and gets its rules written: its metrics, its /livez, failures in its log',
      },
      {
        id: 'node/system-pods',
        about: "the node's pods: what they are by name and label, and their containers' states and restarts",
      },
    ],
  },
  {
    id: 'mtu/mismatch',
    severity: 'error',
    title: "Pods' packets fit what carries them",
    docs: {
      why: 'A tunnel between nodes takes 20 to 60 bytes of each packet. Pods with a larger MTU than it leaves send packets that must be refused or fragmented: connections open, small answers come, and what is larger hangs where ICMP errors are filtered. Where the two ends of a veth pair differ, the larger packets are dropped without any error. Cilium keeps the smaller MTU in routes, so of its pods only the pairs are compared; tunnels inside Open vSwitch (OVN-Kubernetes, Antrea) and those with rules of their own (WireGuard of Calico) have no route that shows them. What no device of the node shows is measured: pings with DF (do not fragment) to three other nodes and a pod on each of three, as large as the route allows. Where they vanish, smaller ones come through, and nobody says "fragmentation needed", the way is a black hole.',
      links: [
        'https://docs.tigera.io/calico/latest/networking/configuring/mtu',
        'https://docs.cilium.io/en/stable/network/concepts/routing/',
        'https://www.rfc-editor.org/rfc/rfc2923',
      ],
    },
    reads: [
      {
        id: 'network/spaces',
        about: "network namespaces of the node: its own and its pods', each with a process in it",
      },
      {
        id: 'network/mtus',
        about: "MTUs of the node's uplinks, tunnels and bridges, and of both ends of each pod's veth pair",
      },
      {
        id: 'workloads/pods',
        about: "the node's pods, their addresses, declared ports and container ids",
      },
      {
        id: 'network/path-mtus',
        about: 'which sizes of pings with DF come through to three other nodes and to a pod on each of three',
      },
    ],
  },
  {
    id: 'network/device-drops',
    severity: 'warning',
    title: 'The network cards lose no packets',
    docs: {
      why: 'Packets that the card or its driver loses are seen by nobody above: connections become slow, and name resolution waits five seconds at a time.',
      links: ['https://www.kernel.org/doc/html/latest/networking/statistics.html'],
    },
    reads: [
      {
        id: 'network/device-changes',
        about:
          "packets and drops of the node's network cards within the window (--window), or since another run (--since)",
      },
      {
        id: 'network/device-counters',
        about: "packets and drops of the node's network cards (/sys/class/net/<device>/statistics), since each came up",
      },
    ],
  },
  {
    id: 'network/softnet-drops',
    severity: 'warning',
    title: 'No CPU drops incoming packets',
    docs: {
      why: 'Packets of the network cards, of veth pairs and of the loopback wait for a CPU in a queue of netdev_max_backlog packets. When it is full they are dropped, and no counter of a device, socket or firewall shows it.',
      links: ['https://www.kernel.org/doc/html/latest/networking/scaling.html'],
    },
    reads: [
      {
        id: 'kernel/softnet',
        about:
          'packets that each CPU processed and dropped (/proc/net/softnet_stat) since boot, and netdev_max_backlog',
      },
      {
        id: 'kernel/softnet-changes',
        about:
          'packets that each CPU processed and dropped within the window (--window), or since another run (--since)',
      },
    ],
  },
  {
    id: 'node/graceful-shutdown',
    severity: 'info',
    title: 'A shutdown of the node leaves pods the time that they ask for',
    docs: {
      why: 'A node that is shut down or rebooted without a drain kills its pods at once, unless kubelet was told to hold the shutdown up. Where it was, pods with a longer grace period than what is left for them are killed early.',
      links: ['https://kubernetes.io/docs/concepts/cluster-administration/node-shutdown/#graceful-node-shutdown'],
    },
    reads: [
      {
        id: 'workloads/grace-periods',
        about: "terminationGracePeriodSeconds and priority of the node's pods",
      },
      {
        id: 'node/shutdown-config',
        about: "graceful node shutdown in kubelet's configuration files, and logind's InhibitDelayMaxSec",
      },
    ],
  },
  {
    id: 'node/network-agents',
    severity: 'error',
    title: "The pods that make the node's network run",
    docs: {
      why: 'The network of a node is made by pods in kube-system and the like: CNI, kube-proxy, DNS. When one of them crashes, cannot pull its image or is missing, pods do not start, Services lead to pods that are gone, or names are not resolved, and what is looked at first is mostly something else. A DaemonSet is called missing here only when nothing but its operating system restricts it.',
      links: [
        'https://kubernetes.io/docs/concepts/architecture/nodes/#condition',
        'https://kubernetes.io/docs/tasks/debug/debug-application/debug-running-pod/',
      ],
    },
    reads: [
      {
        id: 'node/system-pods',
        about: "the node's pods: what they are by name and label, and their containers' states and restarts",
      },
      {
        id: 'node/condition',
        about: "the node's Ready condition, its kubelet's version and its container runtime",
      },
      {
        id: 'node/network-condition',
        about: "the Node's NetworkUnavailable condition, and when the Node was made",
      },
      {
        id: 'workloads/daemon-sets',
        about: 'DaemonSets, and whether every Linux node must have a pod of them',
      },
    ],
  },
  {
    id: 'ports/exhaustion',
    severity: 'error',
    title: 'No destination has used up the source ports',
    docs: {
      why: 'connect() needs a source port that is free for the destination (address, port and protocol); there are 28232 by default, in each network namespace. A socket that is closed keeps its port for 60 s in TIME_WAIT. Sockets that bind before they connect share no port with others, whatever their destinations, nor does UDP. When the last is taken connect() fails with EADDRNOTAVAIL, bind() with EADDRINUSE, and no counter tells. Source NAT (of pods to the outside, of NodePorts with externalTrafficPolicy: Cluster) has about 64512 ports for each of its addresses and destinations, whatever ip_local_port_range says; when these run out packets are dropped.',
      links: [
        'https://www.kernel.org/doc/html/latest/networking/ip-sysctl.html',
        'https://kubernetes.io/docs/tasks/access-application-cluster/create-external-load-balancer/#preserving-the-client-source-ip',
      ],
    },
    reads: [
      {
        id: 'sockets/port-use',
        about:
          'source ports in use per network namespace, address and destination, TIME_WAIT included, and who holds them',
      },
      {
        id: 'network/spaces',
        about: "network namespaces of the node: its own and its pods', each with a process in it",
      },
      {
        id: 'network/snat-use',
        about: 'connections with source NAT per NAT address and destination, from the conntrack table of the host',
      },
      {
        id: 'workloads/pods',
        about: "the node's pods, their addresses, declared ports and container ids",
      },
      {
        id: 'network/counter-changes',
        about: 'what these counters counted within the window (--window), or since another run (--since)',
      },
      {
        id: 'services/node-ports',
        about: 'allocated NodePorts and healthCheckNodePorts, with their Services',
      },
      {
        id: 'kube-proxy/mode',
        about: "kube-proxy's mode on this node (ipvs, iptables, nftables or none) and where that was seen",
      },
      {
        id: 'services/node-port-range',
        about: 'the configured NodePort range (--service-node-port-range)',
      },
      {
        id: 'sockets/listeners',
        about: 'listening sockets of the host network in the ephemeral range, and their processes',
      },
      {
        id: 'sockets/autobound',
        about: 'listening sockets that took an ephemeral port themselves (ss -m autobound)',
      },
    ],
  },
  {
    id: 'ports/listener-in-range',
    severity: 'warning',
    title: 'No server listens on a port of the ephemeral range',
    docs: {
      why: 'While a server runs, nobody takes its port. When it restarts, an outgoing connection may hold that port as its source port (TIME_WAIT included), and bind() fails with EADDRINUSE; SO_REUSEADDR on the server alone does not help. Sockets that asked for no port in particular (bind to port 0) belong into the range and are not told; the kernel says which they are.',
      links: ['https://www.kernel.org/doc/html/latest/networking/ip-sysctl.html'],
    },
    reads: [
      {
        id: 'kernel/ephemeral-range',
        about: 'the ephemeral port range of the host network (net.ipv4.ip_local_port_range)',
      },
      {
        id: 'kernel/reserved-ports',
        about: 'ports excluded from the ephemeral range (net.ipv4.ip_local_reserved_ports)',
      },
      {
        id: 'sockets/listeners',
        about: 'listening sockets of the host network in the ephemeral range, and their processes',
      },
      {
        id: 'sockets/autobound',
        about: 'listening sockets that took an ephemeral port themselves (ss -m autobound)',
      },
      {
        id: 'workloads/pods',
        about: "the node's pods, their addresses, declared ports and container ids",
      },
      {
        id: 'kube-proxy/mode',
        about: "kube-proxy's mode on this node (ipvs, iptables, nftables or none) and where that was seen",
      },
      {
        id: 'services/node-ports',
        about: 'allocated NodePorts and healthCheckNodePorts, with their Services',
      },
      {
        id: 'services/node-port-range',
        about: 'the configured NodePort range (--service-node-port-range)',
      },
    ],
  },
  {
    id: 'ports/nodeport-overlap',
    severity: 'error',
    title: 'No NodePort lies in the ephemeral port range',
    docs: {
      why: "The kernel gives outgoing connections source ports from net.ipv4.ip_local_port_range. If such a port is the NodePort of a Service, IPVS takes the reply (SYN-ACK) for a new connection to that Service and sends it to one of its pods; the node's own connection hangs until it times out. Health checks fail now and then, on every cloud and with every CNI, and nothing stands in any log. In iptables and nftables mode replies are not touched; there only healthCheckNodePorts, real listeners, are at risk.",
      links: [
        'https://github.com/kubernetes/kubernetes/issues/111682',
        'https://www.kernel.org/doc/html/latest/networking/ip-sysctl.html',
        'https://kubernetes.io/docs/concepts/services-networking/service/#type-nodeport',
      ],
    },
    reads: [
      {
        id: 'kernel/ephemeral-range',
        about: 'the ephemeral port range of the host network (net.ipv4.ip_local_port_range)',
      },
      {
        id: 'kernel/reserved-ports',
        about: 'ports excluded from the ephemeral range (net.ipv4.ip_local_reserved_ports)',
      },
      {
        id: 'kube-proxy/mode',
        about: "kube-proxy's mode on this node (ipvs, iptables, nftables or none) and where that was seen",
      },
      {
        id: 'services/node-ports',
        about: 'allocated NodePorts and healthCheckNodePorts, with their Services',
      },
      {
        id: 'services/node-port-range',
        about: 'the configured NodePort range (--service-node-port-range)',
      },
      {
        id: 'sockets/listeners',
        about: 'listening sockets of the host network in the ephemeral range, and their processes',
      },
      {
        id: 'sockets/autobound',
        about: 'listening sockets that took an ephemeral port themselves (ss -m autobound)',
      },
      {
        id: 'workloads/pods',
        about: "the node's pods, their addresses, declared ports and container ids",
      },
    ],
  },
  {
    id: 'ports/nodeport-victims',
    severity: 'critical',
    title: 'No connection of this node lost its reply to a NodePort',
    docs: {
      why: "A connection of the node's own (kubelet's probe, most often) got a source port that is a NodePort. IPVS took the SYN-ACK that came back for a new client of that Service and sent it to one of its pods. The connection hangs in SYN_SENT until it times out: with kubelet's default of one second, a failed probe. conntrack keeps the entry for 60 s and more, ip_vs_conn its mirror, so that it is seen after the socket is gone.",
      links: [
        'https://github.com/kubernetes/kubernetes/issues/111682',
        'https://github.com/kubernetes/kubernetes/issues/139276',
      ],
    },
    reads: [
      {
        id: 'kube-proxy/mode',
        about: "kube-proxy's mode on this node (ipvs, iptables, nftables or none) and where that was seen",
      },
      {
        id: 'ipvs/suspects',
        about: "local connections from a virtual server's port (sockets, conntrack) and their mirrors in ip_vs_conn",
      },
      {
        id: 'ipvs/flow-memory',
        about: 'whether conntrack could be read, which remembers connections that are over',
      },
      {
        id: 'sockets/window',
        about: 'how often and how long sockets were sampled (--window)',
      },
      {
        id: 'kernel/ephemeral-range',
        about: 'the ephemeral port range of the host network (net.ipv4.ip_local_port_range)',
      },
      {
        id: 'kernel/reserved-ports',
        about: 'ports excluded from the ephemeral range (net.ipv4.ip_local_reserved_ports)',
      },
      {
        id: 'services/node-ports',
        about: 'allocated NodePorts and healthCheckNodePorts, with their Services',
      },
      {
        id: 'services/node-port-range',
        about: 'the configured NodePort range (--service-node-port-range)',
      },
      {
        id: 'services/backends',
        about: 'addresses behind Services and the pods that have them (EndpointSlices)',
      },
      {
        id: 'workloads/pods',
        about: "the node's pods, their addresses, declared ports and container ids",
      },
      {
        id: 'sockets/listeners',
        about: 'listening sockets of the host network in the ephemeral range, and their processes',
      },
      {
        id: 'sockets/autobound',
        about: 'listening sockets that took an ephemeral port themselves (ss -m autobound)',
      },
    ],
  },
  {
    id: 'probes/failing',
    severity: 'warning',
    title: "The node's probes succeed",
    docs: {
      why: 'kubelet says in Unhealthy events how a probe failed. Time-outs scattered over several pods of one node point at the node (its ports, its conntrack, its load); failures of one pod, and refused connections or bad HTTP statuses, point at that application.',
      links: ['https://kubernetes.io/docs/concepts/configuration/liveness-readiness-startup-probes/'],
    },
    reads: [
      {
        id: 'workloads/probe-failures',
        about: "Unhealthy events of this node's kubelet (kept for an hour by default)",
      },
      {
        id: 'workloads/pods',
        about: "the node's pods, their addresses, declared ports and container ids",
      },
      {
        id: 'ipvs/suspects',
        about: "local connections from a virtual server's port (sockets, conntrack) and their mirrors in ip_vs_conn",
      },
    ],
  },
  {
    id: 'readiness/no-probe',
    severity: 'info',
    title: 'Containers behind a Service have a readiness probe',
    docs: {
      why: 'Without a readiness probe the kubelet calls a container ready as soon as its process runs. At each start the Service sends traffic before the program listens, and a program that hangs keeps its traffic.',
      links: ['https://kubernetes.io/docs/concepts/configuration/liveness-readiness-startup-probes/#readiness-probe'],
    },
    reads: [
      {
        id: 'workloads/subject',
        about: 'the pod that is judged: its containers, hooks, probes and conditions',
      },
      {
        id: 'services/fronts',
        about: 'Services with their selectors and types, and the Ingresses that lead to them',
      },
      {
        id: 'workloads/controllers',
        about: 'Deployments, ReplicaSets, StatefulSets and DaemonSets, with their replica counts',
      },
    ],
  },
  {
    id: 'readiness/ready-on-dead-node',
    severity: 'error',
    title: 'A pod that is Ready is on a node that is there',
    docs: {
      why: 'Ready=True of a pod is the last word of its kubelet. When the kubelet is gone, the node lifecycle controller is to set it to False; it does so when the node goes from Ready to Unknown, but not when the node had said NotReady before (kubernetes#112733), nor when the controller itself is down. Services then go on sending traffic to a machine that is off.',
      links: ['https://github.com/kubernetes/kubernetes/issues/112733'],
    },
    reads: [
      {
        id: 'workloads/subject',
        about: 'the pod that is judged: its containers, hooks, probes and conditions',
      },
      {
        id: 'node/condition',
        about: "the node's Ready condition, its kubelet's version and its container runtime",
      },
      {
        id: 'services/endpoints',
        about: 'the pods behind Services: ready, serving, terminating (EndpointSlices)',
      },
    ],
  },
  {
    id: 'readiness/single-replica',
    severity: 'info',
    title: 'A workload behind a Service has more than one replica',
    docs: {
      why: 'With one replica every drain, restart of a node and wrong readiness is an outage of the Service. Two on different nodes bear it. Programs that may run only once at a time are the exception.',
      links: ['https://kubernetes.io/docs/concepts/workloads/pods/disruptions/'],
    },
    reads: [
      {
        id: 'workloads/subject',
        about: 'the pod that is judged: its containers, hooks, probes and conditions',
      },
      {
        id: 'workloads/controllers',
        about: 'Deployments, ReplicaSets, StatefulSets and DaemonSets, with their replica counts',
      },
      {
        id: 'services/fronts',
        about: 'Services with their selectors and types, and the Ingresses that lead to them',
      },
    ],
  },
  {
    id: 'readiness/stale',
    severity: 'error',
    title: "The pod's Ready condition says what its containers say",
    docs: {
      why: "When a node was not ready for a while, the node lifecycle controller sets Ready=False on its pods; the kubelet is to set it back within 10 seconds. Where it does not, the pod gets no traffic for ever, though all its containers are ready and kubectl shows 1/1. One read is enough to tell it: the condition and the readiness of the node are both older than a minute by the server's clock, ContainersReady is True and every readiness gate is met.",
      links: [
        'https://github.com/kubernetes/kubernetes/issues/84931',
        'https://github.com/kubernetes/kubernetes/pull/84951',
        'https://github.com/kubernetes/kubernetes/issues/87615',
      ],
    },
    reads: [
      {
        id: 'workloads/subject',
        about: 'the pod that is judged: its containers, hooks, probes and conditions',
      },
      {
        id: 'node/condition',
        about: "the node's Ready condition, its kubelet's version and its container runtime",
      },
      {
        id: 'workloads/pod-events',
        about: 'events FailedPreStopHook and NodeNotReady of pods (kept for an hour by default)',
      },
    ],
  },
  {
    id: 'readiness/workload-mismatch',
    severity: 'warning',
    title: 'Containers, pod, workload and EndpointSlices agree on what is ready',
    docs: {
      why: 'kubectl shows ready containers (1/1), a Service goes by the Ready condition, a Deployment counts Ready pods. Where these differ for more than a minute somebody does not do its part: the kubelet (readiness/stale), or the controllers that count pods and write EndpointSlices. minReadySeconds delays what counts as available, not as ready, and a status of an older generation is not compared.',
      links: ['https://kubernetes.io/docs/concepts/services-networking/endpoint-slices/#conditions'],
    },
    reads: [
      {
        id: 'workloads/subject',
        about: 'the pod that is judged: its containers, hooks, probes and conditions',
      },
      {
        id: 'services/fronts',
        about: 'Services with their selectors and types, and the Ingresses that lead to them',
      },
      {
        id: 'services/endpoints',
        about: 'the pods behind Services: ready, serving, terminating (EndpointSlices)',
      },
      {
        id: 'workloads/controllers',
        about: 'Deployments, ReplicaSets, StatefulSets and DaemonSets, with their replica counts',
      },
      {
        id: 'node/condition',
        about: "the node's Ready condition, its kubelet's version and its container runtime",
      },
    ],
  },
  {
    id: 'service/vip-unreachable',
    severity: 'critical',
    title: 'Services and pods answer from the node',
    docs: {
      why: "What uses the network of its node (kubelet, CNI agents, pods with hostNetwork) reaches Services by the node's own rules, and from there on the ways to other nodes. netdoctor connects to the API server's Service, to the API server directly, to the DNS Service, to its pods and to pods of other nodes; which of these answer tells what is broken: the Service but not what is behind it, the rules of kube-proxy; the API server's Service alone, in ipvs mode, the masquerading of the host's own connections; all pods of one node, the route to it. A pod that alone does not answer proves nothing: a NetworkPolicy may want it so.",
      links: [
        'https://kubernetes.io/docs/tasks/debug/debug-application/debug-service/',
        'https://kubernetes.io/docs/reference/networking/virtual-ips/',
      ],
    },
    reads: [
      {
        id: 'services/reachability',
        about:
          "what answers from the node: the API server's and the DNS Service, what is behind them, pods of other nodes, kubelet",
      },
      {
        id: 'services/reach-targets',
        about:
          "the addresses of the API server's and the DNS Service, what is behind them, and some pods of every node",
      },
      {
        id: 'kube-proxy/mode',
        about: "kube-proxy's mode on this node (ipvs, iptables, nftables or none) and where that was seen",
      },
      {
        id: 'network/policies',
        about: 'the namespaces that have NetworkPolicies',
      },
      {
        id: 'node/agents',
        about: 'Kubernetes and CNI processes of the node (kubelet, kube-proxy, …) and their flags',
      },
    ],
  },
  {
    id: 'shutdown/killed',
    severity: 'warning',
    title: 'Containers ended by themselves the last time',
    docs: {
      why: 'A container that does not end within its grace period is killed: exit code 137. Where a container was restarted within its pod (a liveness probe, mostly) the API keeps how it ended; of deleted pods it keeps nothing, so their shutdowns are not known afterwards. OOMKilled is another matter and not told here.',
      links: ['https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#container-states'],
    },
    reads: [
      {
        id: 'workloads/subject',
        about: 'the pod that is judged: its containers, hooks, probes and conditions',
      },
      {
        id: 'node/condition',
        about: "the node's Ready condition, its kubelet's version and its container runtime",
      },
    ],
  },
  {
    id: 'shutdown/no-init',
    severity: 'info',
    title: 'PID 1 reaps its orphans',
    docs: {
      why: 'A process whose parent ended is given to PID 1 of its container. An init waits for it when it ends; an application that is PID 1 mostly does not, and it stays as a zombie, with its PID. Told only where there are several zombies that were started more than a minute ago.',
      links: ['https://man7.org/linux/man-pages/man7/pid_namespaces.7.html'],
    },
    reads: [
      {
        id: 'workloads/subject',
        about: 'the pod that is judged: its containers, hooks, probes and conditions',
      },
      {
        id: 'workloads/processes',
        about: "the containers' processes: parents, signal masks, programs (no command lines)",
      },
      {
        id: 'workloads/image-stop-signals',
        about: 'STOPSIGNAL of the images, from the configuration that the container runtime keeps',
      },
    ],
  },
  {
    id: 'shutdown/prestop-cannot-run',
    severity: 'error',
    title: "What preStop hooks run is in the container's image",
    docs: {
      why: 'An exec hook runs a program of the container. Distroless and scratch images have neither `sleep` nor a shell, so the hook fails, the kubelet writes a FailedPreStopHook event that is gone after an hour, and the stop signal follows at once. The manifest looks right and the pause never happens. netdoctor looks for the program in the root of the running container, by its own PATH.',
      links: [
        'https://kubernetes.io/docs/concepts/containers/container-lifecycle-hooks/',
        'https://github.com/kubernetes/enhancements/tree/master/keps/sig-node/3960-pod-lifecycle-sleep-action',
      ],
    },
    reads: [
      {
        id: 'workloads/subject',
        about: 'the pod that is judged: its containers, hooks, probes and conditions',
      },
      {
        id: 'workloads/hook-programs',
        about: "whether the programs of preStop hooks are in the containers' images",
      },
      {
        id: 'workloads/pod-events',
        about: 'events FailedPreStopHook and NodeNotReady of pods (kept for an hour by default)',
      },
      {
        id: 'cluster/version',
        about: "the API server's version",
      },
      {
        id: 'workloads/controllers',
        about: 'Deployments, ReplicaSets, StatefulSets and DaemonSets, with their replica counts',
      },
    ],
  },
  {
    id: 'shutdown/prestop-exceeds-grace',
    severity: 'error',
    title: 'A preStop hook leaves the program time to stop',
    docs: {
      why: 'terminationGracePeriodSeconds runs from the deletion, and the preStop hook is part of it. A hook that sleeps as long as the grace period, or longer, is cut off; the program gets the stop signal two seconds before SIGKILL. A liveness or startup probe may have a shorter grace period of its own, which counts when that probe kills the container. Counted are the sleep action, `sleep`, and the sleeps of a `sh -c` script that are run in any case.',
      links: [
        'https://kubernetes.io/docs/concepts/containers/container-lifecycle-hooks/#hook-handler-execution',
        'https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/#probe-level-terminationgraceperiodseconds',
      ],
    },
    reads: [
      {
        id: 'workloads/subject',
        about: 'the pod that is judged: its containers, hooks, probes and conditions',
      },
      {
        id: 'workloads/controllers',
        about: 'Deployments, ReplicaSets, StatefulSets and DaemonSets, with their replica counts',
      },
    ],
  },
  {
    id: 'shutdown/prestop-missing',
    severity: 'info',
    title: 'A pod behind a Service waits until traffic is led away before it stops',
    docs: {
      why: 'When a pod is deleted, the kubelet stops it while EndpointSlices, kube-proxies, ingress controllers and load balancers only begin to learn of it. A program that closes its port on the stop signal refuses the connections that still come: a burst of errors at each rollout. A preStop hook that waits some seconds closes the gap. How many seconds are lost depends on the cluster; programs that go on accepting for a while after the signal need no hook, which netdoctor cannot see, so this is a note.',
      links: [
        'https://kubernetes.io/docs/tutorials/services/pods-and-endpoint-termination-flow/',
        'https://kubernetes.io/docs/concepts/containers/container-lifecycle-hooks/',
      ],
    },
    reads: [
      {
        id: 'workloads/subject',
        about: 'the pod that is judged: its containers, hooks, probes and conditions',
      },
      {
        id: 'services/fronts',
        about: 'Services with their selectors and types, and the Ingresses that lead to them',
      },
      {
        id: 'cluster/version',
        about: "the API server's version",
      },
      {
        id: 'workloads/controllers',
        about: 'Deployments, ReplicaSets, StatefulSets and DaemonSets, with their replica counts',
      },
    ],
  },
  {
    id: 'shutdown/shell-entrypoint',
    severity: 'error',
    title: 'No shell stands between the stop signal and the program',
    docs: {
      why: 'The runtime sends the stop signal to the first process of a container only. A shell that started the program as its child (an entrypoint script without exec, `sh -c "a; b"`) does not pass it on; as PID 1 it does not even die of it. The program is killed at the end of the grace period, with its requests and its data. Whether a shell replaces itself by its last command depends on the shell and the form, so the running processes decide, not the Dockerfile.',
      links: [
        'https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#pod-termination',
        'https://docs.docker.com/reference/dockerfile/#shell-form-entrypoint-example',
      ],
    },
    reads: [
      {
        id: 'workloads/subject',
        about: 'the pod that is judged: its containers, hooks, probes and conditions',
      },
      {
        id: 'workloads/processes',
        about: "the containers' processes: parents, signal masks, programs (no command lines)",
      },
      {
        id: 'workloads/image-stop-signals',
        about: 'STOPSIGNAL of the images, from the configuration that the container runtime keeps',
      },
    ],
  },
  {
    id: 'shutdown/sigterm-ignored',
    severity: 'error',
    title: 'The process that gets the stop signal reacts to it',
    docs: {
      why: 'PID 1 of a container is spared by every signal that it has no handler for, so a program without one does not end on SIGTERM though it would on any machine. The pod hangs for its whole grace period and is killed then. The signal masks of the running process say whether there is a handler; of node, which always has one of its own, they do not say whether the program has, and netdoctor says that it cannot tell.',
      links: [
        'https://man7.org/linux/man-pages/man7/pid_namespaces.7.html',
        'https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#pod-termination-stop-signals',
      ],
    },
    reads: [
      {
        id: 'workloads/subject',
        about: 'the pod that is judged: its containers, hooks, probes and conditions',
      },
      {
        id: 'workloads/processes',
        about: "the containers' processes: parents, signal masks, programs (no command lines)",
      },
      {
        id: 'workloads/image-stop-signals',
        about: 'STOPSIGNAL of the images, from the configuration that the container runtime keeps',
      },
    ],
  },
  {
    id: 'sockets/accept-queue',
    severity: 'error',
    title: 'Programs accept connections as fast as they come',
    docs: {
      why: "A connection that is established waits in the accept queue of its listening socket until the program takes it. When that queue is full the kernel drops what comes next: the client thinks it is connected and sends into the void, or its SYN is lost, and it tries again after 1, 2, 4 s. The backlog is the smaller of what the program asked of listen() and of net.core.somaxconn at that moment, so raising somaxconn alone changes nothing. The counter is of a whole network namespace, and the node's says nothing about its pods; each is judged here, by what it counted in the window.",
      links: [
        'https://man7.org/linux/man-pages/man2/listen.2.html',
        'https://www.kernel.org/doc/html/latest/networking/snmp_counter.html',
      ],
    },
    reads: [
      {
        id: 'network/counter-changes',
        about: 'what these counters counted within the window (--window), or since another run (--since)',
      },
      {
        id: 'network/counters',
        about:
          'counters of /proc/<pid>/net/{snmp,snmp6,netstat,sockstat,stat/nf_conntrack} of each network namespace, since it was made',
      },
      {
        id: 'network/spaces',
        about: "network namespaces of the node: its own and its pods', each with a process in it",
      },
      {
        id: 'sockets/queues',
        about:
          'queues of listening TCP sockets and of UDP sockets, where one ever overflowed, and their processes (--window)',
      },
      {
        id: 'workloads/pods',
        about: "the node's pods, their addresses, declared ports and container ids",
      },
    ],
  },
  {
    id: 'sockets/syn-queue',
    severity: 'warning',
    title: 'No queue of half-open connections overflows',
    docs: {
      why: 'Half-open connections wait in the SYN queue of their listening socket. It is full with as many as the backlog of listen(); then the kernel answers with SYN cookies, or drops the SYN where net.ipv4.tcp_syncookies is 0. net.ipv4.tcp_max_syn_backlog counts only where it is 0 (measured on 6.18): with cookies on, raising it changes nothing. A lasting flood looks the same as many slow clients.',
      links: [
        'https://www.kernel.org/doc/html/latest/networking/ip-sysctl.html',
        'https://www.kernel.org/doc/html/latest/networking/snmp_counter.html',
      ],
    },
    reads: [
      {
        id: 'network/counter-changes',
        about: 'what these counters counted within the window (--window), or since another run (--since)',
      },
      {
        id: 'network/spaces',
        about: "network namespaces of the node: its own and its pods', each with a process in it",
      },
      {
        id: 'sockets/queues',
        about:
          'queues of listening TCP sockets and of UDP sockets, where one ever overflowed, and their processes (--window)',
      },
      {
        id: 'workloads/pods',
        about: "the node's pods, their addresses, declared ports and container ids",
      },
    ],
  },
  {
    id: 'sockets/tcp-memory',
    severity: 'warning',
    title: 'TCP has the memory that it needs',
    docs: {
      why: 'All TCP sockets of a machine share the memory of net.ipv4.tcp_mem (in pages, not bytes): above its second number every socket gets smaller buffers, at the third connections are reset, and one program that does not read can take it all. A single socket without room throws away what arrives (RcvPruned, TCPRcvQDrop, TCPBacklogDrop, TCPZeroWindowDrop). PruneCalled alone is routine under load and not told; nor are fewer than 10 segments.',
      links: [
        'https://www.kernel.org/doc/html/latest/networking/ip-sysctl.html',
        'https://www.kernel.org/doc/html/latest/networking/snmp_counter.html',
      ],
    },
    reads: [
      {
        id: 'network/counter-changes',
        about: 'what these counters counted within the window (--window), or since another run (--since)',
      },
      {
        id: 'network/spaces',
        about: "network namespaces of the node: its own and its pods', each with a process in it",
      },
      {
        id: 'kernel/socket-memory',
        about: 'tcp_mem, udp_mem, net.core.{r,w}mem_{default,max} and the size of a page',
      },
      {
        id: 'sockets/queues',
        about:
          'queues of listening TCP sockets and of UDP sockets, where one ever overflowed, and their processes (--window)',
      },
      {
        id: 'workloads/pods',
        about: "the node's pods, their addresses, declared ports and container ids",
      },
    ],
  },
  {
    id: 'sockets/udp-buffer',
    severity: 'warning',
    title: 'UDP datagrams find room in the buffers of their sockets',
    docs: {
      why: 'A UDP datagram that arrives when the receive buffer of its socket is full is dropped without a word: to the client of a DNS server or a metrics agent it looks like loss on the network. The kernel counts it for the network namespace (RcvbufErrors) and for the socket (drops), so the program and its pod can be named. Fewer than 10 within the window are not told, nor what could not be sent where that is less than 1 % of what was.',
      links: [
        'https://www.kernel.org/doc/html/latest/admin-guide/sysctl/net.html',
        'https://man7.org/linux/man-pages/man7/socket.7.html',
      ],
    },
    reads: [
      {
        id: 'network/counter-changes',
        about: 'what these counters counted within the window (--window), or since another run (--since)',
      },
      {
        id: 'network/counters',
        about:
          'counters of /proc/<pid>/net/{snmp,snmp6,netstat,sockstat,stat/nf_conntrack} of each network namespace, since it was made',
      },
      {
        id: 'network/spaces',
        about: "network namespaces of the node: its own and its pods', each with a process in it",
      },
      {
        id: 'sockets/queues',
        about:
          'queues of listening TCP sockets and of UDP sockets, where one ever overflowed, and their processes (--window)',
      },
      {
        id: 'workloads/pods',
        about: "the node's pods, their addresses, declared ports and container ids",
      },
      {
        id: 'kernel/socket-memory',
        about: 'tcp_mem, udp_mem, net.core.{r,w}mem_{default,max} and the size of a page',
      },
    ],
  },
  {
    id: 'versions/known-bad',
    severity: 'error',
    title: 'Kubernetes, kernel and operating system are no combination that is known to be bad',
    docs: {
      why: "Some combinations of Kubernetes, kernel and operating system are known not to work together, and nothing on the node says so. Each is listed here with its source and with the versions from which on it is mended. Vendors take fixes over without changing the numbers, so that this alone is a note: only where netdoctor measured the fault itself (for example that kube-proxy's iptables-restore fails) is it an error.",
      links: [
        'https://github.com/kubernetes/kubernetes/pull/82966',
        'https://github.com/kubernetes/kubernetes/issues/112477',
        'https://github.com/rancher/rancher/issues/54862',
        'https://github.com/kubernetes/kubernetes/issues/81775',
        'https://git.kernel.org/linus/ed07d9a021df',
        'https://github.com/kubernetes/kubernetes/pull/84951',
        'https://kubernetes.io/docs/reference/networking/virtual-ips/#proxy-mode-nftables',
        'https://github.com/kubernetes/enhancements/issues/5495',
      ],
    },
    reads: [
      {
        id: 'node/kubernetes-version',
        about: "Kubernetes' version on this node (kubelet's; without the API kube-proxy's)",
      },
      {
        id: 'kernel/release',
        about: "the kernel's release (uname -r)",
      },
      {
        id: 'node/os',
        about: "the node's operating system by name and version",
      },
      {
        id: 'node/agents',
        about: 'Kubernetes and CNI processes of the node (kubelet, kube-proxy, …) and their flags',
      },
      {
        id: 'kube-proxy/mode',
        about: "kube-proxy's mode on this node (ipvs, iptables, nftables or none) and where that was seen",
      },
      {
        id: 'kube-proxy/sync',
        about: 'whether kube-proxy runs and gets its rules written: its metrics, its /livez, failures in its log',
      },
    ],
  },
];
