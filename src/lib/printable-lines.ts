import { printable } from './printable.ts';

const tabStop = 8;

/** Tabs as the spaces that a terminal would show; counted in UTF-16 units, which is exact for what the kernel prints. */
const expandTabs = (line: string): string => {
  let out = '';
  for (const [i, piece] of line.split('\t').entries()) {
    if (i > 0) out += ' '.repeat(tabStop - (out.length % tabStop));
    out += piece;
  }
  return out;
};

/** Untrusted text as harmless lines: newlines part it, tabs become spaces, everything else as {@link printable}. */
export const printableLines = (text: string): readonly string[] =>
  text
    .replace(/(\r?\n)+$/, '')
    .split(/\r?\n/)
    .map((line) => printable(expandTabs(line)));
