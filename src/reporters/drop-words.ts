import type { Drop } from '../core/watch.ts';

type Words = readonly [probably: string, see?: string];

const firewall: Words = ['a firewall rule threw them away', 'firewall/drops'];
const fullBuffer: Words = [
  'the receive buffer of a socket was full, its program reads too slowly',
  'sockets/udp-buffer',
];
const slowReader: Words = ['a program reads its connection too slowly', 'sockets/tcp-memory'];
const noRoute: Words = ['there is no route to where they go', 'ip route get ADDRESS'];
const unanswered: Words = ['the next hop does not answer ARP or neighbour discovery: it is gone', 'ip neigh show'];
const fullCpu: Words = ['the queue of a CPU was full', 'network/softnet-drops'];
const fullQueue: Words = ['the queue of a device was full, or its traffic is held down', 'tc -s qdisc show'];
const checksum: Words = [
  'their checksum is wrong: an offload of a card or a tunnel that does not work',
  'ethtool -k DEVICE',
];
const fragments: Words = ['pieces of a large packet were lost or came twice', 'mtu/mismatch'];
const program: Words = [
  'an eBPF or tc program threw them away, of the CNI perhaps',
  'tc filter show dev DEVICE ingress',
];
const signature: Words = ['their TCP-MD5 or TCP-AO signature is wrong or missing, as of BGP peers'];
const timestamps: Words = [
  'their TCP timestamps are old: many clients behind one address, or a port that was used again',
];
const otherConnection: Words = ['they fit into no connection: late copies, or one end has forgotten it'];
const wrongTunnel: Words = [
  'no tunnel device takes their header or number: two overlays on one port perhaps',
  'ip -d link',
];
const badSource: Words = ['their source or destination address may not come over a network'];
const nobody: Words = ['nobody waits for them: a closed port, or a connection that is gone'];

const unread: Words = ['a program closed its connection without reading them'];

/** include/net/dropreason-core.h, 5.17 to 6.18 and later; a kernel has the most of these. */
const byReason: Readonly<Record<string, Words>> = {
  NETFILTER_DROP: firewall,
  IP_RPFILTER: ['they came in by a device that does not lead back to their source (rp_filter)', 'kernel/reverse-path'],
  PKT_TOO_BIG: ['they are larger than the MTU of the way ahead', 'mtu/mismatch'],
  DUP_FRAG: fragments,
  FRAG_REASM_TIMEOUT: fragments,
  FRAG_TOO_FAR: fragments,
  SOCKET_RCVBUFF: fullBuffer,
  SOCKET_BACKLOG: slowReader,
  TCP_ZEROWINDOW: slowReader,
  TCP_OFO_QUEUE_PRUNE: slowReader,
  PROTO_MEM: ['no memory was left for what sockets receive (tcp_mem, udp_mem, or one buffer)', 'sockets/tcp-memory'],
  TCP_LISTEN_OVERFLOW: ['an accept queue was full, its program accepts too slowly', 'sockets/accept-queue'],
  NO_SOCKET: nobody,
  IP_NOPROTO: nobody,
  NEIGH_CREATEFAIL: ['the neighbour table is full', 'kernel/neighbour-table'],
  NEIGH_FAILED: unanswered,
  NEIGH_DEAD: unanswered,
  NEIGH_QUEUEFULL: [
    'too many packets wait for the answer of the next hop to ARP or neighbour discovery',
    'ip neigh show',
  ],
  IP_OUTNOROUTES: noRoute,
  IP_INNOROUTES: noRoute,
  IP_INADDRERRORS: ['they are for others, and are not forwarded: ip_forward, or their route', 'kernel/ip-forward'],
  IP_LOCAL_SOURCE: ['they came in with a source address of this machine: a loop, or an address given twice'],
  IP_INVALID_SOURCE: badSource,
  IP_LOCALNET: badSource,
  IP_INVALID_DEST: badSource,
  IP_INHDR: ['their IP header is broken, or their TTL ran out on the way: a loop of routes'],
  IP_TTL_EXCEEDED: ['their TTL ran out on the way: a loop of routes, or a traceroute'],
  IP_CSUM: checksum,
  TCP_CSUM: checksum,
  UDP_CSUM: checksum,
  ICMP_CSUM: checksum,
  SKB_CSUM: checksum,
  QDISC_DROP: fullQueue,
  QDISC_OVERLIMIT: fullQueue,
  QDISC_CONGESTED: fullQueue,
  QDISC_BURST_DROP: fullQueue,
  CAKE_FLOOD: fullQueue,
  FQ_BAND_LIMIT: fullQueue,
  FQ_HORIZON_LIMIT: fullQueue,
  FQ_FLOW_LIMIT: fullQueue,
  CPU_BACKLOG: fullCpu,
  FULL_RING: ['the ring of a device was full, its reader is too slow', 'ip -s link'],
  DEV_READY: ['a device was down or not ready: of a pod that starts or ends perhaps', 'ip -s link'],
  NO_TX_TARGET: ['a bridge or tunnel knew no way out for them', 'bridge fdb show'],
  BRIDGE_INGRESS_STP_STATE: ['the port of a bridge is closed (STP)', 'bridge link show'],
  VXLAN_INVALID_HDR: wrongTunnel,
  VXLAN_VNI_NOT_FOUND: wrongTunnel,
  TUNNEL_INVALID_HDR: wrongTunnel,
  TUNNEL_NOT_FOUND: wrongTunnel,
  XDP: program,
  TC_INGRESS: program,
  TC_EGRESS: program,
  BPF_CGROUP_EGRESS: [
    'an eBPF program of a cgroup threw them away, of systemd or the CNI perhaps',
    'bpftool cgroup tree',
  ],
  SECURITY_HOOK: ['a security module (SELinux, AppArmor, Smack) threw them away'],
  XFRM_POLICY: ['an IPsec policy does not allow them', 'ip xfrm policy'],
  NOMEM: ['the kernel had no memory for them'],
  TCP_AUTH_HDR: signature,
  TCP_MD5NOTFOUND: signature,
  TCP_MD5UNEXPECTED: signature,
  TCP_MD5FAILURE: signature,
  TCP_AONOTFOUND: signature,
  TCP_AOUNEXPECTED: signature,
  TCP_AOKEYNOTFOUND: signature,
  TCP_AOFAILURE: signature,
  TCP_RFC7323_PAWS: timestamps,
  TCP_RFC7323_TW_PAWS: timestamps,
  TCP_RFC7323_TSECR: timestamps,
  TCP_INVALID_SEQUENCE: otherConnection,
  TCP_INVALID_END_SEQUENCE: otherConnection,
  TCP_INVALID_ACK_SEQUENCE: otherConnection,
  TCP_OVERWINDOW: otherConnection,
  TCP_FLAGS: otherConnection,
  TCP_INVALID_SYN: otherConnection,
  TCP_ABORT_ON_DATA: ['data came for a connection that its program had closed'],
};

const noRouteOrFilter: Words = [
  'there is no route for them, or the reverse path filter is strict',
  'kernel/reverse-path',
];
const notForwarded: Words = ['they are larger than the MTU of the way ahead, or their TTL ran out', 'mtu/mismatch'];

/** By the function that dropped, where the kernel gives no reason: less sure, since some drop for more than one. */
const bySymbol: Readonly<Record<string, Words>> = {
  nf_hook_slow: firewall,
  nft_do_chain: firewall,
  __udp_queue_rcv_skb: fullBuffer,
  udp_queue_rcv_one_skb: fullBuffer,
  udpv6_queue_rcv_one_skb: fullBuffer,
  __neigh_event_send: unanswered,
  arp_error_report: unanswered,
  ndisc_error_report: unanswered,
  enqueue_to_backlog: fullCpu,
  ip_error: noRoute,
  ip_rcv_finish: noRouteOrFilter,
  ip_rcv_finish_core: noRouteOrFilter,
  ip_forward: notForwarded,
  ip6_forward: notForwarded,
  tcp_v4_rcv: nobody,
  tcp_v6_rcv: nobody,
  __udp4_lib_rcv: nobody,
  __udp6_lib_rcv: nobody,
  sk_stream_kill_queues: unread,
  skb_queue_purge: unread,
};

const mostlyNoFault: readonly Words[] = [nobody, unread];

const own = (table: Readonly<Record<string, Words>>, key: string): Words | undefined =>
  Object.hasOwn(table, key) ? table[key] : undefined;

/**
 * What a drop probably is, `see` which check or command tells more (null: none), and whether it is mostly no fault (nobody waits for the packet any more, or
 * the kernel itself does not say why). Null where that is not known.
 */
export const dropWords = ({
  reason,
  symbol,
}: Drop): { readonly probably: string; readonly see: string | null; readonly harmless: boolean } | null => {
  const unsaid = reason === null || reason === 'NOT_SPECIFIED';
  // the compiler's copies of a function: nf_hook_slow.part.0
  const words = unsaid ? own(bySymbol, symbol?.replace(/\..*$/, '') ?? '') : own(byReason, reason);
  if (words) return { probably: words[0], see: words[1] ?? null, harmless: mostlyNoFault.includes(words) };
  return reason === 'NOT_SPECIFIED' ? { probably: 'the kernel does not say why', see: null, harmless: true } : null;
};
