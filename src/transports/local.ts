import { spawn } from 'node:child_process';
import { missing } from '../core/gap.ts';
import type { NodeRead, Raw } from '../core/read.ts';
import type { WriteProgram } from '../core/stream.ts';
import { type Transport, TransportError } from '../core/transport.ts';
import { textOf } from '../lib/text-of.ts';
import { decode } from './collector/decode.ts';

/** What a run on this very machine needs. */
export interface LocalOptions {
  readonly writeProgram: WriteProgram;
  readonly nonce: string;
  readonly windowSeconds: number;
  readonly deadlineSeconds: number;
  readonly vars: Readonly<Record<string, string>>;
  /** Sees the stream as it comes (for --save). */
  readonly onChunk?: (text: string) => void;
}

async function* told(chunks: AsyncIterable<string>, onChunk: (text: string) => void): AsyncGenerator<string, void> {
  for await (const chunk of chunks) {
    onChunk(chunk);
    yield chunk;
  }
}

/** Runs the collector program in a shell of this machine, with the rights of the caller. The shell and all it started end with the run. */
export const localTransport = (options: LocalOptions): Transport<NodeRead> => {
  let stop = (): void => {};
  return {
    id: 'local',
    async *fetch(reads: readonly NodeRead[], signal: AbortSignal): AsyncGenerator<readonly [NodeRead, Raw]> {
      if (process.platform !== 'linux')
        throw new TransportError(`--local reads /proc of a Linux machine; this one is ${process.platform}.`);
      const child = spawn('sh', ['-s'], { stdio: ['pipe', 'pipe', 'ignore'], detached: true });
      const failed = new Promise<never>((_, reject) => {
        child.once('error', (error) =>
          reject(new TransportError(`Cannot run a shell on this machine: ${error.message}.`)),
        );
      });
      stop = () => {
        if (child.pid !== undefined && child.exitCode === null && child.signalCode === null)
          process.kill(-child.pid, 'SIGKILL');
      };
      signal.addEventListener('abort', stop, { once: true });
      child.stdin.on('error', () => {});
      child.stdin.end(options.writeProgram(reads, { ...options, hostRoot: '' }));
      const answers = decode(told(textOf(child.stdout), options.onChunk ?? (() => {})), reads, options.nonce);
      try {
        while (true) {
          const next = await Promise.race([answers.next(), failed]);
          if (next.done) break;
          yield next.value;
        }
      } finally {
        signal.removeEventListener('abort', stop);
        stop();
      }
    },
    [Symbol.asyncDispose]: async () => stop(),
  };
};

/** Reads that are not done, with the reason, as any transport would answer them. */
export const notRead = <R extends { readonly id: string }>(
  reads: readonly R[],
  kind: 'not-chosen' | 'not-collected',
  why: string,
): [R, Raw][] => reads.map((r) => [r, missing(kind, why)]);
