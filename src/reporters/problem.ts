import type { Failed } from '../core/finding.ts';
import { printable } from '../lib/printable.ts';
import type { Canvas } from './canvas.ts';
import { evidence } from './evidence.ts';
import { onNames } from './on-names.ts';
import { remedy } from './remedy.ts';
import { styleOf } from './style-of.ts';

/**
 * One problem: how grave, which check, on which targets (where there are several in the report; the evidence is of the first), the cause,
 * what was seen, how to mend it. `sameFixAs`: the check above that told this very fix.
 */
export const problem = (f: Failed, on: readonly string[], sameFixAs: string | null, c: Canvas): readonly string[] => [
  `${c.paint(styleOf(f.severity), `${c.signs[f.severity]} ${f.severity}`)}  ${c.paint('bold', printable(f.check))}`,
  ...(on.length > 0 ? c.text('  on ', onNames(on, c.verbose)) : []),
  ...c.text('  ', f.message),
  ...(f.because ? c.text('  ', `Probably a consequence of ${f.because.join(' and ')}: mend that first.`) : []),
  ...evidence(f.evidence, c, on.length > 1 ? on[0] : undefined),
  ...(f.fix === undefined ? [] : sameFixAs === null ? remedy(f.fix, c) : c.text('  fix: ', `as above (${sameFixAs})`)),
];
