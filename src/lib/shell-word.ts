import { shellQuoted } from './shell-quoted.ts';

/** The same, in quotes only where it needs them: for commands that people read. */
export const shellWord = (text: string): string => (/^[A-Za-z0-9@%_+=:,./-]+$/.test(text) ? text : shellQuoted(text));
