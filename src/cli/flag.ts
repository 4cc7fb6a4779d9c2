/** What a value can be completed by: what the cluster or the kubeconfig holds, checks (with commas, or one), a file, or these words. */
type Completes = 'namespace' | 'context' | 'cluster' | 'user' | 'checks' | 'check' | 'file' | readonly string[];

/** A flag, described once for the parser, the help, the pre-pass and completion. Texts are ASCII. */
export interface Flag {
  /** text: takes a value, the last counts · list: takes a value, all count · switch: true or false · level: a count or a number */
  readonly kind: 'text' | 'list' | 'switch' | 'level';
  readonly short?: string;
  readonly group: string;
  readonly about: string;
  /** The value that holds where the flag is not given, for the help. */
  readonly otherwise?: string;
  readonly oneOf?: readonly string[];
  /** What completes the value, where `oneOf` does not say it. */
  readonly completes?: Completes;
}

/** Flags by their long names. */
export type Flags = Readonly<Record<string, Flag>>;
