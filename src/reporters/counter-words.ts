type Words = readonly [what: string, see: string];

const words: Readonly<Record<string, Words>> = {
  ListenOverflows: ['connections turned away, the accept queue is full', 'sockets/accept-queue'],
  // facts D: a full SYN queue without cookies may show here alone
  ListenDrops: ['connections dropped by listeners, those of ListenOverflows among them', 'sockets/syn-queue'],
  TCPReqQFullDrop: ['SYNs dropped, the SYN queue is full', 'sockets/syn-queue'],
  TCPReqQFullDoCookies: ['SYNs answered with cookies, the SYN queue is full', 'sockets/syn-queue'],
  RcvbufErrors: ['datagrams dropped, a receive buffer was full', 'sockets/udp-buffer'],
  SndbufErrors: ['datagrams not sent, a send buffer was full', 'sockets/udp-buffer'],
};

/**
 * What a counter of a network namespace counts (net/ipv4/proc.c), of whom ("pod shop/web-1", "the node"; null: not known), and which check tells more.
 * A name that is not known stays alone.
 */
export const counterWords = (name: string, space: string, owner: string | null): string => {
  const head = `${name} ${owner === null ? `in network namespace ${space}` : `of ${owner}`}`;
  const known = Object.hasOwn(words, name) ? words[name] : undefined;
  return known ? `${head}: ${known[0]} (see ${known[1]})` : head;
};
