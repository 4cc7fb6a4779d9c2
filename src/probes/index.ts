// Written by `npm run gen`; do not edit.

import type { AnyProbe } from '../core/probe.ts';
import { versionKube } from './cluster/version.kube.ts';
import { flowMemoryProc } from './ipvs/flow-memory.proc.ts';
import { suspectsProc } from './ipvs/suspects.proc.ts';
import { virtualServersProc } from './ipvs/virtual-servers.proc.ts';
import { ephemeralRangeProc } from './kernel/ephemeral-range.proc.ts';
import { ipForwardingProc } from './kernel/ip-forwarding.proc.ts';
import { kernelReleaseProc } from './kernel/release.proc.ts';
import { reservedPortsProc } from './kernel/reserved-ports.proc.ts';
import { metricsAddressKube } from './kube-proxy/metrics-address.kube.ts';
import { proxyModeLive } from './kube-proxy/mode.live.ts';
import { counterChangesProc } from './network/counter-changes.proc.ts';
import { countersProc } from './network/counters.proc.ts';
import { snatUseProc } from './network/snat-use.proc.ts';
import { spacesProc } from './network/spaces.proc.ts';
import { agentsProc } from './node/agents.proc.ts';
import { conditionKube } from './node/condition.kube.ts';
import { podFamiliesKube } from './node/pod-families.kube.ts';
import { podFamiliesProc } from './node/pod-families.proc.ts';
import { backendsKube } from './services/backends.kube.ts';
import { endpointsKube } from './services/endpoints.kube.ts';
import { frontsKube } from './services/fronts.kube.ts';
import { nodePortRangeKube } from './services/node-port-range.kube.ts';
import { nodePortRangeProc } from './services/node-port-range.proc.ts';
import { nodePortsKube } from './services/node-ports.kube.ts';
import { nodePortsNode } from './services/node-ports.node.ts';
import { autoboundSs } from './sockets/autobound.ss.ts';
import { listenersProc } from './sockets/listeners.proc.ts';
import { portUseProc } from './sockets/port-use.proc.ts';
import { windowSampling } from './sockets/window.sampling.ts';
import { controllersKube } from './workloads/controllers.kube.ts';
import { hookProgramsProc } from './workloads/hook-programs.proc.ts';
import { imageStopSignalsContainerd } from './workloads/image-stop-signals.containerd.ts';
import { podEventsKube } from './workloads/pod-events.kube.ts';
import { podsKube } from './workloads/pods.kube.ts';
import { probeFailuresKube } from './workloads/probe-failures.kube.ts';
import { processesProc } from './workloads/processes.proc.ts';
import { subjectsKube } from './workloads/subjects.kube.ts';

/** All probes, by fact; of several that yield one fact the first with a value counts. */
export const allProbes: readonly AnyProbe[] = [
  versionKube,
  flowMemoryProc,
  suspectsProc,
  virtualServersProc,
  ephemeralRangeProc,
  ipForwardingProc,
  kernelReleaseProc,
  reservedPortsProc,
  metricsAddressKube,
  proxyModeLive,
  counterChangesProc,
  countersProc,
  snatUseProc,
  spacesProc,
  agentsProc,
  conditionKube,
  podFamiliesKube,
  podFamiliesProc,
  backendsKube,
  endpointsKube,
  frontsKube,
  nodePortRangeKube,
  nodePortRangeProc,
  nodePortsKube,
  nodePortsNode,
  autoboundSs,
  listenersProc,
  portUseProc,
  windowSampling,
  controllersKube,
  hookProgramsProc,
  imageStopSignalsContainerd,
  podEventsKube,
  podsKube,
  probeFailuresKube,
  processesProc,
  subjectsKube,
];
