import { hexBytes, hexPort } from './hex.ts';
import { ip, ipFromBytes } from './ip.ts';

/** Understands address and port as /proc/net/ip_vs has them: `0A605894:0050` or `[2001:0db8:…]:0050`; null if it is none. */
export const parseIpVsEnd = (text: string): { readonly ip: string; readonly port: number } | null => {
  const m = /^(?:\[([0-9A-Fa-f:]+)\]|([0-9A-Fa-f]{8})):([0-9A-Fa-f]{4})$/.exec(text);
  if (!m) return null;
  const address = m[1] ? ip(m[1]) : ipFromBytes(hexBytes(m[2] ?? '') ?? []);
  const port = hexPort(m[3] ?? '');
  return address === null || port === null ? null : { ip: address, port };
};
