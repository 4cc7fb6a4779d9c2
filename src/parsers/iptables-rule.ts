/** A rule as the save tools print it: its chain, and the words behind it, unquoted. */
export interface IptablesRule {
  readonly chain: string;
  readonly words: readonly string[];
}

/** Understands "-A CHAIN word "quoted word" …"; null for what is no such line, or has a quote without its end. */
export const parseIptablesRule = (line: string): IptablesRule | null => {
  const words: string[] = [];
  const rest = line.replace(/"((?:[^"\\]|\\.)*)"|[^\s"]+|\s+/g, (all: string, quoted: string | undefined) => {
    if (quoted !== undefined) words.push(quoted.replaceAll(/\\(.)/g, '$1'));
    else if (all.trim() !== '') words.push(all);
    return '';
  });
  const [append, chain, ...more] = words;
  return rest === '' && append === '-A' && chain !== undefined ? { chain, words: more } : null;
};
