import stringWidth from 'string-width';
import type { Finding } from '../core/finding.ts';
import type { TargetSummary } from '../core/report.ts';
import { printable } from '../lib/printable.ts';
import type { Canvas } from './canvas.ts';
import { list } from './list.ts';
import { verdict } from './verdict.ts';

const widest = (cells: readonly string[], most: number): number =>
  Math.min(most, Math.max(1, ...cells.map((cell) => stringWidth(cell))));

/** All nodes as kubectl lists them: name, kernel, kube-proxy's mode, and what its findings come to. */
export const nodeRows = (
  targets: readonly TargetSummary[],
  findingsOf: (target: TargetSummary) => readonly Finding[],
  c: Canvas,
): readonly string[] => {
  const none = '-';
  const rows = targets.map((t) => {
    const findings = findingsOf(t);
    const { style, sign, text } = verdict(findings, t.unread === null ? 0 : 1, c);
    const failed = findings.some((f) => f.status === 'fail');
    const result = t.unread === null || failed || findings.length === 0 ? text : 'not read';
    return [
      printable(t.name),
      printable(t.kernel ?? none),
      printable(t.kubeProxyMode ?? none),
      `${c.paint(style, sign)} ${result}${t.unread !== null && findings.length > 0 ? ', only the API was asked' : ''}`,
    ] as const;
  });
  const all = [['NODE', 'KERNEL', 'KUBE-PROXY', 'RESULT'] as const, ...rows];
  const columns = ([0, 1, 2] as const).map((i) =>
    widest(
      all.map((row) => row[i]),
      Math.floor(c.width / 4),
    ),
  );
  return list(all, columns, c.width);
};
