// Written by `npm run gen`; do not edit.

import type { AnyCheck } from '../core/check.ts';
import { ipForward } from './kernel/ip-forward.ts';
import { listenerInRange } from './ports/listener-in-range.ts';
import { nodeportOverlap } from './ports/nodeport-overlap.ts';
import { nodeportVictims } from './ports/nodeport-victims.ts';
import { failing } from './probes/failing.ts';

/** All checks, by id. */
export const allChecks: readonly AnyCheck[] = [ipForward, listenerInRange, nodeportOverlap, nodeportVictims, failing];
