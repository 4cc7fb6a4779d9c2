import { type Finding, isProblem } from '../core/finding.ts';
import type { PodSummary } from '../core/report.ts';
import type { Canvas } from './canvas.ts';
import { processTree } from './process-tree.ts';
import { timeline } from './timeline.ts';

const mostTrees = 8;

const asked = (f: Finding): boolean =>
  f.check.startsWith('shutdown/') && (isProblem(f) || f.status === 'unknown' || f.status === 'error');

/** How a pod ends: the processes of its containers where something is wrong with its shutdown (or with -v), and the timeline. Blocks of lines. */
export const podEnd = (pod: PodSummary, findings: readonly Finding[], c: Canvas): readonly (readonly string[])[] => {
  const signalOf = (name: string): string =>
    pod.termination?.containers.find((e) => e.name === name)?.stopSignal ?? 'the stop signal';
  const rank = (name: string): number =>
    ['no', 'unsure', 'yes'].indexOf(pod.termination?.containers.find((e) => e.name === name)?.reacts ?? 'unsure');
  const trees = c.verbose || findings.some(asked) ? pod.processes : [];
  const first = trees.toSorted((a, b) => rank(a.name) - rank(b.name)).slice(0, c.verbose ? trees.length : mostTrees);
  const shown = trees.filter((t) => first.includes(t));
  const rest = trees.length - shown.length;
  return [
    ...shown.map((tree) => processTree(tree, signalOf(tree.name), c)),
    ...(rest > 0 ? [c.text('', `${c.signs.more} the processes of ${rest} more containers (-v)`)] : []),
    ...(pod.termination === null ? [] : [timeline(pod.termination, pod.processes, c)]),
  ];
};
