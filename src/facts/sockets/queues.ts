import { fact } from '../../core/fact.ts';
import type { Owner } from './owner.ts';

/** A TCP socket that listens, and who waits in its queues. */
export interface ListenQueue {
  /** Its network namespace; see facts/network/spaces. */
  readonly space: string;
  readonly ip: string;
  readonly port: number;
  /** Established connections that the program has not accepted, at the end of the window. A queue holds one more than its backlog. */
  readonly waiting: number;
  /** The same at its beginning; null where it was not seen then. */
  readonly waitingBefore: number | null;
  /** The smaller of what the program asked listen() for and of somaxconn then; null where the namespace could not be asked. */
  readonly backlog: number | null;
  /** Half-open connections to its port (SYN_RECV), the larger number of the two looks. */
  readonly halfOpen: number;
  readonly owner: Owner | null;
}

/** A UDP socket that dropped datagrams, or that has some unsent. */
export interface DatagramQueue {
  readonly space: string;
  readonly ip: string;
  readonly port: number;
  /** Datagrams dropped on their way in, within the window; null where its first look did not hold all sockets. */
  readonly drops: number | null;
  readonly dropsEver: number;
  /** Memory of what waits to be read, in bytes, as it counts against the buffer (SO_RCVBUF). */
  readonly receivedBytes: number;
  /** Memory of what waits to be sent, in bytes. */
  readonly unsentBytes: number;
  readonly owner: Owner | null;
}

/** A TCP connection with much to read: 64 KiB and more. Which of them threw segments away the kernel does not tell. */
export interface UnreadStream {
  readonly space: string;
  readonly ip: string;
  readonly port: number;
  readonly remote: { readonly ip: string; readonly port: number };
  /** What the program has not read, in bytes, at the end of the window. */
  readonly receivedBytes: number;
  readonly owner: Owner | null;
}

/** Settings of a network namespace that decide about the queues of new connections; null where it could not be entered. */
export interface QueueSettings {
  readonly space: string;
  readonly somaxconn: number | null;
  readonly maxSynBacklog: number | null;
  readonly synCookies: number | null;
}

/** Queues of the sockets in those network namespaces that ever dropped something for a full one. */
export interface Queues {
  readonly listeners: readonly ListenQueue[];
  readonly datagrams: readonly DatagramQueue[];
  /** In network namespaces that ever threw segments away, the first 40. */
  readonly unread: readonly UnreadStream[];
  readonly settings: readonly QueueSettings[];
  /** "SPACE tcp", "SPACE udp": there are more sockets than came. */
  readonly cut: ReadonlySet<string>;
}

/** The sockets behind counters of overflows. */
export const queues = fact<Queues>(
  'sockets/queues',
  'node',
  'queues of listening TCP sockets and of UDP sockets, where one ever overflowed, and their processes (--window)',
);
