import { parseIpVsEnd } from './ip-vs-end.ts';

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
  const end = parseIpVsEnd(at ?? '');
  return end && { protocol, ...end };
};
