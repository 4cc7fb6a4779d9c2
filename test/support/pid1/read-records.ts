import { onNode } from '../cluster.ts';
import { recordsOnNode } from './manifest.ts';

/** A line that a witness wrote. */
export interface Entry {
  readonly atMs: number;
  /** In its own PID namespace. */
  readonly pid: number;
  /** "start" ("bare", of a program that would not notice a signal), "SIGTERM", …, "end". */
  readonly what: string;
}

/** What was recorded on a node so far, by file. */
export const readRecords = async (
  node: string,
  directory: string = recordsOnNode,
): Promise<ReadonlyMap<string, readonly Entry[]>> => {
  const text = await onNode(node, ['sh', '-c', 'cd "$1" 2>/dev/null && grep -H "" -- * || true', 'sh', directory]);
  const records = new Map<string, Entry[]>();
  for (const [, name = '', at, pid, what = ''] of text.matchAll(/^([a-z0-9-]+):(\d+) (\d+) (\w+)$/gm))
    records.set(name, [...(records.get(name) ?? []), { atMs: Number(at), pid: Number(pid), what }]);
  return records;
};
