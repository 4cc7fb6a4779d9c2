import { severities } from '../core/check.ts';
import type { ManifestSummary, Report } from '../core/report.ts';
import type { Target } from '../core/target.ts';
import { printable } from '../lib/printable.ts';
import { block } from './block.ts';
import { byTarget } from './by-target.ts';
import type { Canvas } from './canvas.ts';
import { fileRows } from './file-rows.ts';
import { listed } from './listed.ts';
import { notJudged } from './not-judged.ts';
import { place } from './place.ts';
import { problems } from './problems.ts';
import { summary } from './summary.ts';

/** Of a check that gives notes or warnings as many are told in full. */
const mostInFull = 2;

const fileOf = (t: Target): string => (t.kind === 'manifest' ? t.file : place(t));
const inFile = (t: Target): string => (t.kind === 'manifest' ? `${t.name} (line ${t.line})` : place(t));

const counted = (n: number, one: string): string => `${n} ${n === 1 ? one : `${one}s`}`;

/** Manifests: the problems file by file, a row for each file that has any, and the sum. Only the sum if all is well. */
export const manifestsScreen = (
  report: Report,
  manifests: readonly ManifestSummary[],
  c: Canvas,
): readonly string[] => {
  const { findings } = report;
  const findingsOf = byTarget(findings);
  const files = new Set(manifests.map((m) => m.file)).size;
  const tell = problems(inFile, c, (f) =>
    severities.indexOf(f.severity) >= severities.indexOf('error') ? Number.POSITIVE_INFINITY : mostInFull,
  );
  const perFile = [...Map.groupBy(findings, (f) => fileOf(f.target))].flatMap(([file, own]) => {
    const lines = tell(own);
    return lines.length === 0 ? [] : ['', c.paint('bold', printable(file)), ...lines.slice(1)];
  });
  const what = `${counted(manifests.length, 'manifest')}${files > 1 ? ` in ${files} files` : ''}`;
  return [
    ...perFile,
    ...listed(manifests, findingsOf, c),
    ...block(notJudged(findings, place, c)),
    ...block(fileRows(manifests, findingsOf, c)),
    ...block(summary(findings, [], c, what)),
  ].slice(1);
};
