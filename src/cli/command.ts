import type { Flags } from './flag.ts';

/** A command line that shows what a command is for; `$0` stands for the program as the user calls it. */
export interface Example {
  readonly about: string;
  readonly line: string;
}

/** A command, described once for the parser and the help. Texts are ASCII: a help is read on every terminal. */
export interface Command {
  readonly name: string;
  readonly group: 'Diagnosis:' | 'Other commands:';
  /** It answers from what netdoctor itself knows, and starts as fast as kubectl does. */
  readonly quick: boolean;
  /** One sentence. */
  readonly about: string;
  /** What else is to be known before it is called. */
  readonly more?: string;
  /** What may follow the name of the command, one line for each way to call it. */
  readonly usage: readonly string[];
  /** How many words that are no flags may follow. */
  readonly names: 'none' | 'one' | 'many';
  /** What completes those words: the nodes and pods of the cluster, files, checks, commands, or these. Nothing where it is missing. */
  readonly completes?: 'nodes' | 'pods' | 'files' | 'check' | 'command' | readonly string[];
  readonly examples: readonly Example[];
  readonly flags: Flags;
  /** What its exit codes mean, where they are more than success and failure. */
  readonly exitCodes?: readonly (readonly [code: string, meaning: string])[];
}
