import { commands } from './commands.ts';
import type { Flags } from './flag.ts';
import { ownFlags } from './own-flags.ts';

/** The flags of all commands together: which command it is can be known only when flags are told from their values. */
export const allFlags: Flags = Object.assign({}, ...commands.map((c) => c.flags), ownFlags);
