import { severities } from '../core/check.ts';
import { type Finding, isProblem } from '../core/finding.ts';
import type { PodSummary } from '../core/report.ts';
import { targetText } from '../core/target.ts';
import { printable } from '../lib/printable.ts';
import type { Canvas } from './canvas.ts';
import { podState } from './pod-state.ts';
import { result } from './result.ts';
import { rows } from './rows.ts';

const mostRows = 30;
const forNodes = 64;

/** Nothing in it that must be seen: all was read and judged, and there are notes at most. */
const quiet = (pod: PodSummary, findings: readonly Finding[]): boolean =>
  pod.unread === null &&
  findings.some((f) => f.status === 'pass') &&
  findings.every((f) =>
    isProblem(f)
      ? severities.indexOf(f.severity) <= severities.indexOf('info')
      : f.status !== 'unknown' && f.status !== 'error',
  );

/** Which rows are shown: all, or of more than one wants to read those that say something, and of the others as many as there is room for. */
const chosen = (
  pods: readonly PodSummary[],
  findingsOf: (pod: PodSummary) => readonly Finding[],
  c: Canvas,
): readonly PodSummary[] => {
  if (c.verbose || pods.length <= mostRows) return pods;
  const loud = pods.filter((p) => !quiet(p, findingsOf(p))).length;
  let room = Math.max(0, mostRows - loud);
  return pods.filter((p) => {
    if (!quiet(p, findingsOf(p))) return true;
    room -= 1;
    return room >= 0;
  });
};

/** "1/1", and what it is where it is not simply running and ready: of a pod whose containers are ready the condition may say otherwise. */
const readyText = (p: PodSummary): string => {
  const [ready, all] = p.readyContainers;
  const state = podState(p);
  const but = p.ready === false && ready === all ? ' not Ready' : '';
  return `${ready}/${all}${state === 'Running' ? but : ` ${state}`}`;
};

/** All pods as kubectl lists them: name, node, ready containers, and what its findings come to. */
export const podRows = (
  pods: readonly PodSummary[],
  findingsOf: (pod: PodSummary) => readonly Finding[],
  c: Canvas,
): readonly string[] => {
  const shown = chosen(pods, findingsOf, c);
  const rest = pods.length - shown.length;
  const wide = c.width >= forNodes;
  const cells = shown.map((p) => [
    printable(targetText(p)),
    ...(wide ? [printable(p.node ?? '-')] : []),
    printable(readyText(p)),
    result(findingsOf(p), p.unread === null, c),
  ]);
  const head = ['POD', ...(wide ? ['NODE'] : []), 'READY', 'RESULT'];
  return [
    ...(shown.length > 0 ? rows(head, cells, wide ? [2 / 5, 1 / 5, 1 / 6] : [1 / 4, 1 / 6], c) : []),
    ...(rest > 0 ? c.text('', `${c.signs.more} ${rest} more pods with notes at most (-v)`) : []),
  ];
};
