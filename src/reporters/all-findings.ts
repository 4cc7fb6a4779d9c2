import stringWidth from 'string-width';
import { type Finding, isSuppressed } from '../core/finding.ts';
import { printable } from '../lib/printable.ts';
import type { Canvas } from './canvas.ts';
import { list } from './list.ts';
import type { Style } from './paint.ts';
import { styleOf } from './style-of.ts';

const word = (f: Finding): string => (isSuppressed(f) ? 'suppressed' : f.status === 'fail' ? f.severity : f.status);

const said = (f: Finding): string =>
  isSuppressed(f) ? `${f.severity}, suppressed (${f.suppressed.reason}): ${f.message}` : f.message;

const sign = (f: Finding, c: Canvas): string => {
  if (isSuppressed(f)) return c.signs.skipped;
  switch (f.status) {
    case 'pass':
      return c.signs.pass;
    case 'fail':
      return c.signs[f.severity];
    case 'unknown':
      return c.signs.unknown;
    case 'error':
      return c.signs.broken;
    case 'not-applicable':
    case 'skipped':
      return c.signs.skipped;
  }
};

const style = (f: Finding): Style => {
  if (isSuppressed(f)) return 'dim';
  switch (f.status) {
    case 'pass':
      return 'green';
    case 'fail':
      return styleOf(f.severity);
    case 'unknown':
    case 'error':
      return 'yellow';
    case 'not-applicable':
    case 'skipped':
      return 'dim';
  }
};

const widest = (words: readonly string[], most: number): number =>
  Math.min(most, Math.max(0, ...words.map((w) => stringWidth(w))));

/** Every finding in a row: status, check, what it says. */
export const allFindings = (findings: readonly Finding[], c: Canvas): readonly string[] => {
  const rows = findings.map((f) => ({ f, state: `${sign(f, c)} ${word(f)}`, check: printable(f.check) }));
  const columns = [
    widest(
      rows.map((r) => r.state),
      20,
    ),
    widest(
      rows.map((r) => r.check),
      Math.floor(c.width / 3),
    ),
  ];
  return list(
    rows.map((r) => [c.paint(style(r.f), r.state), r.check, printable(said(r.f))]),
    columns,
    c.width - 2,
  ).map((line) => `  ${line}`.trimEnd());
};
