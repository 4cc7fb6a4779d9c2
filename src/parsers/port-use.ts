import type { DatagramUse, DestinationUse, PortSysctls, SourceUse } from '../facts/sockets/port-use.ts';
import { hexPort } from './hex.ts';
import { parsePortList } from './port-list.ts';
import { parsePortSpan } from './port-span.ts';
import { procNetAddress } from './proc-net-address.ts';

/** A line of the collector about source ports; `inodes` are those of a sample of the sockets. */
export type PortUseRow =
  | { readonly kind: 'destination'; readonly use: Omit<DestinationUse, 'owner'>; readonly inodes: readonly string[] }
  | { readonly kind: 'source'; readonly use: Omit<SourceUse, 'owner'>; readonly inodes: readonly string[] }
  | { readonly kind: 'datagrams'; readonly use: DatagramUse }
  | { readonly kind: 'outside'; readonly space: string }
  | { readonly kind: 'sysctls'; readonly use: PortSysctls };

const count = (text: string | undefined): number | null => (/^\d{1,9}$/.test(text ?? '') ? Number(text) : null);

const inodesOf = (text: string | undefined): string[] => (text ?? '').split(',').filter((i) => /^\d+$/.test(i));

const destination = (f: readonly string[], space: string, ports: number, little: boolean): PortUseRow | null => {
  const [timeWait, source, end = '', inodes] = f;
  const [hexIp = '', hexP = '', more] = end.split(':');
  const from = procNetAddress(source ?? '', little);
  const to = procNetAddress(hexIp, little);
  const [port, tw] = [hexPort(hexP), count(timeWait)];
  if (from === null || to === null || port === null || tw === null || tw > ports || more !== undefined) return null;
  const use = { space, source: from, destination: { ip: to, port }, ports, timeWait: tw };
  return { kind: 'destination', use, inodes: inodesOf(inodes) };
};

const source = (f: readonly string[], space: string, ports: number, little: boolean): PortUseRow | null => {
  const ip = procNetAddress(f[1] ?? '', little);
  const [timeWait, sockets] = [count(f[0]), count(f[2])];
  if (ip === null || timeWait === null || sockets === null || sockets < ports || timeWait > sockets) return null;
  return { kind: 'source', use: { space, source: ip, ports, sockets, timeWait }, inodes: inodesOf(f[3]) };
};

const sysctls = (f: readonly string[], space: string): PortUseRow | null => {
  const [range, reserved] = [parsePortSpan(f[0] ?? ''), parsePortList(f[1] ?? '')];
  const timeWaitReuse = count(f[2]);
  if (!range || !reserved || timeWaitReuse === null || !/^[0-2]$/.test(f[3] ?? '')) return null;
  return { kind: 'sysctls', use: { space, range, reserved, timeWaitReuse, timestamps: f[3] !== '0' } };
};

/**
 * Understands the collector's lines "N TAB dest TAB space TAB pid TAB TIME_WAIT TAB address TAB address:port TAB inodes",
 * "N TAB src TAB space TAB pid TAB TIME_WAIT TAB address TAB sockets TAB inodes", "N TAB udp TAB space TAB pid", "0 TAB out TAB space TAB pid" and
 * "0 TAB sys TAB space TAB range TAB reserved ports TAB tcp_tw_reuse TAB tcp_timestamps"; null for any other.
 */
export const parsePortUse = (line: string, littleEndian: boolean): PortUseRow | null => {
  const [number, kind, space = '', ...f] = line.split('\t');
  const ports = count(number);
  if (ports === null || !/^\d+$/.test(space)) return null;
  if (kind === 'sys') return sysctls(f, space);
  const rest = f.slice(1);
  if (kind === 'dest') return destination(rest, space, ports, littleEndian);
  if (kind === 'src') return source(rest, space, ports, littleEndian);
  if (kind === 'out') return { kind: 'outside', space };
  return kind === 'udp' ? { kind: 'datagrams', use: { space, ports } } : null;
};
