import { known, missing, type Reading } from '../../core/gap.ts';
import { params, probe } from '../../core/probe.ts';
import { http, type Raw } from '../../core/read.ts';
import type { VirtualServers } from '../../facts/ipvs/virtual-servers.ts';
import { metricsAddress } from '../../facts/kube-proxy/metrics-address.ts';
import { type KubeProxyMode, type ProxyMode, proxyMode } from '../../facts/kube-proxy/mode.ts';
import { virtualServersProc } from '../ipvs/virtual-servers.proc.ts';
import { agentsProc } from '../node/agents.proc.ts';
import { kubeProxyConfigMap } from './config-map.ts';
import { configMapMode } from './config-map-mode.ts';
import { modeOf } from './mode-of.ts';
import { modeOfProcess } from './mode-of-process.ts';

const is = (mode: KubeProxyMode, source: string, replacedBy: string | null = null): Reading<ProxyMode> =>
  known({ mode, source, replacedBy, leftoverServers: 0 });

const replacements: readonly (readonly [string, string])[] = [
  ['cilium-agent', 'Cilium'],
  ['ovnkube', 'OVN-Kubernetes'],
  ['antrea-agent', 'Antrea'],
  ['calico-node', 'Calico'],
];

/** The words of all witnesses. */
interface Witnesses {
  readonly live: Raw;
  readonly agents: Raw;
  readonly servers: Raw;
  readonly config: Raw;
}

const modeFrom = (raw: Witnesses): Reading<ProxyMode> => {
  const said = raw.live.ok ? modeOf(raw.live.outputs[0].stdout) : null;
  if (said) return is(said, "kube-proxy's /proxyMode");
  const servers = virtualServersProc.parse({ table: raw.servers });
  if (servers.ok && servers.value.count > 0)
    return is('ipvs', `${servers.value.count} virtual servers in /proc/net/ip_vs`);
  const running = agentsProc.parse({ list: raw.agents });
  if (!running.ok) return running;
  const named = (...names: string[]) => running.value.find((a) => names.includes(a.name));
  const proxy = named('kube-proxy');
  const byProcess = proxy ? modeOfProcess(proxy) : null;
  if (byProcess) return byProcess.ok ? is(byProcess.value.mode, byProcess.value.source) : byProcess;
  // the ConfigMap outlives its DaemonSet, so it counts only where a kube-proxy runs
  const configured = proxy ? configMapMode(raw.config) : null;
  if (configured) return is(configured, 'ConfigMap kube-system/kube-proxy');
  if (proxy)
    return missing(
      'failed',
      `the mode of kube-proxy, pid ${proxy.pid}, stands in a file that could not be read, and its /proxyMode did not answer`,
    );
  const embedding = named('kubelite', 'k3s', 'k3s-server', 'k3s-agent', 'rke2', 'k0s', 'hyperkube', 'kube-router');
  for (const [name, title] of replacements)
    if (named(name) && !embedding) return is('none', `no kube-proxy; ${name} runs`, title);
  const kubelet = embedding ?? named('kubelet');
  if (kubelet)
    return missing('failed', `${kubelet.name} runs here, but no kube-proxy was seen and its /proxyMode did not answer`);
  return is('none', 'neither kube-proxy nor kubelet runs here');
};

/** kube-proxy does not clear IPVS away when it changes to iptables mode; the kernel goes on serving. */
const withLeftovers = (mode: Reading<ProxyMode>, servers: Reading<VirtualServers>): Reading<ProxyMode> => {
  if (!mode.ok || mode.value.mode === 'ipvs' || !servers.ok) return mode;
  return known({ ...mode.value, leftoverServers: servers.value.nodePorts?.length ?? servers.value.count });
};

/**
 * The mode in use, from the surest witness on: kube-proxy's own word (/proxyMode), IPVS virtual servers, the process's flags and
 * file, the ConfigMap. `none` needs evidence too: all processes seen, and none of them a service proxy (facts I).
 */
export const proxyModeLive = probe({
  yields: proxyMode,
  via: 'live',
  reads: {
    live: http('${nd_proxy_metrics:-127.0.0.1:10249}', '/proxyMode'),
    agents: agentsProc.reads.list,
    servers: virtualServersProc.reads.table,
    config: kubeProxyConfigMap,
  },
  params: params({
    from: { metricsAddress },
    vars: (maybe): Record<string, string> =>
      maybe.metricsAddress.ok ? { proxy_metrics: maybe.metricsAddress.value } : {},
  }),
  parse: (raw) => withLeftovers(modeFrom(raw), virtualServersProc.parse({ table: raw.servers })),
});
