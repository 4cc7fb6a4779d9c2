/**
 * The words of a rule as iptables-save prints them: quotes around those with blanks, a backslash before `"`, `'` and `\` within. Null if a quote is left open.
 */
export const ruleWords = (text: string): string[] | null => {
  const words: string[] = [];
  let rest = text.trimStart();
  while (rest !== '') {
    const m = /^"((?:[^"\\]|\\[\s\S])*)"(?:\s+|$)/.exec(rest) ?? /^(?!")(\S+)(?:\s+|$)/.exec(rest);
    if (!m) return null;
    const quoted = rest.startsWith('"');
    words.push(quoted ? (m[1] ?? '').replaceAll(/\\([\s\S])/g, '$1') : (m[1] ?? ''));
    rest = rest.slice(m[0].length);
  }
  return words;
};
