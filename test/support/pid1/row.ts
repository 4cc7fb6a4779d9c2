/** What becomes of the program that does the container's work when its pod is deleted. */
export type Fate =
  /** It gets the signal, ends its work and then itself. */
  | 'finishes'
  /** The signal ends it at once. */
  | 'dies'
  /** It is killed before its work is done, since PID 1 ends without waiting for it. */
  | 'killed'
  /** Nothing ends until the grace period is over. */
  | 'hangs';

/** What netdoctor says of a container. */
export type Verdict = 'fail' | 'pass' | 'cannot-tell' | 'not-applicable';

/** The checks that the rows are about. */
export const rowChecks = ['shutdown/shell-entrypoint', 'shutdown/sigterm-ignored'] as const;

/** A container that is begun in one way, what is known to happen when its pod is deleted, and what netdoctor must say before. */
export interface Row {
  /** Of the container. */
  readonly name: string;
  readonly command: readonly string[];
  /** Its tag (test/lab/images/import). */
  readonly image: '1' | 'quit';
  /** What its pod's spec must have. */
  readonly spec: object;
  /** Whether a program runs in it that keeps a record. */
  readonly records: boolean;
  readonly fate: Fate;
  /** The program is sent the signal, but killed at about the same moment. */
  readonly raced: boolean;
  /** Of the container. */
  readonly exitCode: number;
  readonly verdicts: Readonly<Record<(typeof rowChecks)[number], Verdict>>;
}
