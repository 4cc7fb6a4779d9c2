import type { Finding } from '../core/finding.ts';
import { type Target, targetText } from '../core/target.ts';
import { printable } from '../lib/printable.ts';
import { allFindings } from './all-findings.ts';
import type { Canvas } from './canvas.ts';

/** With -v all findings, target by target. */
export const listed = (
  targets: readonly Target[],
  findingsOf: (target: Target) => readonly Finding[],
  c: Canvas,
): readonly string[] =>
  c.verbose
    ? targets.flatMap((t) => ['', c.paint('bold', printable(targetText(t))), ...allFindings(findingsOf(t), c)])
    : [];
