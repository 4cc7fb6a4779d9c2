import { cannotTell, check, fail, pass } from '../../core/check.ts';
import { socketMemory } from '../../facts/kernel/socket-memory.ts';
import { counterChanges } from '../../facts/network/counter-changes.ts';
import { spaces } from '../../facts/network/spaces.ts';
import { queues } from '../../facts/sockets/queues.ts';
import { pods } from '../../facts/workloads/pods.ts';
import { spanText } from '../../lib/span-text.ts';
import { countOf } from './count-of.ts';
import { discardProblem } from './discard-problem.ts';
import { tcpMemoryProblem } from './tcp-memory-problem.ts';

/** Facts C: tcp_mem is a limit of the whole machine; what single sockets throw away is counted for each network namespace. */
export const tcpMemory = check({
  id: 'sockets/tcp-memory',
  title: 'TCP has the memory that it needs',
  severity: 'warning',
  per: 'node',
  docs: {
    why:
      'All TCP sockets of a machine share the memory of net.ipv4.tcp_mem (in pages, not bytes): above its second number every socket gets smaller buffers, ' +
      'at the third connections are reset, and one program that does not read can take it all. A single socket without room throws away what arrives ' +
      '(RcvPruned, TCPRcvQDrop, TCPBacklogDrop, TCPZeroWindowDrop). PruneCalled alone is routine under load and not told; nor are fewer than 10 segments.',
    links: [
      'https://www.kernel.org/doc/html/latest/networking/ip-sysctl.html',
      'https://www.kernel.org/doc/html/latest/networking/snmp_counter.html',
    ],
  },
  needs: { counterChanges, spaces, socketMemory },
  wants: { queues, pods },
  judge: (facts, maybe) => {
    const { counterChanges: changes, socketMemory: memory } = facts;
    const [own] = changes.spaces;
    if (!own || !changes.names.has('sockstat.TCP.mem') || !changes.names.has('TcpExt.TCPBacklogDrop'))
      return cannotTell(counterChanges, 'this kernel does not tell the memory of TCP (sockstat, TCPBacklogDrop)');
    const used = countOf(own, 'sockstat.TCP.mem');
    const discards = changes.spaces.map((s) => {
      const space = facts.spaces.find((x) => x.id === s.space);
      return discardProblem({ changes: s, seconds: changes.seconds, space, queues: maybe.queues, pods: maybe.pods });
    });
    const [head, ...tail] = [tcpMemoryProblem(used, memory), ...discards].filter((p) => p !== null);
    if (head) return fail(head, ...tail);
    const limit = memory.tcpPages
      ? `of ${memory.tcpPages[1]} pages before there is pressure`
      : 'pages (the limit is of the machine that this node runs on as a container, and not shown here)';
    return pass(`TCP holds ${used} ${limit}; no socket threw segments away in ${spanText(changes.seconds)}`);
  },
});
