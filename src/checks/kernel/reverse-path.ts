import { cannotTell, check, fail, pass } from '../../core/check.ts';
import { reversePathFilter } from '../../facts/kernel/reverse-path-filter.ts';
import { counterChanges } from '../../facts/network/counter-changes.ts';
import { counters } from '../../facts/network/counters.ts';
import { spaces } from '../../facts/network/spaces.ts';
import { pods } from '../../facts/workloads/pods.ts';
import { spanText } from '../../lib/span-text.ts';
import { spaceText } from '../space-text.ts';
import { reversePathRemedy } from './reverse-path-remedy.ts';

const name = 'TcpExt.IPReversePathFilter';
const source = (pid: number | undefined): string => `awk '/^TcpExt/' /proc/${pid ?? 'self'}/net/netstat`;

/** Facts J: the setting alone is no fault, since many distributions set it; what the kernel dropped for it in the window is. */
export const reversePath = check({
  id: 'kernel/reverse-path',
  title: 'The reverse path filter drops nothing',
  severity: 'error',
  per: 'node',
  docs: {
    why: 'With rp_filter=1 the kernel drops a packet whose answer would leave by another interface than it came in by, without a word. That hits nodes with several interfaces, tunnels and policy routing.',
    links: ['https://www.kernel.org/doc/html/latest/networking/ip-sysctl.html'],
  },
  needs: { counterChanges, counters, reversePathFilter, spaces },
  wants: { pods },
  judge: (facts, maybe) => {
    const strict = facts.reversePathFilter.interfaces.filter((i) => i.effective === 1).map((i) => i.name);
    const changes = facts.counterChanges;
    if (!changes.names.has(name)) return cannotTell(counterChanges, 'this kernel does not count what the filter drops');
    const spaceOf = (id: string) => facts.spaces.find((s) => s.id === id);
    const [first, ...more] = changes.spaces
      .map((s) => ({ dropped: s.values[name] ?? 0, space: spaceOf(s.space) }))
      .filter((s) => s.dropped > 0)
      .sort((a, b) => Number(b.space?.host === true) - Number(a.space?.host === true) || b.dropped - a.dropped)
      .map((s) => ({ ...s, where: spaceText(s.space, maybe.pods) }));
    if (first) {
      const all = [first, ...more];
      const onHost = first.space?.host === true;
      const by = onHost && strict.length > 0;
      return fail({
        id: by || !onHost ? 'drops' : 'no-route-back',
        severity: by || !onHost ? 'error' : 'warning',
        message: `The reverse path filter dropped packets within ${spanText(changes.seconds)}: ${all.map((s) => `${s.dropped} of ${s.where}`).join(', ')}. ${by ? `Strict (rp_filter=1): ${strict.slice(0, 8).join(', ')}${strict.length > 8 ? `, … (${strict.length})` : ''}. What comes in there from a source whose route leads out elsewhere is lost.` : onHost ? 'No interface of the node is strict, so the node has no route at all to where these packets came from.' : 'The settings of a pod are its own and were not read.'}`,
        data: {
          seconds: changes.seconds,
          dropped: all.map((s) => ({ where: s.where, packets: s.dropped })),
          strict: strict.slice(0, 50),
          all: facts.reversePathFilter.all,
        },
        evidence: [
          { source: source(first.space?.pid), text: `IPReversePathFilter +${first.dropped}` },
          ...(by ? [{ source: 'grep . /proc/sys/net/ipv4/conf/*/rp_filter', text: `${strict[0]}: 1` }] : []),
        ],
        fix: reversePathRemedy(by ? strict : [], onHost),
      });
    }
    if (strict.length === 0) return pass(`nothing was dropped within ${spanText(changes.seconds)}`);
    const boot = facts.counters.spaces.find((s) => spaceOf(s.space)?.host === true)?.values[name];
    if (boot === undefined || boot < 10) return pass(`nothing was dropped within ${spanText(changes.seconds)}`);
    return fail({
      id: 'seen-earlier',
      severity: 'info',
      message: `The node's reverse path filter dropped ${boot} packets since it booted, none of them within the last ${spanText(changes.seconds)}. Strict (rp_filter=1): ${strict.slice(0, 8).join(', ')}. These may have been strays that belong to nobody.`,
      data: { sinceBoot: boot, seconds: changes.seconds, strict: strict.slice(0, 50) },
      evidence: [{ source: source(undefined), text: `IPReversePathFilter ${boot}` }],
      fix: {
        say: 'To see whether it goes on, save a bundle with --save now, and compare with it later by --since.',
        risk: 'none',
      },
    });
  },
});
