import type { Finding } from '../core/finding.ts';
import { printable } from '../lib/printable.ts';
import type { Canvas } from './canvas.ts';

/** What could not be judged and why, a line for each; never green. */
export const notJudged = (findings: readonly Finding[], c: Canvas): readonly string[] =>
  findings.flatMap((f) => {
    if (f.status !== 'unknown' && f.status !== 'error') return [];
    const sign = f.status === 'error' ? c.signs.broken : c.signs.unknown;
    const text =
      f.status === 'error'
        ? `${printable(f.check)} failed, an error in netdoctor itself: ${f.message}`
        : `${printable(f.check)} could not be judged: ${f.message}`;
    return c
      .text(`${sign} `, text)
      .map((line, i) => (i === 0 ? c.paint('yellow', sign) + line.slice(sign.length) : line));
  });
