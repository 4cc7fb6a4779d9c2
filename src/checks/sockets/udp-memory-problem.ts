import type { Problem } from '../../core/check.ts';
import type { Reading } from '../../core/gap.ts';
import type { SocketMemory } from '../../facts/kernel/socket-memory.ts';
import type { SpaceCounters } from '../../facts/network/counters.ts';
import type { Space } from '../../facts/network/spaces.ts';
import type { Pod } from '../../facts/workloads/pods.ts';
import { spanText } from '../../lib/span-text.ts';
import { spaceText } from '../space-text.ts';
import { countOf } from './count-of.ts';
import { counterEvidence } from './counter-evidence.ts';

interface Refused {
  readonly changes: SpaceCounters;
  readonly seconds: number;
  readonly space: Space | undefined;
  readonly pods: Reading<readonly Pod[]>;
  readonly memory: Reading<SocketMemory>;
}

const file = '/etc/sysctl.d/99-z-netdoctor-udp-mem.conf';
const names = ['Udp.MemErrors', 'Udp6.MemErrors'];

/** Datagrams for which UDP as a whole had no memory: net.ipv4.udp_mem, of the whole machine (MemErrors, since 5.11). */
export const udpMemoryProblem = (r: Refused): Problem => {
  const count = countOf(r.changes, ...names);
  const used = countOf(r.changes, 'sockstat.UDP.mem');
  const limits = r.memory.ok ? r.memory.value.udpPages : null;
  const values = limits?.map((n) => n * 2).join(' ');
  const shown = limits ? ` (${limits.join(' ')} pages)` : '';
  return {
    id: 'memory',
    severity: 'warning',
    message: `${count} UDP datagrams for ${spaceText(r.space, r.pods)} were dropped in ${spanText(r.seconds)}, because all UDP sockets of the machine together hold ${used} pages, the most that net.ipv4.udp_mem allows${shown}: one that does not read takes the memory of all.`,
    data: { errors: count, seconds: r.seconds, usedPages: used, udpPages: limits },
    evidence: [counterEvidence(r.space, 'snmp', r.changes, names, r.seconds)],
    fix: {
      say: 'See which sockets hold it (ss -uanm: skmem, Recv-Q); if they are in order, raise the limits, on the machine itself where the node is a container.',
      ...(values === undefined
        ? {}
        : {
            now: [`sysctl -w net.ipv4.udp_mem="${values}"`],
            persist: { file, content: `net.ipv4.udp_mem = ${values}\n` },
          }),
      risk: 'none',
      covers: 'A program that does not read: it fills every limit.',
    },
  };
};
