/** What waits in a socket's queues. */
export interface SocketQueue {
  /** Of a listening TCP socket 0; of others bytes not yet sent or acknowledged. */
  readonly sent: number;
  /** Of a listening TCP socket connections that wait to be accepted; of others bytes that wait to be read. */
  readonly received: number;
  /** Datagrams dropped; null in a table without that column (tcp). */
  readonly drops: number | null;
}

/**
 * Understands the queues in a row of /proc/net/{tcp,tcp6,udp,udp6}; null if it is none. The header puts two names over one column, so the
 * place counts: tx_queue:rx_queue is the fifth, drops the thirteenth and last of udp (facts C, D).
 */
export const parseSocketQueue = (line: string): SocketQueue | null => {
  const f = line.trim().split(/\s+/);
  const m = /^([0-9A-Fa-f]{8}):([0-9A-Fa-f]{8})$/.exec(f[4] ?? '');
  if (!m) return null;
  const drops = f.length === 13 && /^\d{1,10}$/.test(f[12] ?? '') ? Number(f[12]) : null;
  return { sent: Number.parseInt(m[1] ?? '', 16), received: Number.parseInt(m[2] ?? '', 16), drops };
};
