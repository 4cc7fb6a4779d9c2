import type { ReachTarget } from '../../facts/services/reach-targets.ts';
import type { Reachability, ReachRow } from '../../facts/services/reachability.ts';

/** A row with what the API says of its address. */
export interface NamedRow {
  readonly row: ReachRow;
  readonly target: ReachTarget | null;
  /** Whether the way there is open: of a pod a refused connect says so as well, of a Service it says that it does not work. */
  readonly open: boolean;
}

/** The rows of one kind that were really tried. */
export interface ReachTable {
  readonly of: (...kinds: readonly ReachRow['kind'][]) => readonly NamedRow[];
  readonly all: readonly NamedRow[];
}

const isOpen = (r: ReachRow): boolean =>
  r.result === 'answers' || (r.result === 'refused' && (r.kind === 'pod' || r.kind === 'dns-pod'));

/** Puts names to the rows; those that could not be tried are left out. */
export const reachTable = (found: Reachability, targets: readonly ReachTarget[]): ReachTable => {
  const key = (ip: string, port: number, protocol: string) => `${ip} ${port} ${protocol}`;
  const byKey = new Map(targets.map((t) => [`${t.kind} ${key(t.ip, t.port, t.protocol)}`, t]));
  const all = found.rows
    .filter((r) => r.result !== 'untested')
    .map((row) => ({
      row,
      target: byKey.get(`${row.kind} ${key(row.address, row.port, row.protocol)}`) ?? null,
      open: isOpen(row),
    }));
  return { all, of: (...kinds) => all.filter((n) => kinds.includes(n.row.kind)) };
};
