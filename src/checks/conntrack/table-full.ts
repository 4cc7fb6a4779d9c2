import { check, fail, notApplicable, type Problem, pass } from '../../core/check.ts';
import { conntrackChanges } from '../../facts/conntrack/changes.ts';
import { conntrackCounters } from '../../facts/conntrack/counters.ts';
import { conntrackLimits } from '../../facts/conntrack/limits.ts';
import { spaces } from '../../facts/network/spaces.ts';
import { pods } from '../../facts/workloads/pods.ts';
import { spanText } from '../../lib/span-text.ts';
import { spaceText } from '../space-text.ts';
import { fullness, fullnessSeverity } from './fullness.ts';
import { tableRemedy } from './table-remedy.ts';

/** Facts B.2: the limit is one number for the kernel, and each network namespace's own count is held against it. */
export const tableFull = check({
  id: 'conntrack/table-full',
  title: 'The connection tracking table has room',
  severity: 'error',
  per: 'node',
  docs: {
    why:
      'When the table of tracked connections of a network namespace is full, the first packet of every new connection is dropped: those that are there go on, ' +
      'new ones time out, and a local sendto gets "Operation not permitted". The kernel logs "nf_conntrack: table full, dropping packet".',
    links: ['https://docs.kernel.org/networking/nf_conntrack-sysctl.html'],
  },
  needs: { conntrackLimits, conntrackCounters, conntrackChanges },
  wants: { conntrackChanges, spaces, pods },
  judge: (facts, maybe) => {
    const limits = facts.conntrackLimits;
    if (limits === null) return notApplicable('this kernel tracks no connections (nf_conntrack is not loaded)');
    const changes = maybe.conntrackChanges.ok ? maybe.conntrackChanges.value : null;
    const now = facts.conntrackCounters;
    const found = now.spaces.map((s) => fullness(s, changes, limits.max)).filter((f) => fullnessSeverity(f) !== null);
    const owner = (id: string) =>
      now.hostOnly
        ? 'the node'
        : spaceText(maybe.spaces.ok ? maybe.spaces.value.find((s) => s.id === id) : undefined, maybe.pods);
    const problems = found.map((f): Problem => {
      const severity = fullnessSeverity(f) ?? 'info';
      const where = owner(f.space);
      const lost = [
        ...(f.dropped > 0 ? [`${f.dropped} packets of new connections were dropped`] : []),
        ...(f.earlyDropped > 0 ? [`${f.earlyDropped} entries were thrown out early to make room`] : []),
      ];
      const why =
        severity === 'info' && f.dropped > 0
          ? ' (the table had room when it was looked at: a burst that is over, or packets that a protocol does not allow)'
          : '';
      const within =
        changes && lost.length > 0 ? `, and within ${spanText(changes.seconds)} ${lost.join(', ')}${why}` : '';
      const earlier =
        f.since > 0
          ? `: it was full before (early_drop is ${f.since} since this network namespace was made), and that number stood still in the window`
          : '';
      const what = within || earlier ? '' : ': when it is full, packets of new connections are dropped';
      return {
        id: earlier ? 'seen-earlier' : within ? 'full' : 'nearly-full',
        severity,
        message: `The connection tracking table of ${where} holds ${f.entries} of ${limits.max} entries${within}${earlier}${what}.`,
        data: { where, max: limits.max, buckets: limits.buckets, ...f },
        evidence: [
          { source: now.source, text: `entries=${f.entries} drop=${f.dropTotal} early_drop=${f.earlyDropTotal}` },
          { source: 'cat /proc/sys/net/netfilter/nf_conntrack_max', text: String(limits.max) },
        ],
        fix: tableRemedy(limits, f.entries, earlier !== ''),
      };
    });
    const [first, ...more] = problems;
    if (first) return fail(first, ...more);
    const { seconds } = facts.conntrackChanges;
    const most = Math.max(0, ...now.spaces.map((s) => s.entries));
    return pass(
      `${now.hostOnly ? "the node's own table holds" : `the fullest of ${now.spaces.length} network namespaces holds`} ${most} of ${limits.max || 'unlimited'} entries, and none was refused within ${spanText(seconds)}${now.hostOnly ? ' (of pods this kernel says nothing)' : ''}`,
    );
  },
});
