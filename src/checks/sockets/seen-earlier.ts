import type { Problem } from '../../core/check.ts';
import type { Reading } from '../../core/gap.ts';
import type { CounterChanges } from '../../facts/network/counter-changes.ts';
import type { Counters } from '../../facts/network/counters.ts';
import type { Space } from '../../facts/network/spaces.ts';
import type { Pod } from '../../facts/workloads/pods.ts';
import { spanText } from '../../lib/span-text.ts';
import { countOf } from './count-of.ts';
import { networkText } from './network-text.ts';

interface Earlier {
  readonly counters: Counters;
  readonly changes: CounterChanges;
  readonly spaces: readonly Space[];
  readonly pods: Reading<readonly Pod[]>;
}

/** A note on counters that are high and stand still; null where none is. `atLeast`: what is no daily routine. */
export const seenEarlier = (
  facts: Earlier,
  what: { readonly names: readonly string[]; readonly atLeast: number; readonly file: string; readonly thing: string },
): Problem | null => {
  // one that is new has counted within the window
  const old = new Set(facts.changes.spaces.map((s) => s.space));
  const high = facts.counters.spaces
    .filter((s) => old.has(s.space))
    .map((s) => ({ space: s.space, count: countOf(s, ...what.names) }))
    .filter((s) => s.count >= what.atLeast)
    .sort((a, b) => b.count - a.count);
  const [first] = high;
  if (!first) return null;
  const texts = high.slice(0, 3).map(({ space, count }) => {
    const at = facts.spaces.find((s) => s.id === space);
    return `${count} in ${networkText(at, facts.pods)}`;
  });
  const more = high.length > 3 ? ` and in ${high.length - 3} more` : '';
  const pid = facts.spaces.find((s) => s.id === first.space)?.pid ?? '<pid>';
  return {
    id: 'seen-earlier',
    severity: 'info',
    message: `${what.thing}: ${texts.join(', ')}${more}, since each was made (the node's: since it booted). In the ${spanText(facts.changes.seconds)} of this run there were none, or too few to tell.`,
    data: { counters: what.names, spaces: high.slice(0, 20) },
    evidence: [{ source: `/proc/${pid}/net/${what.file}`, text: `${what.names.join(' + ')} = ${first.count}` }],
    fix: {
      say: 'To see when it happens: save a bundle now (--save FILE), and give it to a later run (--since FILE), which judges what was counted in between.',
      risk: 'none',
    },
  };
};
