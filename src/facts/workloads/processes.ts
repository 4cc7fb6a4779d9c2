import { fact } from '../../core/fact.ts';

/** A process of a container; signal masks as the kernel has them, bit n-1 for signal n. */
export interface Process {
  /** In the node's PID namespace. */
  readonly pid: number;
  readonly parent: number;
  /** In its own PID namespace (the last of NSpid); null where the kernel does not say. */
  readonly ownPid: number | null;
  /** How many PID namespaces it is in, the node's included. */
  readonly depth: number;
  /** Its comm, at most 15 characters. */
  readonly name: string;
  /** One letter: R, S, D, Z (zombie), T, … */
  readonly state: string;
  readonly ignored: bigint;
  readonly caught: bigint;
  /** Blocked by its main thread. */
  readonly blocked: bigint;
  /** Its main thread waits for signals itself (sigwait, sigtimedwait), which its masks do not show. Null: not seen. */
  readonly waitsForSignals: boolean | null;
  /** Base name of its executable; null where that may not be seen. */
  readonly program: string | null;
  /** Base name of argv[0], then harmless words: single-letter flags, and the base name of a script. Nothing else of a command line is read. */
  readonly words: readonly string[];
  /**
   * Of a shell that has a script (`-c`, or a file): whether the script sets a trap for the signal that sends it on to a child in the background
   * and waits for that child; null where there is no script or it could not be read.
   */
  readonly forwards: boolean | null;
  /** How long it has been running, in seconds. */
  readonly ageSeconds: number;
}

/** The processes of the containers, by the first 16 digits of the container's id. */
export const processes = fact<ReadonlyMap<string, readonly Process[]>>(
  'workloads/processes',
  'node',
  "the containers' processes: parents, signal masks, programs (no command lines)",
);
