import { type Row, rowChecks } from './row.ts';

/** A pod with the rows that are its containers. */
export interface RowPod {
  readonly name: string;
  readonly rows: readonly Row[];
}

/**
 * A pod for each row; or, `packed`, one for all rows that netdoctor must say the same of, since a VM takes ten seconds for a pod, and two for one
 * more container.
 */
export const podsOfRows = (rows: readonly Row[], packed: boolean): readonly RowPod[] => {
  if (!packed) return rows.map((row) => ({ name: row.name, rows: [row] }));
  const alike = Map.groupBy(rows, (row) => JSON.stringify([rowChecks.map((c) => row.verdicts[c]), row.spec]));
  return [...alike.values()].map((same, n) => ({ name: `pod-${n + 1}`, rows: same }));
};
