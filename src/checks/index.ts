// Written by `npm run gen`; do not edit.

import type { AnyCheck } from '../core/check.ts';
import { insertFailed } from './conntrack/insert-failed.ts';
import { tableFull } from './conntrack/table-full.ts';
import { drops } from './firewall/drops.ts';
import { forwardPolicy } from './firewall/forward-policy.ts';
import { backendMismatch } from './iptables/backend-mismatch.ts';
import { markDropMissing } from './iptables/mark-drop-missing.ts';
import { nftVersionSkew } from './iptables/nft-version-skew.ts';
import { connectionReuse } from './ipvs/connection-reuse.ts';
import { stuckHandshakes } from './ipvs/stuck-handshakes.ts';
import { bridgeNetfilter } from './kernel/bridge-netfilter.ts';
import { ipForward } from './kernel/ip-forward.ts';
import { modules } from './kernel/modules.ts';
import { neighbourTable } from './kernel/neighbour-table.ts';
import { reversePath } from './kernel/reverse-path.ts';
import { rulesMissing } from './kube-proxy/rules-missing.ts';
import { syncFailing } from './kube-proxy/sync-failing.ts';
import { mismatch } from './mtu/mismatch.ts';
import { deviceDrops } from './network/device-drops.ts';
import { softnetDrops } from './network/softnet-drops.ts';
import { gracefulShutdown } from './node/graceful-shutdown.ts';
import { networkAgents } from './node/network-agents.ts';
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
import { vipUnreachable } from './service/vip-unreachable.ts';
import { killed } from './shutdown/killed.ts';
import { noInit } from './shutdown/no-init.ts';
import { prestopCannotRun } from './shutdown/prestop-cannot-run.ts';
import { prestopExceedsGrace } from './shutdown/prestop-exceeds-grace.ts';
import { prestopMissing } from './shutdown/prestop-missing.ts';
import { shellEntrypoint } from './shutdown/shell-entrypoint.ts';
import { sigtermIgnored } from './shutdown/sigterm-ignored.ts';
import { acceptQueue } from './sockets/accept-queue.ts';
import { synQueue } from './sockets/syn-queue.ts';
import { tcpMemory } from './sockets/tcp-memory.ts';
import { udpBuffer } from './sockets/udp-buffer.ts';
import { knownBad } from './versions/known-bad.ts';

/** All checks, by id. */
export const allChecks: readonly AnyCheck[] = [
  insertFailed,
  tableFull,
  drops,
  forwardPolicy,
  backendMismatch,
  markDropMissing,
  nftVersionSkew,
  connectionReuse,
  stuckHandshakes,
  bridgeNetfilter,
  ipForward,
  modules,
  neighbourTable,
  reversePath,
  rulesMissing,
  syncFailing,
  mismatch,
  deviceDrops,
  softnetDrops,
  gracefulShutdown,
  networkAgents,
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
  vipUnreachable,
  killed,
  noInit,
  prestopCannotRun,
  prestopExceedsGrace,
  prestopMissing,
  shellEntrypoint,
  sigtermIgnored,
  acceptQueue,
  synQueue,
  tcpMemory,
  udpBuffer,
  knownBad,
];
