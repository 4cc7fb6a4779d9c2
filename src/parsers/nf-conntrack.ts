import { ip } from './ip.ts';

interface Tuple {
  readonly source: { readonly ip: string; readonly port: number };
  readonly destination: { readonly ip: string; readonly port: number };
}

/** A row of /proc/net/nf_conntrack (or `conntrack -L -o extended`). */
export interface ConntrackRow {
  readonly protocol: string;
  readonly timeoutSeconds: number;
  /** TCP's state; empty for other protocols. */
  readonly state: string;
  readonly original: Tuple;
  readonly reply: Tuple;
}

const port = (text?: string): number | null =>
  /^\d{1,5}$/.test(text ?? '') && Number(text) <= 65535 ? Number(text) : null;

const tuple = (src?: string, dst?: string, sport?: string, dport?: string): Tuple | null => {
  const a = ip(src ?? '');
  const b = ip(dst ?? '');
  const from = port(sport);
  const to = port(dport);
  if (a === null || b === null || from === null || to === null) return null;
  return { source: { ip: a, port: from }, destination: { ip: b, port: to } };
};

/**
 * Understands one row: `ipv4 2 tcp 6 58 SYN_RECV src=… dst=… sport=… dport=… src=… dst=… sport=… dport=… mark=0 use=1`
 * (net/netfilter/nf_conntrack_standalone.c, ct_seq_show). Null for protocols without ports and whatever else it is not.
 */
export const parseConntrackRow = (line: string): ConntrackRow | null => {
  const f = line.trim().split(/\s+/);
  const protocol = f[2] ?? '';
  const timeout = f[4] ?? '';
  if (!/^[a-z]+$/.test(protocol) || !/^\d+$/.test(timeout)) return null;
  const values = (key: string): string[] =>
    f.filter((x) => x.startsWith(`${key}=`)).map((x) => x.slice(key.length + 1));
  const [src, dst, sport, dport] = [values('src'), values('dst'), values('sport'), values('dport')];
  const original = tuple(src[0], dst[0], sport[0], dport[0]);
  const reply = tuple(src[1], dst[1], sport[1], dport[1]);
  if (!original || !reply) return null;
  const state = /^[A-Z_0-9]+$/.test(f[5] ?? '') ? (f[5] ?? '') : '';
  return { protocol, timeoutSeconds: Number(timeout), state, original, reply };
};
