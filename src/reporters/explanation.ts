import type { CheckWords } from '../core/check.ts';
import type { Look } from '../core/reporter.ts';
import { canvas } from './canvas.ts';

/** What a check is for: the good state, the failure in the world, what it reads, where to read on. */
export const explanation = (check: CheckWords, look: Look): string => {
  const c = canvas(look);
  const lines = [
    `${c.paint('bold', check.id)} (at most ${check.severity})`,
    ...c.text('  ', check.title),
    '',
    ...c.text('', check.docs.why),
    '',
    'It reads:',
    ...check.reads.flatMap((f) => c.text('  ', `${f.id}: ${f.about}`)),
    // addresses are never wrapped, so that they can be opened
    ...(check.docs.links.length > 0 ? ['', 'Read on:', ...check.docs.links.map((l) => `  ${l}`)] : []),
  ];
  return `${lines.join('\n')}\n`;
};
