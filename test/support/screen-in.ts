import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The first screen that a page (a path in the checkout) shows in a block of text, from where this begins in it; the lines before it say when. Empty where there is none. */
export const screenIn = (page: string, begin: string): string => {
  const text = readFileSync(join(import.meta.dirname, '../..', page), 'utf8');
  const [, screen = ''] = /^```text\n([\s\S]*?)\n```$/m.exec(text) ?? [];
  const at = screen.indexOf(begin);
  return at < 0 ? '' : screen.slice(at);
};
