import { type Finding, isProblem } from '../core/finding.ts';
import type { ManifestSummary } from '../core/report.ts';
import { printable } from '../lib/printable.ts';
import type { Canvas } from './canvas.ts';
import { result } from './result.ts';
import { rows } from './rows.ts';

/** The files in which something was found or could not be judged, and what their findings come to; nothing where the report is about one file. */
export const fileRows = (
  manifests: readonly ManifestSummary[],
  findingsOf: (manifest: ManifestSummary) => readonly Finding[],
  c: Canvas,
): readonly string[] => {
  const files = Map.groupBy(manifests, (m) => m.file);
  const cells = [...files].flatMap(([file, all]) => {
    const findings = all.flatMap(findingsOf);
    const good = findings.every((f) => !isProblem(f) && f.status !== 'unknown' && f.status !== 'error');
    return good && !c.verbose ? [] : [[printable(file), String(all.length), result(findings, true, c)]];
  });
  return files.size > 1 && cells.length > 0 ? rows(['FILE', 'MANIFESTS', 'RESULT'], cells, [2 / 5, 1 / 6], c) : [];
};
