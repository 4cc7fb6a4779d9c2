import { fact } from '../../core/fact.ts';

/** How much memory sockets may take. All of it is of the machine, not of a network namespace (measured on 6.1 and 6.18). */
export interface SocketMemory {
  /** net.ipv4.tcp_mem: low, pressure, max, in pages; null in a node that is itself a container, where the kernel does not show it. */
  readonly tcpPages: readonly [number, number, number] | null;
  /** net.ipv4.udp_mem: the same. */
  readonly udpPages: readonly [number, number, number] | null;
  readonly pageBytes: number | null;
  /** net.core.rmem_default and so on, in bytes; null in a node that is a container on a kernel before 6.11. */
  readonly receiveDefaultBytes: number | null;
  readonly receiveMaxBytes: number | null;
  readonly sendDefaultBytes: number | null;
  readonly sendMaxBytes: number | null;
}

/** The limits of socket memory. */
export const socketMemory = fact<SocketMemory>(
  'kernel/socket-memory',
  'node',
  'tcp_mem, udp_mem, net.core.{r,w}mem_{default,max} and the size of a page',
);
