import type { Raw, Read } from './read.ts';

/** Something worth telling while reads run: a command that was started or answered, or a stage. */
export type Progress =
  | { readonly kind: 'stage'; readonly text: string }
  /** Something that the reader should know whatever the report says ("not root: …"). */
  | { readonly kind: 'note'; readonly text: string }
  /** `of`: where several nodes are read, which one it was, and how many are done ("3/12 nodes"). */
  | {
      readonly kind: 'read';
      readonly typed: string;
      readonly raw: Raw;
      readonly of?: { readonly node: string; readonly done: string };
    };

/** Performs reads and gives their raw answers; leaves nothing behind once disposed of. */
export interface Transport<R extends Read = Read> extends AsyncDisposable {
  readonly id: 'debug-pod' | 'local' | 'bundle' | 'kube-api';
  /** Answers to all the reads, in any order; a read without an answer is told as a gap by the engine. Throws {@link TransportError} if none can be done. */
  fetch(reads: readonly R[], signal: AbortSignal): AsyncIterable<readonly [R, Raw]>;
}

/** Nothing could be read at all: what was tried, what happened, what to do. */
export class TransportError extends Error {
  override readonly name = 'TransportError';
}
