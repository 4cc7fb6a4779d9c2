import { hexPort } from './hex.ts';
import { procNetAddress } from './proc-net-address.ts';

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

const end = (text: string | undefined, littleEndian: boolean): { ip: string; port: number } | null => {
  const [hexIp, hexP, more] = (text ?? '').split(':');
  if (more !== undefined) return null;
  const ip = procNetAddress(hexIp ?? '', littleEndian);
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
