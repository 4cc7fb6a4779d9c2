import { ip } from './ip.ts';

/** A row of `ss -H -tuln`. */
export interface SsRow {
  readonly protocol: 'TCP' | 'UDP';
  /** Canonical address; `*` (both families) becomes `::`, as /proc/net shows it. */
  readonly ip: string;
  readonly port: number;
}

/** Understands one row: `tcp LISTEN 0 128 127.0.0.1%lo:34567 0.0.0.0:*`; null if it is none. */
export const parseSsRow = (line: string): SsRow | null => {
  const f = line.trim().split(/\s+/);
  const protocol = f[0] === 'tcp' ? 'TCP' : f[0] === 'udp' ? 'UDP' : null;
  const m = /^(.*):(\d{1,5})$/.exec(f[4] ?? '');
  if (!protocol || !m) return null;
  const bare = (m[1] ?? '')
    .replace(/^\[(.*)\]/, '$1')
    .replace(/%[^\]]*$/, '')
    .replace(/\]$/, '');
  const address = bare === '*' ? '::' : ip(bare);
  const port = Number(m[2]);
  return address === null || port > 65535 ? null : { protocol, ip: address, port };
};
