import { ruleWords } from './rule-words.ts';

/** A rule as the save tools print it: its chain, and the words behind it, unquoted. */
export interface IptablesRule {
  readonly chain: string;
  readonly words: readonly string[];
}

/** Understands "-A CHAIN word "quoted word" …"; null for what is no such line, or has a quote without its end. */
export const parseIptablesRule = (line: string): IptablesRule | null => {
  const [append, chain, ...words] = ruleWords(line) ?? [];
  return append === '-A' && chain !== undefined ? { chain, words } : null;
};
