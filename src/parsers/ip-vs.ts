import { hexBytes, hexPort } from './hex.ts';
import { ip, ipFromBytes } from './ip.ts';

/** A virtual server of /proc/net/ip_vs. */
export interface VirtualServerRow {
  readonly protocol: 'TCP' | 'UDP' | 'SCTP';
  readonly ip: string;
  readonly port: number;
}

/** Understands a virtual server's row: `TCP  0A605894:0050 rr` or `TCP  [2001:0db8:…]:0050 rr`; null for any other (backends, FWM). */
export const parseIpVsRow = (line: string): VirtualServerRow | null => {
  const [protocol, at] = line.trim().split(/\s+/);
  if (protocol !== 'TCP' && protocol !== 'UDP' && protocol !== 'SCTP') return null;
  const m = /^(?:\[([0-9A-Fa-f:]+)\]|([0-9A-Fa-f]{8})):([0-9A-Fa-f]{4})$/.exec(at ?? '');
  if (!m) return null;
  const address = m[1] ? ip(m[1]) : ipFromBytes(hexBytes(m[2] ?? '') ?? []);
  const port = hexPort(m[3] ?? '');
  return address === null || port === null ? null : { protocol, ip: address, port };
};
