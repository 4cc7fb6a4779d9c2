import type { Failed, Finding } from '../core/finding.ts';
import { printable } from '../lib/printable.ts';
import type { Canvas } from './canvas.ts';
import { inOrder } from './in-order.ts';
import { onNames } from './on-names.ts';
import { problem } from './problem.ts';
import type { SameOn } from './same-on.ts';
import { styleOf } from './style-of.ts';
import { together } from './together.ts';
import type { Where } from './where.ts';

const mostBriefly = 12;

/** Problems of a check that was told in full often enough: what is on what. */
const briefly = (groups: readonly SameOn<Failed>[], first: Failed, c: Canvas): readonly string[] => {
  const shown = c.verbose ? groups : groups.slice(0, mostBriefly);
  const rest = groups.length - shown.length;
  const sign = c.paint(styleOf(first.severity), `${c.signs[first.severity]} ${first.severity}`);
  return [
    '',
    `${sign}  ${c.paint('bold', printable(first.check))}, ${groups.length} more (in full with -v)`,
    ...shown.flatMap(({ one, on }) => c.text('  ', `${on.length > 0 ? `${onNames(on, false)}: ` : ''}${one.message}`)),
    ...(rest > 0 ? [`  ${c.signs.more} ${rest} more`] : []),
  ];
};

/**
 * Tells problems, the gravest first, a blank line before each; remembers what it told. The same problem on several targets is told once, and
 * so is a fix that several share. Of one check it tells `most` in full (all with -v), and the others briefly.
 */
export const problems = (
  where: Where,
  c: Canvas,
  most: (f: Failed) => number = () => Number.POSITIVE_INFINITY,
): ((findings: readonly Finding[]) => readonly string[]) => {
  const fixes = new Map<string, string>();
  const told = new Map<string, number>();
  const kindOf = (f: Failed): string => `${f.severity} ${f.check}`;
  const inFull = ({ one, on }: SameOn<Failed>): readonly string[] => {
    const key = JSON.stringify(one.fix);
    const before = one.fix ? (fixes.get(key) ?? null) : null;
    if (one.fix && before === null) fixes.set(key, one.check);
    return ['', ...problem(one, on, before, c)];
  };
  return (findings) => {
    const brief = new Map<string, SameOn<Failed>[]>();
    const blocks: (() => readonly string[])[] = [];
    for (const group of together(inOrder(findings), where)) {
      const kind = kindOf(group.one);
      const n = (told.get(kind) ?? 0) + 1;
      told.set(kind, n);
      const others = brief.get(kind);
      if (c.verbose || n <= most(group.one)) blocks.push(() => inFull(group));
      else if (others) others.push(group);
      else {
        const list = [group];
        brief.set(kind, list);
        blocks.push(() => briefly(list, group.one, c));
      }
    }
    return blocks.flatMap((lines) => lines());
  };
};
