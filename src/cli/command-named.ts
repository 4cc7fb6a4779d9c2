import type { Command } from './command.ts';
import { commands } from './commands.ts';

/** The command of that name; undefined where there is none. */
export const commandNamed = (name: string): Command | undefined => commands.find((c) => c.name === name);
