import { printable } from '../lib/printable.ts';
import type { Canvas } from './canvas.ts';
import { evidence } from './evidence.ts';
import type { Failed } from './failed.ts';
import { remedy } from './remedy.ts';
import { styleOf } from './style-of.ts';

/** One problem: how grave, which check, the cause, what was seen, how to mend it. `sameFixAs`: the check above that told this very fix. */
export const problem = (f: Failed, sameFixAs: string | null, c: Canvas): readonly string[] => [
  `${c.paint(styleOf(f.severity), `${c.signs[f.severity]} ${f.severity}`)}  ${c.paint('bold', printable(f.check))}`,
  ...c.text('  ', f.message),
  ...evidence(f.evidence, c),
  ...(f.fix === undefined ? [] : sameFixAs === null ? remedy(f.fix, c) : c.text('  fix: ', `as above (${sameFixAs})`)),
];
