import type { Deps } from './deps.ts';
import type { Env } from './env.ts';
import type { Streams } from './streams.ts';

/** What a command runs in. */
export interface Host {
  /** The program as the user calls it: "kubectl netdoctor" or "netdoctor". */
  readonly program: string;
  readonly streams: Streams;
  readonly env: Env;
  readonly deps: Deps;
}
