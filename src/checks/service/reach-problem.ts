import type { Evidence, Problem, Remedy } from '../../core/check.ts';
import type { Reachability } from '../../facts/services/reachability.ts';
import { reachRowText } from './reach-row-text.ts';
import type { NamedRow } from './reach-table.ts';

const quoted = (rows: readonly NamedRow[]): string => rows.map((n) => reachRowText(n.row, n.target)).join('\n');

/**
 * Makes the problem of a pattern: its own rows first in the table, then what is told apart by, in `data` all of them.
 * `first` are the rows that show the fault.
 */
export const reachProblem = (
  found: Reachability,
  all: readonly NamedRow[],
  about: { readonly id: string; readonly message: string; readonly first: readonly NamedRow[]; readonly fix: Remedy },
): Problem => {
  const pods = all.filter((n) => n.row.kind === 'pod' && n.open);
  const rest = all.filter((n) => !about.first.includes(n) && !pods.includes(n));
  const shown = [...about.first, ...rest.filter((n) => !n.open), ...rest.filter((n) => n.open), ...pods];
  const part = (protocol: 'TCP' | 'UDP', source: string): Evidence[] => {
    const rows = shown.filter((n) => n.row.protocol === protocol);
    return rows.length > 0 ? [{ source, text: quoted(rows) }] : [];
  };
  const [evidence, ...others] = [
    ...part('TCP', found.by.tcp),
    ...part('UDP', found.by.udp),
    ...about.first
      .filter((n) => n.row.route !== '')
      .slice(0, 2)
      .map((n) => ({ source: `ip route get ${n.row.address}`, text: n.row.route })),
  ];
  return {
    id: about.id,
    severity: 'critical',
    message: about.message,
    data: {
      rows: all.map(({ row, target }) => ({
        kind: row.kind,
        target: target?.pod ?? target?.service ?? null,
        node: target?.node ?? null,
        address: row.address,
        port: row.port,
        protocol: row.protocol,
        result: row.result,
        tries: row.tries,
        ms: row.ms,
        error: row.error,
      })),
    },
    evidence: [evidence ?? { source: found.by.tcp, text: quoted(about.first) }, ...others],
    fix: about.fix,
  };
};
