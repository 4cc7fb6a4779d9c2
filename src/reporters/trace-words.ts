import type { Trace } from '../core/watch.ts';
import { dropWords } from './drop-words.ts';

interface Words {
  readonly probably: string;
  /** The check or command that tells more; null: none. */
  readonly see: string | null;
}

const words = (probably: string, see: string | null = null): Words => ({ probably, see });

const unconfirmed = words('the peer does not confirm the end of the connection: it is gone, or packets are lost');
const byState: Readonly<Record<string, Words>> = {
  SYN_SENT: words('nobody answers there, or the answer is lost'),
  ESTABLISHED: words('packets are lost on the way, or the peer is slow or gone'),
  CLOSE_WAIT: words('packets are lost on the way, or the peer is slow or gone'),
  FIN_WAIT1: unconfirmed,
  CLOSING: unconfirmed,
  LAST_ACK: unconfirmed,
};

/** include/net/rstreason.h, of 6.10 and later. */
const byReset: Readonly<Record<string, Words>> = {
  NO_SOCKET: words('nobody listens on that port, or the connection is gone there'),
  TCP_ABORT_ON_DATA: words('data came after the program had closed the connection'),
  TCP_ABORT_ON_CLOSE: words('the program closed the connection with data unread'),
  TCP_ABORT_ON_LINGER: words('the program broke the connection off (SO_LINGER)'),
  TCP_ABORT_ON_MEMORY: words('too many connections without a program, or too little memory', 'sockets/tcp-memory'),
  TCP_STATE: words('the program gave the connection up, or closed its listener before it was accepted'),
  TCP_KEEPALIVE_TIMEOUT: words('the peer did not answer keepalives'),
  TCP_INVALID_ACK_SEQUENCE: words('the segment belongs to another connection: one end has forgotten it'),
  INVALID_SYN: words('a SYN came on a connection that stands: one end has forgotten it'),
};

const own = (table: Readonly<Record<string, Words>>, key: string | null): Words | null =>
  key !== null && Object.hasOwn(table, key) ? (table[key] ?? null) : null;

/** What it probably is that the kernel's trace tells, in a few words, and what tells more. Null where that is not known, or the event says it itself. */
export const traceWords = (t: Trace): Words | null => {
  switch (t.kind) {
    case 'drop': {
      const drop = dropWords(t);
      return drop && words(drop.probably, drop.see);
    }
    case 'udp-full':
      return words('its program reads too slowly', 'sockets/udp-buffer');
    case 'retransmit':
      return own(byState, t.state);
    case 'synack-retransmit':
      return words("the client's answer did not come, or the accept queue is full", 'sockets/accept-queue');
    case 'reset-received':
      return words('the peer refused the connection, gave it up or has forgotten it');
    case 'reset-sent':
      return own(byReset, t.reason);
    case 'state':
      return null;
  }
};
