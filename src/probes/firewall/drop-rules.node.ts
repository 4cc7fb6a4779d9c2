import { known, type Reading } from '../../core/gap.ts';
import { probe } from '../../core/probe.ts';
import { type DropRule, type DropRules, dropRules } from '../../facts/firewall/drop-rules.ts';
import type { FirewallRules, SeenDrop } from '../../parsers/firewall-rules.ts';
import { bothEnds } from '../both-ends.ts';
import { rulesOf } from './rules-of.ts';
import { firewallRules } from './rules-read.ts';

const keyOf = (d: SeenDrop): string =>
  [d.backend, d.family, d.table, d.chain, d.policy, d.backend === 'nft' ? d.handle : '', d.text].join('\t');

/** The same rule may stand in a chain twice: they count as one. */
const byKey = (drops: readonly SeenDrop[]): ReadonlyMap<string, SeenDrop> => {
  const out = new Map<string, SeenDrop>();
  for (const d of drops) {
    const before = out.get(keyOf(d));
    const packets = before?.packets == null || d.packets === null ? d.packets : before.packets + d.packets;
    out.set(keyOf(d), { ...d, packets });
  }
  return out;
};

/** A rule that was not there before began with 0, and so did one that was made anew: kube-proxy does that. */
const risenOf = (before: number | null, now: number | null): number | null => {
  if (now === null || before === null) return null;
  return now >= before ? now - before : now;
};

const changes = (before: FirewallRules, after: FirewallRules): readonly DropRule[] => {
  const old = byKey(before.drops);
  // where the first look did not tell all, a rule that it did not tell may have been there
  const unseen = before.cut || before.blind.length > 0 ? null : 0;
  return [...byKey(after.drops)].map(([key, d]) => {
    const was = old.get(key);
    return { ...d, risen: risenOf(was ? was.packets : unseen, d.packets) };
  });
};

/** The difference of two looks at the rules that drop. */
export const dropRulesNode = probe({
  yields: dropRules,
  via: 'node',
  reads: { rules: firewallRules },
  parse: ({ rules }): Reading<DropRules> => {
    const ends = bothEnds(rules, 'what was dropped within a time is not known');
    if (!ends.ok) return ends;
    const [before, after] = [rulesOf(ends.value.first), rulesOf(ends.value.last)];
    if (!before.ok) return before;
    if (!after.ok) return after;
    return known({
      seconds: ends.value.seconds,
      rules: changes(before.value, after.value),
      seen: after.value.seen,
      blind: [...new Set([...before.value.blind, ...after.value.blind])],
      cut: before.value.cut || after.value.cut,
      hints: after.value.hints,
    });
  },
});
