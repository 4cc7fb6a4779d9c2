import type { Flags } from './flag.ts';

const group = 'Options:';

/** The flags that are answered before any command is run. */
export const ownFlags = {
  help: { kind: 'switch', short: 'h', group, about: 'tell how the program or a command is used' },
  version: { kind: 'switch', group, about: "print netdoctor's version" },
} as const satisfies Flags;
