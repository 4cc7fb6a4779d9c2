// Written by `npm run gen`; do not edit.

import type { AnyCheck } from '../core/check.ts';
import { ipForward } from './kernel/ip-forward.ts';
import { exhaustion } from './ports/exhaustion.ts';
import { listenerInRange } from './ports/listener-in-range.ts';
import { nodeportOverlap } from './ports/nodeport-overlap.ts';
import { nodeportVictims } from './ports/nodeport-victims.ts';
import { failing } from './probes/failing.ts';
import { noProbe } from './readiness/no-probe.ts';
import { readyOnDeadNode } from './readiness/ready-on-dead-node.ts';
import { singleReplica } from './readiness/single-replica.ts';
import { stale } from './readiness/stale.ts';
import { workloadMismatch } from './readiness/workload-mismatch.ts';
import { killed } from './shutdown/killed.ts';
import { noInit } from './shutdown/no-init.ts';
import { prestopCannotRun } from './shutdown/prestop-cannot-run.ts';
import { prestopExceedsGrace } from './shutdown/prestop-exceeds-grace.ts';
import { prestopMissing } from './shutdown/prestop-missing.ts';
import { shellEntrypoint } from './shutdown/shell-entrypoint.ts';
import { sigtermIgnored } from './shutdown/sigterm-ignored.ts';

/** All checks, by id. */
export const allChecks: readonly AnyCheck[] = [
  ipForward,
  exhaustion,
  listenerInRange,
  nodeportOverlap,
  nodeportVictims,
  failing,
  noProbe,
  readyOnDeadNode,
  singleReplica,
  stale,
  workloadMismatch,
  killed,
  noInit,
  prestopCannotRun,
  prestopExceedsGrace,
  prestopMissing,
  shellEntrypoint,
  sigtermIgnored,
];
