type Words = readonly [what: string, see: string];

const noWayIn = 'packets that came in were dropped, there is no route to where they go';

const words: Readonly<Record<string, Words>> = {
  ListenOverflows: ['connections turned away, the accept queue is full', 'sockets/accept-queue'],
  // facts D: a full SYN queue without cookies may show here alone
  ListenDrops: ['connections dropped by listeners, those of ListenOverflows among them', 'sockets/syn-queue'],
  TCPReqQFullDrop: ['SYNs dropped, the SYN queue is full', 'sockets/syn-queue'],
  TCPReqQFullDoCookies: ['SYNs answered with cookies, the SYN queue is full', 'sockets/syn-queue'],
  RcvbufErrors: ['datagrams dropped, a receive buffer was full', 'sockets/udp-buffer'],
  SndbufErrors: ['datagrams not sent, a send buffer was full', 'sockets/udp-buffer'],
  IPReversePathFilter: [
    'packets dropped, they came in by a device that does not lead back to their source',
    'kernel/reverse-path',
  ],
  InNoRoutes: [noWayIn, 'ip route get ADDRESS'],
  Ip6InNoRoutes: [noWayIn, 'ip -6 route get ADDRESS'],
  OutNoRoutes: ['packets not sent, there is no route to where they go', 'ip route get ADDRESS'],
  FragFails: ['packets dropped, they are larger than the MTU of the way ahead', 'mtu/mismatch'],
  Ip6InTooBigErrors: ['packets dropped, they are larger than the MTU of the way ahead', 'mtu/mismatch'],
  InDestUnreachs: [
    'ICMP errors came back while packets were dropped that are larger than the MTU of their way, probably its own',
    'mtu/mismatch',
  ],
  Icmp6InPktTooBigs: ['ICMPv6 says that packets it sent are larger than the MTU of their way', 'mtu/mismatch'],
};

/** How many devices are named. */
const named = 4;

/**
 * What a counter of a network namespace counts (net/ipv4/proc.c, net/ipv6/proc.c), of whom ("pod shop/web-1", "the node"; null: not known), and which check
 * or command tells more. `strict`: its devices whose reverse path filter is strict, as far as they are known. A name that is not known stays alone.
 */
export const counterWords = (name: string, space: string, owner: string | null, strict: readonly string[]): string => {
  const head = `${name} ${owner === null ? `in network namespace ${space}` : `of ${owner}`}`;
  const known = Object.hasOwn(words, name) ? words[name] : undefined;
  if (!known) return head;
  const more = strict.length > named ? `, … (${strict.length})` : '';
  const devices =
    name === 'IPReversePathFilter' && strict.length > 0 ? `; strict: ${strict.slice(0, named).join(', ')}${more}` : '';
  return `${head}: ${known[0]}${devices} (see ${known[1]})`;
};
