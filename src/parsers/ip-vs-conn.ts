import { hexBytes, hexPort } from './hex.ts';
import { ip, ipFromBytes } from './ip.ts';

interface End {
  readonly ip: string;
  readonly port: number;
}

/** A row of /proc/net/ip_vs_conn: client → virtual server, and the backend chosen. */
export interface IpVsConnRow {
  readonly protocol: 'TCP' | 'UDP' | 'SCTP';
  readonly client: End;
  readonly virtual: End;
  readonly backend: End;
  readonly state: string;
  readonly expiresSeconds: number;
}

/** IPv4 in eight hex digits in network order, IPv6 in eight groups with colons (%pI6). */
const end = (address: string | undefined, port: string | undefined): End | null => {
  const text = address ?? '';
  const a = text.includes(':') ? ip(text) : ipFromBytes(hexBytes(text) ?? []);
  const p = hexPort(port ?? '');
  return a === null || p === null ? null : { ip: a, port: p };
};

/** Understands one row (net/netfilter/ipvs/ip_vs_conn.c, ip_vs_conn_seq_show); null if it is none. */
export const parseIpVsConnRow = (line: string): IpVsConnRow | null => {
  const f = line.trim().split(/\s+/);
  const protocol = f[0];
  if (protocol !== 'TCP' && protocol !== 'UDP' && protocol !== 'SCTP') return null;
  const client = end(f[1], f[2]);
  const virtual = end(f[3], f[4]);
  const backend = end(f[5], f[6]);
  const state = f[7];
  const expires = f[8];
  if (!client || !virtual || !backend || !state || !expires || !/^\d+$/.test(expires)) return null;
  return { protocol, client, virtual, backend, state, expiresSeconds: Number(expires) };
};
