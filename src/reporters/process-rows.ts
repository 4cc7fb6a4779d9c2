import type { ProcessNode } from '../core/report.ts';
import type { Symbols } from './symbols.ts';

/** A process where it stands in the tree. */
export interface ProcessRow {
  readonly node: ProcessNode;
  /** What stands before it, and before further lines about it. */
  readonly branch: string;
  readonly under: string;
  /** How many siblings are just like it. */
  readonly times: number;
}

/** Siblings without children that fare alike are one row: the workers of a server. */
const alike = (siblings: readonly ProcessNode[]): readonly { readonly node: ProcessNode; readonly times: number }[] => {
  const groups = new Map<string, { readonly node: ProcessNode; times: number }>();
  for (const [i, node] of siblings.entries()) {
    const key =
      node.children.length > 0 ? `${i}` : JSON.stringify([node.command, node.signalFrom, node.fate, node.state]);
    const group = groups.get(key);
    if (group) group.times += 1;
    else groups.set(key, { node, times: 1 });
  }
  return [...groups.values()];
};

const blank = '   ';

/** The processes from the top down, at most `mostRows` of them and no deeper than `mostDepth`; `left` counts the others. No recursion: a hostile tree is deep. */
export const processRows = (
  roots: readonly ProcessNode[],
  mostRows: number,
  mostDepth: number,
  signs: Symbols,
): { readonly rows: readonly ProcessRow[]; readonly left: number } => {
  const rows: ProcessRow[] = [];
  let left = 0;
  const stack: { readonly row: ProcessRow; readonly depth: number }[] = [];
  const push = (siblings: readonly ProcessNode[], trunk: string, depth: number): void => {
    const groups = alike(siblings);
    const last = groups.length - 1;
    for (const [i, { node, times }] of [...groups.entries()].toReversed()) {
      const branch = depth === 0 ? '' : trunk + (i === last ? signs.lastChild : signs.child);
      const under = depth === 0 ? '' : trunk + (i === last ? blank : signs.trunk);
      stack.push({ row: { node, branch, under, times }, depth });
    }
  };
  push(roots, '', 0);
  for (let next = stack.pop(); next; next = stack.pop()) {
    const { row, depth } = next;
    const hidden = depth > mostDepth || rows.length >= mostRows;
    if (hidden) left += row.times;
    else rows.push(row);
    if (row.node.children.length > 0) push(row.node.children, hidden ? '' : row.under, depth + 1);
  }
  return { rows, left };
};
