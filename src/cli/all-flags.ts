import { cleanupFlags } from './cleanup-flags.ts';
import { completionFlags } from './completion-flags.ts';
import type { Flags } from './flag.ts';
import { lintFlags } from './lint-flags.ts';
import { nodeFlags } from './node-flags.ts';
import { podFlags } from './pod-flags.ts';

/** The flags of all commands together: which command it is can be known only when flags are told from their values. */
export const allFlags: Flags = { ...completionFlags, ...cleanupFlags, ...lintFlags, ...podFlags, ...nodeFlags };
