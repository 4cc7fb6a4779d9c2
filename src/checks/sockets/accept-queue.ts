import { cannotTell, check, fail, pass } from '../../core/check.ts';
import { counterChanges } from '../../facts/network/counter-changes.ts';
import { counters } from '../../facts/network/counters.ts';
import { spaces } from '../../facts/network/spaces.ts';
import { queues } from '../../facts/sockets/queues.ts';
import { pods } from '../../facts/workloads/pods.ts';
import { spanText } from '../../lib/span-text.ts';
import { countOf } from './count-of.ts';
import { overflowProblem } from './overflow-problem.ts';
import { seenEarlier } from './seen-earlier.ts';
import { spacesText } from './spaces-text.ts';

const name = 'TcpExt.ListenOverflows';

/** Facts D: the kernel drops the last packet of a handshake, or a new SYN, when the program has not accepted those before it. */
export const acceptQueue = check({
  id: 'sockets/accept-queue',
  title: 'Programs accept connections as fast as they come',
  severity: 'error',
  per: 'node',
  docs: {
    why:
      'A connection that is established waits in the accept queue of its listening socket until the program takes it. When that queue is full the kernel ' +
      'drops what comes next: the client thinks it is connected and sends into the void, or its SYN is lost, and it tries again after 1, 2, 4 s. ' +
      'The backlog is the smaller of what the program asked of listen() and of net.core.somaxconn at that moment, so raising somaxconn alone ' +
      "changes nothing. The counter is of a whole network namespace, and the node's says nothing about its pods; each is judged here, by what " +
      'it counted in the window.',
    links: [
      'https://man7.org/linux/man-pages/man2/listen.2.html',
      'https://www.kernel.org/doc/html/latest/networking/snmp_counter.html',
    ],
  },
  needs: { counterChanges, counters, spaces },
  wants: { queues, pods },
  judge: (facts, maybe) => {
    const { counterChanges: changes, counters: ever } = facts;
    if (!changes.names.has(name))
      return cannotTell(counterChanges, 'this kernel does not count overflows (ListenOverflows)');
    const [head, ...tail] = changes.spaces
      .filter((s) => countOf(s, name) > 0)
      .map((s) => {
        const space = facts.spaces.find((x) => x.id === s.space);
        return overflowProblem({ changes: s, seconds: changes.seconds, space, queues: maybe.queues, pods: maybe.pods });
      });
    if (head) return fail(head, ...tail);
    const all = spacesText(changes.spaces.length);
    const note = seenEarlier(
      { counters: ever, changes, spaces: facts.spaces, pods: maybe.pods },
      { names: [name], atLeast: 1, file: 'netstat', thing: 'Accept queues overflowed earlier' },
    );
    return note
      ? fail(note)
      : pass(`no accept queue overflowed in ${all}, in this run (${spanText(changes.seconds)}) or before`);
  },
});
