import type { Look } from '../core/reporter.ts';
import { printableLines } from '../lib/printable-lines.ts';
import { wrap } from '../lib/wrap.ts';
import { type Paint, paint } from './paint.ts';
import { type Symbols, symbols } from './symbols.ts';

/** What the parts of the table draw with. */
export interface Canvas {
  readonly width: number;
  readonly verbose: boolean;
  readonly paint: Paint;
  readonly signs: Symbols;
  /** Untrusted text as harmless lines that fit: the first after `first`, the others after as many blanks. */
  readonly text: (first: string, text: string) => readonly string[];
}

const narrowest = 40;

/** Makes the canvas for a look. `first` must be plain one-column characters. */
export const canvas = (look: Look): Canvas => {
  const width = Math.max(narrowest, look.width);
  return {
    width,
    verbose: look.verbose,
    paint: paint(look.color),
    signs: symbols(look.unicode),
    text: (first, text) => {
      const blanks = ' '.repeat(first.length);
      return printableLines(text)
        .flatMap((line) => wrap(line, width - first.length))
        .map((line, i) => `${i === 0 ? first : blanks}${line}`.trimEnd());
    },
  };
};
