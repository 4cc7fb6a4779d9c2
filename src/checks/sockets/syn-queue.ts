import { cannotTell, check, fail, pass } from '../../core/check.ts';
import { counterChanges } from '../../facts/network/counter-changes.ts';
import { spaces } from '../../facts/network/spaces.ts';
import { queues } from '../../facts/sockets/queues.ts';
import { pods } from '../../facts/workloads/pods.ts';
import { spanText } from '../../lib/span-text.ts';
import { countOf } from './count-of.ts';
import { fewestIn } from './fewest-in.ts';
import { spacesText } from './spaces-text.ts';
import { synOverflowOf } from './syn-overflow.ts';
import { synProblem } from './syn-problem.ts';

/** Facts D: half-open connections (SYN received, handshake not ended) have a queue of their own, as long as the backlog of listen(). */
export const synQueue = check({
  id: 'sockets/syn-queue',
  title: 'No queue of half-open connections overflows',
  severity: 'warning',
  per: 'node',
  docs: {
    why:
      'Half-open connections wait in the SYN queue of their listening socket. It is full with as many as the backlog of listen(); then the kernel ' +
      'answers with SYN cookies, or drops the SYN where net.ipv4.tcp_syncookies is 0. net.ipv4.tcp_max_syn_backlog counts only where it is 0 ' +
      '(measured on 6.18): with cookies on, raising it changes nothing. A lasting flood looks the same as many slow clients.',
    links: [
      'https://www.kernel.org/doc/html/latest/networking/ip-sysctl.html',
      'https://www.kernel.org/doc/html/latest/networking/snmp_counter.html',
    ],
  },
  needs: { counterChanges, spaces },
  wants: { queues, pods },
  judge: (facts, maybe) => {
    const { counterChanges: changes } = facts;
    if (!changes.names.has('TcpExt.ListenDrops'))
      return cannotTell(counterChanges, 'this kernel does not count dropped SYNs (ListenDrops)');
    const fewest = fewestIn(changes.seconds);
    const found = changes.spaces.flatMap((s) => {
      const overflow = synOverflowOf(s, maybe.queues.ok ? maybe.queues.value : null, fewest);
      return overflow ? [{ overflow, changes: s }] : [];
    });
    const [head, ...tail] = found.map((f) =>
      synProblem({
        ...f,
        seconds: changes.seconds,
        space: facts.spaces.find((x) => x.id === f.changes.space),
        queues: maybe.queues,
        pods: maybe.pods,
      }),
    );
    if (head) return fail(head, ...tail);
    const some = changes.spaces.some((s) => countOf(s, 'TcpExt.ListenDrops') > countOf(s, 'TcpExt.ListenOverflows'));
    if (some && !maybe.queues.ok)
      return cannotTell(queues, `SYNs were dropped, and for which queue could not be read: ${maybe.queues.gap.detail}`);
    return pass(
      `in ${spanText(changes.seconds)} no SYN queue of ${spacesText(changes.spaces.length)} dropped a SYN or needed ${fewest} cookies`,
    );
  },
});
