import { check, fail, notApplicable, type Problem, pass } from '../../core/check.ts';
import { conntrackChanges } from '../../facts/conntrack/changes.ts';
import { conntrackLimits } from '../../facts/conntrack/limits.ts';
import { kernelRelease } from '../../facts/kernel/release.ts';
import { spaces } from '../../facts/network/spaces.ts';
import { pods } from '../../facts/workloads/pods.ts';
import { spanText } from '../../lib/span-text.ts';
import { spaceText } from '../space-text.ts';
import { lostToClashes } from './lost-to-clashes.ts';

/** Facts B.3: two packets of one flow race to be the first (the two lookups of a resolver, most often), or SNAT finds no free port. */
export const insertFailed = check({
  id: 'conntrack/insert-failed',
  title: 'No packet is lost to clashes in connection tracking',
  severity: 'warning',
  per: 'node',
  docs: {
    why:
      'When two packets make the same entry at the same time, one of them loses: a resolver that sends its A and AAAA queries from one socket waits five seconds for ' +
      'the answer that never comes. Linux resolves most of these clashes since 5.0; what is left is SNAT that finds no free port for a destination.',
    links: ['https://github.com/kubernetes/kubernetes/issues/56903'],
  },
  causes: ['conntrack/table-full', 'ports/exhaustion'],
  needs: { conntrackLimits, conntrackChanges, kernelRelease },
  wants: { spaces, pods },
  judge: (facts, maybe) => {
    if (facts.conntrackLimits === null)
      return notApplicable('this kernel tracks no connections (nf_conntrack is not loaded)');
    const { spaces: counted, seconds, source, hostOnly } = facts.conntrackChanges;
    const lossy = counted.filter((s) => lostToClashes(s) > 0);
    const problems = lossy.map((s): Problem => {
      const kernel = facts.kernelRelease;
      const major = /^(\d+)\./.exec(kernel)?.[1];
      // what a vendor has put into an older kernel is not known
      const fixed = major !== undefined && Number(major) >= 5;
      const where = hostOnly
        ? 'the node'
        : spaceText(maybe.spaces.ok ? maybe.spaces.value.find((x) => x.id === s.space) : undefined, maybe.pods);
      const lost = lostToClashes(s);
      const resolved =
        s.clashResolved === null
          ? ' (this kernel does not count clashes that it resolved, which are among them)'
          : ` (${s.clashResolved} clashes were resolved)`;
      return {
        id: fixed ? 'clash' : 'clash-old-kernel',
        severity: fixed ? 'info' : 'warning',
        message: `In ${where} ${lost} packets could not be put into the connection tracking table within ${spanText(seconds)}, and were dropped: another entry had the same addresses and ports${resolved}. ${
          fixed
            ? `Linux ${kernel} resolves races of DNS queries (since 5.0), so this is most likely SNAT without a free port, or such a race with NAT.`
            : `Linux ${kernel} is below 5.0, which resolves races of DNS queries (a vendor may have put that into its kernel): lookups that take 5 s are what one sees of it.`
        }`,
        data: { where, lost, ...s, seconds, kernel, gate: '5.0' },
        evidence: [
          {
            source: `${source}, ${spanText(seconds)} apart`,
            text: `insert_failed +${s.insertFailed} clashres ${s.clashResolved === null ? 'not counted' : `+${s.clashResolved}`} drop +${s.drop}`,
          },
        ],
        fix: {
          say: fixed
            ? 'Look whether the source ports of SNAT are used up for one destination: more source addresses, fewer short connections to it. For DNS a cache on the node (NodeLocal DNSCache) asks without NAT.'
            : 'Use a cache on the node that asks without connection tracking (NodeLocal DNSCache), or in the pods `options single-request-reopen` (glibc only) in resolv.conf; a kernel from 5.0 on mends the race itself.',
          risk: 'none',
        },
      };
    });
    const [first, ...more] = problems;
    if (first) return fail(first, ...more);
    return pass(
      `no packet was lost to a clash in ${hostOnly ? "the node's own network namespace (of pods this kernel says nothing)" : `${counted.length} network namespaces`} within ${spanText(seconds)}`,
    );
  },
});
