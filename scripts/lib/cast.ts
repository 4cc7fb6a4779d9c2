/** A recording of a terminal, as far as it is played here: asciicast v2, https://docs.asciinema.org/manual/asciicast/v2/ */
export interface Cast {
  readonly columns: number;
  readonly title: string;
  /** Longer waits are played as if they were this long, in seconds. */
  readonly idleLimit: number;
  readonly output: readonly CastOutput[];
}

/** What a terminal was sent at one time. */
export interface CastOutput {
  /** Seconds since the beginning. */
  readonly at: number;
  readonly text: string;
}
