import { fact } from '../../core/fact.ts';

/** Whether a program that a hook wants is there, in the container's own root and by its own PATH. */
export interface HookProgram {
  readonly program: string;
  readonly found: boolean;
  /** Where it was found, symbolic links followed within the container; empty where it was not. */
  readonly path: string;
  /** The PATH that was searched; empty for a program with a slash. */
  readonly searched: string;
}

/** The programs that preStop hooks run, by the first 16 digits of the container's id. */
export const hookPrograms = fact<ReadonlyMap<string, readonly HookProgram[]>>(
  'workloads/hook-programs',
  'node',
  "whether the programs of preStop hooks are in the containers' images",
);
