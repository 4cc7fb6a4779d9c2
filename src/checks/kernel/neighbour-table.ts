import { check, fail, notApplicable, pass } from '../../core/check.ts';
import { neighbourChanges } from '../../facts/kernel/neighbour-changes.ts';
import { type NeighbourTable, neighbourTables } from '../../facts/kernel/neighbour-tables.ts';
import { spanText } from '../../lib/span-text.ts';
import { neighbourRemedy } from './neighbour-remedy.ts';

const fileOf = (t: NeighbourTable): string => `/proc/net/stat/${t.family === 'ipv4' ? 'arp' : 'ndisc'}_cache`;
const nameOf = (t: NeighbourTable): string => (t.family === 'ipv4' ? 'ARP' : 'ND (IPv6)');
const limitOf = (t: NeighbourTable): string => `gc_thresh3 of net.${t.family}.neigh.default is ${t.thresholds[2]}`;
const evidenceOf = (t: NeighbourTable, text: string) => [{ source: `cat ${fileOf(t)}`, text }] as const;

/**
 * Facts J: with gc_thresh3 neighbours the kernel makes no more, and packets to a new one are dropped. Since Linux 5.0 permanent entries do not count, but
 * /proc has one number for all; that the countable ones are many shows by forced clean-ups, which begin at gc_thresh2.
 */
export const neighbourTable = check({
  id: 'kernel/neighbour-table',
  title: 'The tables of neighbours (ARP, ND) have room',
  severity: 'warning',
  per: 'node',
  docs: {
    why: 'One table holds the neighbours of the node and of all its pods. When it is full, connections to peers that were not spoken to of late fail with "No buffer space available" or time out, in large clusters on one segment first.',
    links: ['https://man7.org/linux/man-pages/man7/arp.7.html'],
  },
  needs: { neighbourChanges, neighbourTables },
  wants: { neighbourChanges },
  judge: (facts, maybe) => {
    if (facts.neighbourTables.length === 0)
      return notApplicable(
        "the kernel shows this table in the machine's own network namespace only, and this node is in another",
      );
    const near = facts.neighbourTables.filter(
      (t) => t.entries >= 0.8 * t.thresholds[2] && (t.forcedGcRuns === null || t.forcedGcRuns > 0),
    );
    const [first] = near;
    // the state needs no window; overflows within one say more
    const full = maybe.neighbourChanges.ok
      ? maybe.neighbourChanges.value.tables.filter((t) => t.tableFulls !== null && t.tableFulls > 0)
      : [];
    const [worst] = full;
    if (worst) {
      const { seconds } = facts.neighbourChanges;
      return fail({
        id: 'full',
        severity: 'warning',
        message: `The ${full.map(nameOf).join(' and ')} table was full ${full.map((t) => t.tableFulls).join(' and ')} times within ${spanText(seconds)} (${full.map((t) => `${t.entries} entries, ${limitOf(t)}`).join('; ')}): packets to new neighbours, of the node or of any pod, were dropped.`,
        data: { seconds, tables: full },
        evidence: evidenceOf(worst, `table_fulls +${worst.tableFulls}, entries ${worst.entries}`),
        fix: neighbourRemedy(full),
      });
    }
    if (first)
      return fail({
        id: 'near-full',
        severity: 'warning',
        message: `The ${near.map(nameOf).join(' and ')} table is nearly full: ${near.map((t) => `${t.entries} entries, ${limitOf(t)}`).join('; ')}. When it is, packets to new neighbours are dropped.`,
        data: { tables: near },
        evidence: evidenceOf(first, `entries ${first.entries}, forced_gc_runs ${first.forcedGcRuns ?? 'not counted'}`),
        fix: neighbourRemedy(near),
      });
    const seen = facts.neighbourTables.filter((t) => t.tableFulls !== null && t.tableFulls > 0);
    const [earlier] = seen;
    const { seconds } = facts.neighbourChanges;
    if (earlier)
      return fail({
        id: 'seen-earlier',
        severity: 'info',
        message: `The ${seen.map(nameOf).join(' and ')} table was full ${seen.map((t) => t.tableFulls).join(' and ')} times since boot, not within the last ${spanText(seconds)} (${seen.map((t) => `${t.entries} entries, ${limitOf(t)}`).join('; ')}).`,
        data: { seconds, tables: seen },
        evidence: evidenceOf(earlier, `table_fulls ${earlier.tableFulls}`),
        fix: {
          say: 'To see whether it goes on, save a bundle with --save now, and compare with it later by --since.',
          risk: 'none',
        },
      });
    return pass(facts.neighbourTables.map((t) => `${nameOf(t)}: ${t.entries} of ${t.thresholds[2]}`).join(', '));
  },
});
