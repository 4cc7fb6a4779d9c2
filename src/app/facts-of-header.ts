import { suspects } from '../facts/ipvs/suspects.ts';
import { bootId } from '../facts/kernel/boot-id.ts';
import { ephemeralRange } from '../facts/kernel/ephemeral-range.ts';
import { kernelRelease } from '../facts/kernel/release.ts';
import { reservedPorts } from '../facts/kernel/reserved-ports.ts';
import { tracefs } from '../facts/kernel/tracefs.ts';
import { proxyMode } from '../facts/kube-proxy/mode.ts';
import { spaces } from '../facts/network/spaces.ts';
import { nodeCondition } from '../facts/node/condition.ts';
import { podFamilies } from '../facts/node/pod-families.ts';
import { backends } from '../facts/services/backends.ts';
import { fronts } from '../facts/services/fronts.ts';
import { nodePorts } from '../facts/services/node-ports.ts';
import { controllers } from '../facts/workloads/controllers.ts';
import { hookPrograms } from '../facts/workloads/hook-programs.ts';
import { imageStopSignals } from '../facts/workloads/image-stop-signals.ts';
import { pods } from '../facts/workloads/pods.ts';
import { processes } from '../facts/workloads/processes.ts';
import { subjects } from '../facts/workloads/subjects.ts';

/** Facts that are read whatever checks were chosen: --since compares boots by the first, the report's header and picture show others (the rest of the picture takes what the
 * checks read), and by the last one the Node itself is asked for, so that an unknown node is told before a pod is created. */
export const factsOfHeader: readonly string[] = [
  bootId.id,
  kernelRelease.id,
  proxyMode.id,
  ephemeralRange.id,
  reservedPorts.id,
  suspects.id,
  podFamilies.id,
];

/** The same for pods: who is judged, and what the process tree and the timeline show. */
export const factsOfPodHeader: readonly string[] = [
  subjects.id,
  nodeCondition.id,
  processes.id,
  imageStopSignals.id,
  hookPrograms.id,
  fronts.id,
  controllers.id,
];

/** What a watch calls what it sees: ports, addresses, processes and network namespaces; which boot its counters are of, and what rights its pod needs. */
export const factsOfWatch: readonly string[] = [bootId.id, tracefs.id, nodePorts.id, backends.id, pods.id, spaces.id];
