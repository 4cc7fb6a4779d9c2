/** A flag, described once for the parser, the help and the pre-pass. Texts are ASCII. */
export interface Flag {
  /** text: takes a value, the last counts · list: takes a value, all count · switch: true or false · level: a count or a number */
  readonly kind: 'text' | 'list' | 'switch' | 'level';
  readonly short?: string;
  readonly group: string;
  readonly about: string;
  /** The value that holds where the flag is not given, for the help. */
  readonly otherwise?: string;
  readonly oneOf?: readonly string[];
}

/** Flags by their long names. */
export type Flags = Readonly<Record<string, Flag>>;
