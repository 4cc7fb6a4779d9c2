import type { Env } from './env.ts';

/** How this program was called. */
export interface CalledAs {
  /** The path or name that was called, links not followed: kubectl-netdoctor for a plugin. */
  readonly path: string;
  /** The words that call it again. */
  readonly argv: readonly string[];
}

/**
 * How this program was called, from `process`. A launcher that starts Node with a script says by NETDOCTOR_CALLED_AS which path it was called by
 * itself; a single executable (node:sea) is called by its own name; else it is a script that Node runs.
 */
export const calledAs = (
  { argv, argv0, execPath }: Pick<NodeJS.Process, 'argv' | 'argv0' | 'execPath'>,
  env: Env,
  isSea: boolean,
): CalledAs => {
  const launcher = env.NETDOCTOR_CALLED_AS;
  if (launcher !== undefined && launcher !== '') return { path: launcher, argv: [launcher] };
  if (isSea) return { path: argv0, argv: [argv0] };
  const script = argv[1] ?? '';
  return { path: script, argv: [execPath, script] };
};
