import { type Failed, type Finding, isProblem, isSuppressed } from '../core/finding.ts';
import type { Report, TargetSummary } from '../core/report.ts';
import type { Reporter } from '../core/reporter.ts';
import { type Target, targetText } from '../core/target.ts';
import { byTarget } from './by-target.ts';
import { type Canvas, canvas } from './canvas.ts';
import { clusterText } from './cluster-text.ts';
import { inOrder } from './in-order.ts';
import { markdownBlock } from './markdown-block.ts';
import { markdownCode } from './markdown-code.ts';
import { markdownProblem } from './markdown-problem.ts';
import { markdownText } from './markdown-text.ts';
import { pictured } from './pictured.ts';
import { place } from './place.ts';
import { podEnd } from './pod-end.ts';
import { summary } from './summary.ts';
import { together } from './together.ts';
import { verdict } from './verdict.ts';
import { when } from './when.ts';

const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;

/** Code in a cell; not where there is a pipe: what stands before one in code is read in two ways. */
const codeCell = (text: string): string => (text.includes('|') ? markdownText(text) : markdownCode(text));

const table = (head: readonly string[], rows: readonly (readonly string[])[]): readonly string[] =>
  rows.length === 0 ? [] : [row(head), row(head.map(() => '---')), ...rows.map(row), ''];

const section = (heading: string, lines: readonly string[]): readonly string[] =>
  lines.length === 0 ? [] : [`## ${heading}`, '', ...lines];

const list = (items: readonly string[]): readonly string[] =>
  items.length === 0 ? [] : [...items.map((item) => `- ${item}`), ''];

/** What is known of a target, in a few words. */
const known = (t: TargetSummary): string => {
  switch (t.kind) {
    case 'node':
      return [
        ...(t.kernel === null ? [] : [`kernel ${t.kernel}`]),
        ...(t.kubeProxyMode === null ? [] : [`kube-proxy ${t.kubeProxyMode}`]),
      ].join(', ');
    case 'pod':
      return [
        `${t.phase}, ${t.readyContainers.join('/')} containers ready`,
        ...(t.workload === null ? [] : [`of ${t.workload}`]),
        ...(t.node === null ? [] : [`on ${t.node}`]),
      ].join(', ');
    case 'manifest':
      return '';
  }
};

const resultOf = (t: TargetSummary, findings: readonly Finding[], c: Canvas): string => {
  const unread = t.kind === 'manifest' ? null : t.unread;
  const { sign, text } = verdict(findings, unread === null ? 0 : 1, c);
  const why = unread === null ? '' : `not read: ${markdownText(unread)}`;
  const said = why !== '' && findings.length === 0 ? [] : [markdownText(text)];
  return `${sign} ${[...said, ...(why === '' ? [] : [why])].join('; ')}`;
};

const problems = (failed: readonly Failed[], where: (t: Target) => string | null): readonly string[] => {
  const fixes = new Map<string, string>();
  return together(failed, where).flatMap(({ one, on }) => {
    const key = JSON.stringify(one.fix);
    const before = one.fix ? (fixes.get(key) ?? null) : null;
    if (one.fix && before === null) fixes.set(key, one.check);
    return markdownProblem(one, on, before);
  });
};

/** The port space of a node, and how a pod ends, where something is wrong with it. */
const picture = (t: TargetSummary, findings: readonly Finding[]): readonly string[] => {
  const c = canvas({ color: false, width: 100, unicode: true, verbose: false });
  const drawn = (): readonly string[] => {
    switch (t.kind) {
      case 'node':
        return pictured(t, findings, c);
      case 'pod':
        return findings.some((f) => isProblem(f) && f.check.startsWith('shutdown/'))
          ? podEnd(t, findings, c).flatMap((lines) => [...lines, ''])
          : [];
      case 'manifest':
        return [];
    }
  };
  const lines = drawn();
  return lines.length === 0 ? [] : [`${markdownCode(place(t))}:`, '', ...markdownBlock(lines.join('\n'), 'text')];
};

const blind = (f: Finding): string =>
  `${markdownCode(f.check)} on ${markdownCode(place(f.target))}${f.status === 'error' ? ' failed, an error in netdoctor itself' : ''}: ${markdownText(f.message)}`;

const page = (report: Report, verbose: boolean): readonly string[] => {
  const { findings, targets, broken = [] } = report;
  // lines are not wrapped: a reader of Markdown does that
  const c = canvas({ color: false, width: Number.MAX_SAFE_INTEGER, unicode: true, verbose: true });
  const findingsOf = byTarget(findings);
  const unread = targets.flatMap((t) =>
    t.kind !== 'manifest' && t.unread !== null && findingsOf(t).length === 0 ? [t] : [],
  );
  const [only] = targets;
  const where = (t: Target): string | null =>
    targets.length === 1 && only && place(only) === place(t) ? null : place(t);
  const heading = targets.length === 1 && only ? targetText(only) : `${targets.length} targets`;
  const cells = targets.map((t) => [codeCell(place(t)), resultOf(t, findingsOf(t), c), markdownText(known(t)) || '–']);
  const passed = findings.filter((f) => f.status !== 'fail' && f.status !== 'unknown' && f.status !== 'error');
  return [
    `# netdoctor: ${markdownText(heading)}`,
    '',
    `Cluster: ${markdownText(clusterText(report.context))}. Looked at ${markdownText(when(report))}.`,
    '',
    ...table(['target', 'result', 'what it is'], cells),
    ...section('Problems', problems(inOrder(findings), where)),
    ...section(
      'Pictures',
      targets.flatMap((t) => picture(t, findingsOf(t))),
    ),
    ...section('Could not be judged', [
      ...list(findings.filter((f) => f.status === 'unknown' || f.status === 'error').map(blind)),
    ]),
    ...section(
      'Could not be read',
      list([
        ...unread.map((t) => `${markdownCode(place(t))}: ${markdownText(t.unread ?? '')}`),
        ...broken.map(markdownText),
      ]),
    ),
    ...section(
      'Suppressed',
      list(
        findings
          .filter(isSuppressed)
          .map(
            (f) =>
              `${f.severity}: ${markdownCode(f.check)} on ${markdownCode(place(f.target))}: ${markdownText(f.message)} Suppressed: ${markdownText(f.suppressed.reason)}`,
          ),
      ),
    ),
    ...(verbose
      ? section(
          'The rest',
          table(
            ['status', 'check', 'on', 'what it says'],
            passed.map((f) => [f.status, codeCell(f.check), codeCell(place(f.target)), markdownText(f.message)]),
          ),
        )
      : []),
    `**${markdownText(summary(findings, unread, c).join(' '))}**`,
  ];
};

/** Markdown of GitHub's kind, for the summary of a CI step or an issue: all that the table says, with nothing cut. */
export const markdown: Reporter = {
  id: 'markdown',
  render: (report, { verbose }) => `${page(report, verbose).join('\n')}\n`,
};
