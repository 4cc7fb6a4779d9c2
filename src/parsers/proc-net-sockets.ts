import { hexBytes, hexPort } from './hex.ts';
import { ipFromBytes } from './ip.ts';

/** A row of /proc/net/{tcp,tcp6,udp,udp6}. */
export interface SocketRow {
  readonly local: { readonly ip: string; readonly port: number };
  readonly remote: { readonly ip: string; readonly port: number };
  readonly state: string;
  readonly inode: string;
}

/** TCP states as the kernel numbers them (include/net/tcp_states.h); UDP sockets use ESTABLISHED (connected) and CLOSE. */
const states: Readonly<Record<string, string>> = {
  '01': 'ESTABLISHED',
  '02': 'SYN_SENT',
  '03': 'SYN_RECV',
  '04': 'FIN_WAIT1',
  '05': 'FIN_WAIT2',
  '06': 'TIME_WAIT',
  '07': 'CLOSE',
  '08': 'CLOSE_WAIT',
  '09': 'LAST_ACK',
  '0A': 'LISTEN',
  '0B': 'CLOSING',
};

/** Addresses are 32-bit words in the byte order of the machine (facts E). */
const address = (hex: string, littleEndian: boolean): string | null => {
  const bytes = hexBytes(hex);
  if (!bytes) return null;
  const words: number[][] = [];
  for (let i = 0; i < bytes.length; i += 4) words.push(bytes.slice(i, i + 4));
  return ipFromBytes(words.flatMap((w) => (littleEndian ? w.reverse() : w)));
};

const end = (text: string | undefined, littleEndian: boolean): { ip: string; port: number } | null => {
  const [hexIp, hexP, more] = (text ?? '').split(':');
  if (more !== undefined) return null;
  const ip = address(hexIp ?? '', littleEndian);
  const port = hexPort(hexP ?? '');
  return ip === null || port === null ? null : { ip, port };
};

/** Understands one row; null if it is none (the header, for instance). */
export const parseSocketRow = (line: string, littleEndian: boolean): SocketRow | null => {
  const f = line.trim().split(/\s+/);
  const local = end(f[1], littleEndian);
  const remote = end(f[2], littleEndian);
  const state = states[(f[3] ?? '').toUpperCase()];
  const inode = f[9];
  if (!local || !remote || !state || !inode || !/^\d+$/.test(inode)) return null;
  return { local, remote, state, inode };
};
