import { printableLines } from '../lib/printable-lines.ts';

/** Untrusted lines as a block of code, which no fence in it ends; `language` is ours. */
export const markdownBlock = (text: string, language: string): readonly string[] => {
  const lines = printableLines(text);
  const longest = Math.max(2, ...lines.flatMap((line) => line.match(/`+/g) ?? []).map((run) => run.length));
  const fence = '`'.repeat(longest + 1);
  return [`${fence}${language}`, ...lines, fence, ''];
};
