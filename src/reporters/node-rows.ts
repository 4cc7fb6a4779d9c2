import type { Finding } from '../core/finding.ts';
import type { NodeSummary } from '../core/report.ts';
import { printable } from '../lib/printable.ts';
import type { Canvas } from './canvas.ts';
import { result } from './result.ts';
import { rows } from './rows.ts';

/** All nodes as kubectl lists them: name, kernel, kube-proxy's mode, and what its findings come to. */
export const nodeRows = (
  nodes: readonly NodeSummary[],
  findingsOf: (node: NodeSummary) => readonly Finding[],
  c: Canvas,
): readonly string[] =>
  rows(
    ['NODE', 'KERNEL', 'KUBE-PROXY', 'RESULT'],
    nodes.map((t) => [
      printable(t.name),
      printable(t.kernel ?? '-'),
      printable(t.kubeProxyMode ?? '-'),
      result(findingsOf(t), t.unread === null, c),
    ]),
    [1 / 4, 1 / 4, 1 / 4],
    c,
  );
