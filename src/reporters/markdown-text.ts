import { printable } from '../lib/printable.ts';

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', $: '&#36;' };

/** Nothing to be seen, and what it parts is no mention, no reference and no link. */
const gap = '&#8203;';

/**
 * Untrusted text as one line of Markdown (GitHub's kind) that looks as it is, but for its newlines, which are blanks: no markup, HTML, formula, emoji, mention, reference to an issue, or link, also
 * at the beginning of a line and in a table's cell.
 */
export const markdownText = (text: string): string =>
  printable(text.trim().replaceAll(/\s*\n\s*/g, ' '))
    .trim()
    .replaceAll(/[\\`*_[\]|~^!]/g, (c) => `\\${c}`)
    .replaceAll(/[&<>$]/g, (c) => entities[c] ?? c)
    .replace(/^(#{1,6}|[-+=])/, (mark) => `\\${mark}`)
    .replace(/^(\d{1,9})([.)])/, (_, n: string, mark: string) => `${n}\\${mark}`)
    .replaceAll(/@(?=\w)/g, `@${gap}`)
    // not in what was just put there
    .replaceAll(/(?<!&)#(?=\d)/g, `#${gap}`)
    .replaceAll(/\b[0-9a-f]{7}(?=[0-9a-f]{33}\b)/gi, (part) => `${part}${gap}`)
    .replaceAll(/\b(gh)-(?=\d)/gi, (_, word: string) => `${word}-${gap}`)
    .replaceAll(/:(?=\/\/|(?:[a-z_+-][\w+-]*|100|1234):)/g, `:${gap}`)
    .replaceAll(/\b(www)\./gi, (_, word: string) => `${word}${gap}.`);
