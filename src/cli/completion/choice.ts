/** One thing that the word being typed can become. */
export interface Choice {
  /** The whole word; of a flag with its value in the same word, as in `--name=value`, the value alone. */
  readonly word: string;
  /** What it is, for shells that show it. */
  readonly about?: string;
}
