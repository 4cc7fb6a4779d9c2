import type { NodeRead } from './read.ts';

/** Which rights the debug pod gets: none, the few capabilities that the reads need, or those plus SYS_ADMIN. */
export type Rights = 'minimal' | 'default' | 'full';

/** What makes one program for the node. */
export interface ProgramOptions {
  /** Marks the frames of this run; unguessable, letters and digits. */
  readonly nonce: string;
  /** How long reads with sampling `often` go on, and how far apart those with `twice` are, in seconds; 0 takes one sample of each. */
  readonly windowSeconds: number;
  /** The program ends itself after this many seconds, whatever happens. */
  readonly deadlineSeconds: number;
  /** Where the host's root is: '' on the host itself, '/host' in the debug pod. */
  readonly hostRoot: '' | '/host';
  /** Parameters from the API, see Probe.params. */
  readonly vars: Readonly<Record<string, string>>;
}

/** Writes the POSIX shell program that does the reads; its output is understood by a {@link StreamDecoder}. */
export type WriteProgram = (reads: readonly NodeRead[], options: ProgramOptions) => string;
