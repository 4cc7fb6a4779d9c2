// Written by `npm run gen`; do not edit.

import type { AnyProbe } from '../core/probe.ts';
import { nodeAddressesKube } from './cluster/node-addresses.kube.ts';
import { versionKube } from './cluster/version.kube.ts';
import { conntrackChangesNetlink } from './conntrack/changes.netlink.ts';
import { conntrackChangesProc } from './conntrack/changes.proc.ts';
import { conntrackCountersNetlink } from './conntrack/counters.netlink.ts';
import { conntrackCountersProc } from './conntrack/counters.proc.ts';
import { conntrackLimitsProc } from './conntrack/limits.proc.ts';
import { dropRulesNode } from './firewall/drop-rules.node.ts';
import { forwardChainsNode } from './firewall/forward-chains.node.ts';
import { rulesProc } from './iptables/rules.proc.ts';
import { toolsProc } from './iptables/tools.proc.ts';
import { clusterIpSetsIpset } from './ipvs/cluster-ip-sets.ipset.ts';
import { destinationsProc } from './ipvs/destinations.proc.ts';
import { flowMemoryProc } from './ipvs/flow-memory.proc.ts';
import { handshakesProc } from './ipvs/handshakes.proc.ts';
import { ipvsSettingsProc } from './ipvs/settings.proc.ts';
import { suspectsProc } from './ipvs/suspects.proc.ts';
import { virtualServersProc } from './ipvs/virtual-servers.proc.ts';
import { bootIdProc } from './kernel/boot-id.proc.ts';
import { ephemeralRangeProc } from './kernel/ephemeral-range.proc.ts';
import { ipForwardingProc } from './kernel/ip-forwarding.proc.ts';
import { modulesProc } from './kernel/modules.proc.ts';
import { neighbourChangesProc } from './kernel/neighbour-changes.proc.ts';
import { neighbourTablesProc } from './kernel/neighbour-tables.proc.ts';
import { kernelReleaseProc } from './kernel/release.proc.ts';
import { reservedPortsProc } from './kernel/reserved-ports.proc.ts';
import { reversePathFilterProc } from './kernel/reverse-path-filter.proc.ts';
import { socketMemoryProc } from './kernel/socket-memory.proc.ts';
import { softnetProc } from './kernel/softnet.proc.ts';
import { softnetChangesProc } from './kernel/softnet-changes.proc.ts';
import { tracefsProc } from './kernel/tracefs.proc.ts';
import { configuredModeLive } from './kube-proxy/configured-mode.live.ts';
import { metricsAddressKube } from './kube-proxy/metrics-address.kube.ts';
import { proxyModeLive } from './kube-proxy/mode.live.ts';
import { nftTablesNft } from './kube-proxy/nft-tables.nft.ts';
import { processProc } from './kube-proxy/process.proc.ts';
import { syncLive } from './kube-proxy/sync.live.ts';
import { bridgeNetfilterProc } from './network/bridge-netfilter.proc.ts';
import { counterChangesProc } from './network/counter-changes.proc.ts';
import { countersProc } from './network/counters.proc.ts';
import { deviceChangesProc } from './network/device-changes.proc.ts';
import { deviceCountersProc } from './network/device-counters.proc.ts';
import { mtusProc } from './network/mtus.proc.ts';
import { pathMtusPing } from './network/path-mtus.ping.ts';
import { policiesKube } from './network/policies.kube.ts';
import { snatUseProc } from './network/snat-use.proc.ts';
import { spacesProc } from './network/spaces.proc.ts';
import { agentsProc } from './node/agents.proc.ts';
import { conditionKube } from './node/condition.kube.ts';
import { kubeletAddressKube } from './node/kubelet-address.kube.ts';
import { kubernetesVersionKube } from './node/kubernetes-version.kube.ts';
import { kubernetesVersionLive } from './node/kubernetes-version.live.ts';
import { networkConditionKube } from './node/network-condition.kube.ts';
import { osKube } from './node/os.kube.ts';
import { osRelease } from './node/os.release.ts';
import { podFamiliesKube } from './node/pod-families.kube.ts';
import { podFamiliesProc } from './node/pod-families.proc.ts';
import { podNetworksCni } from './node/pod-networks.cni.ts';
import { podNetworksKube } from './node/pod-networks.kube.ts';
import { shutdownConfigProc } from './node/shutdown-config.proc.ts';
import { systemPodsKube } from './node/system-pods.kube.ts';
import { backendsKube } from './services/backends.kube.ts';
import { clusterIpsKube } from './services/cluster-ips.kube.ts';
import { endpointsKube } from './services/endpoints.kube.ts';
import { frontsKube } from './services/fronts.kube.ts';
import { nodePortRangeKube } from './services/node-port-range.kube.ts';
import { nodePortRangeProc } from './services/node-port-range.proc.ts';
import { nodePortsKube } from './services/node-ports.kube.ts';
import { nodePortsNode } from './services/node-ports.node.ts';
import { reachTargetsKube } from './services/reach-targets.kube.ts';
import { reachabilityConnect } from './services/reachability.connect.ts';
import { autoboundSs } from './sockets/autobound.ss.ts';
import { listenersProc } from './sockets/listeners.proc.ts';
import { portUseProc } from './sockets/port-use.proc.ts';
import { queuesProc } from './sockets/queues.proc.ts';
import { unansweredProc } from './sockets/unanswered.proc.ts';
import { windowSampling } from './sockets/window.sampling.ts';
import { controllersKube } from './workloads/controllers.kube.ts';
import { daemonSetsKube } from './workloads/daemon-sets.kube.ts';
import { gracePeriodsKube } from './workloads/grace-periods.kube.ts';
import { hookProgramsProc } from './workloads/hook-programs.proc.ts';
import { imageStopSignalsContainerd } from './workloads/image-stop-signals.containerd.ts';
import { podEventsKube } from './workloads/pod-events.kube.ts';
import { podsKube } from './workloads/pods.kube.ts';
import { probeFailuresKube } from './workloads/probe-failures.kube.ts';
import { processesProc } from './workloads/processes.proc.ts';
import { subjectsKube } from './workloads/subjects.kube.ts';

/** All probes, by fact; of several that yield one fact the first with a value counts. */
export const allProbes: readonly AnyProbe[] = [
  nodeAddressesKube,
  versionKube,
  conntrackChangesNetlink,
  conntrackChangesProc,
  conntrackCountersNetlink,
  conntrackCountersProc,
  conntrackLimitsProc,
  dropRulesNode,
  forwardChainsNode,
  rulesProc,
  toolsProc,
  clusterIpSetsIpset,
  destinationsProc,
  flowMemoryProc,
  handshakesProc,
  ipvsSettingsProc,
  suspectsProc,
  virtualServersProc,
  bootIdProc,
  ephemeralRangeProc,
  ipForwardingProc,
  modulesProc,
  neighbourChangesProc,
  neighbourTablesProc,
  kernelReleaseProc,
  reservedPortsProc,
  reversePathFilterProc,
  socketMemoryProc,
  softnetChangesProc,
  softnetProc,
  tracefsProc,
  configuredModeLive,
  metricsAddressKube,
  proxyModeLive,
  nftTablesNft,
  processProc,
  syncLive,
  bridgeNetfilterProc,
  counterChangesProc,
  countersProc,
  deviceChangesProc,
  deviceCountersProc,
  mtusProc,
  pathMtusPing,
  policiesKube,
  snatUseProc,
  spacesProc,
  agentsProc,
  conditionKube,
  kubeletAddressKube,
  kubernetesVersionKube,
  kubernetesVersionLive,
  networkConditionKube,
  osKube,
  osRelease,
  podFamiliesKube,
  podFamiliesProc,
  podNetworksKube,
  podNetworksCni,
  shutdownConfigProc,
  systemPodsKube,
  backendsKube,
  clusterIpsKube,
  endpointsKube,
  frontsKube,
  nodePortRangeKube,
  nodePortRangeProc,
  nodePortsKube,
  nodePortsNode,
  reachTargetsKube,
  reachabilityConnect,
  autoboundSs,
  listenersProc,
  portUseProc,
  queuesProc,
  unansweredProc,
  windowSampling,
  controllersKube,
  daemonSetsKube,
  gracePeriodsKube,
  hookProgramsProc,
  imageStopSignalsContainerd,
  podEventsKube,
  podsKube,
  probeFailuresKube,
  processesProc,
  subjectsKube,
];
