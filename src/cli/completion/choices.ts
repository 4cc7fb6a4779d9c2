import type { Choice } from './choice.ts';

/** What completion comes to. */
export interface Choices {
  readonly choices: readonly Choice[];
  /** word: a space follows it · open: more may follow in the same word · file: the shell completes a file name. */
  readonly after: 'word' | 'open' | 'file';
}
