import { cannotTell, check, fail, pass } from '../../core/check.ts';
import { socketMemory } from '../../facts/kernel/socket-memory.ts';
import { counterChanges } from '../../facts/network/counter-changes.ts';
import { counters, type SpaceCounters } from '../../facts/network/counters.ts';
import { spaces } from '../../facts/network/spaces.ts';
import { queues } from '../../facts/sockets/queues.ts';
import { pods } from '../../facts/workloads/pods.ts';
import { spanText } from '../../lib/span-text.ts';
import { countOf } from './count-of.ts';
import { datagramProblem } from './datagram-problem.ts';
import { fewestIn } from './fewest-in.ts';
import { seenEarlier } from './seen-earlier.ts';
import { spacesText } from './spaces-text.ts';
import { udpMemoryProblem } from './udp-memory-problem.ts';

/** Since boot a busy resolver loses some. */
const fewestEarlier = 1000;

const received = ['Udp.RcvbufErrors', 'Udp6.RcvbufErrors'];
const refused = ['Udp.MemErrors', 'Udp6.MemErrors'];
const unsent = ['Udp.SndbufErrors', 'Udp6.SndbufErrors'];

/** A program that does not block meets a full send buffer now and then by design, waits, and goes on. */
const leastUnsent = 0.01;

const exceeds = (way: 'receive' | 'send', s: SpaceCounters, fewest: number): boolean => {
  if (way === 'receive') return countOf(s, ...received) >= fewest;
  const errors = countOf(s, ...unsent);
  return errors >= fewest && errors >= leastUnsent * (errors + countOf(s, 'Udp.OutDatagrams', 'Udp6.OutDatagrams'));
};

/** Facts C: RcvbufErrors of a namespace, and of each socket its own count of drops in /proc/net/udp. */
export const udpBuffer = check({
  id: 'sockets/udp-buffer',
  title: 'UDP datagrams find room in the buffers of their sockets',
  severity: 'warning',
  per: 'node',
  docs: {
    why:
      'A UDP datagram that arrives when the receive buffer of its socket is full is dropped without a word: to the client of a DNS server or a metrics ' +
      'agent it looks like loss on the network. The kernel counts it for the network namespace (RcvbufErrors) and for the socket (drops), so the ' +
      `program and its pod can be named. Fewer than 10 within the window are not told, nor what could not be sent where that is less than 1 % of what was.`,
    links: [
      'https://www.kernel.org/doc/html/latest/admin-guide/sysctl/net.html',
      'https://man7.org/linux/man-pages/man7/socket.7.html',
    ],
  },
  needs: { counterChanges, counters, spaces },
  wants: { queues, pods, socketMemory },
  judge: (facts, maybe) => {
    const { counterChanges: changes, counters: ever } = facts;
    if (!changes.names.has('Udp.RcvbufErrors'))
      return cannotTell(counterChanges, 'this kernel does not count full UDP buffers (RcvbufErrors)');
    const fewest = fewestIn(changes.seconds);
    const found = (['receive', 'send'] as const).flatMap((way) =>
      changes.spaces
        .filter((s) => exceeds(way, s, fewest))
        .map((s) => ({ way, changes: s, space: facts.spaces.find((x) => x.id === s.space) })),
    );
    const { queues: sockets, pods: owners, socketMemory: memory } = maybe;
    const [head, ...tail] = [
      ...found.map((f) => datagramProblem({ ...f, seconds: changes.seconds, queues: sockets, pods: owners, memory })),
      ...changes.spaces
        .filter((s) => countOf(s, ...refused) >= fewest)
        .map((s) => {
          const space = facts.spaces.find((x) => x.id === s.space);
          return udpMemoryProblem({ changes: s, seconds: changes.seconds, space, pods: owners, memory });
        }),
    ];
    if (head) return fail(head, ...tail);
    const note = seenEarlier(
      { counters: ever, changes, spaces: facts.spaces, pods: maybe.pods },
      { names: received, atLeast: fewestEarlier, file: 'snmp', thing: 'UDP receive buffers overflowed earlier' },
    );
    if (note) return fail(note);
    return pass(
      `fewer than ${fewest} datagrams in ${spanText(changes.seconds)} met a full buffer in each of ${spacesText(changes.spaces.length)}`,
    );
  },
});
