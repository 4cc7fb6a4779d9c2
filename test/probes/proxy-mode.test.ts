import { expect, it } from 'vitest';
import type { Raw } from '../../src/core/read.ts';
import { proxyModeLive } from '../../src/probes/kube-proxy/mode.live.ts';
import { json, none, said } from './raws.ts';

const proxy = (...lines: string[]): Raw =>
  said(`agent\t9\tkube-proxy\n${lines.map((l) => l.replace(' ', '\t9\t')).join('\n')}\n`);
const runs = (...names: string[]): Raw => said(names.map((n, i) => `agent\t${i + 5}\t${n}\n`).join(''));
const config = (text: string): Raw => json({ data: { 'config.conf': `bindAddress: 0.0.0.0\n${text}\n` } });
const noServers = said('addresses\ncount\t0\n');

interface Given {
  readonly live?: Raw;
  readonly agents?: Raw;
  readonly servers?: Raw;
  readonly config?: Raw;
}

it.each<[string, Given, string]>([
  ['its own word', { live: said('ipvs') }, "ipvs: kube-proxy's /proxyMode"],
  [
    'its own word wins',
    { live: said('nftables\n'), servers: said('addresses\ncount\t3\n'), agents: proxy('flag proxy-mode=iptables') },
    "nftables: kube-proxy's /proxyMode",
  ],
  [
    'an answer that is no mode does not count',
    { live: said('<html>'), agents: proxy('flag proxy-mode=ipvs') },
    'ipvs: --proxy-mode=ipvs of kube-proxy, pid 9',
  ],
  ['virtual servers', { servers: said('addresses\ncount\t3\n') }, 'ipvs: 3 virtual servers in /proc/net/ip_vs'],
  ['IPVS loaded and empty says nothing', { agents: runs('kubelet') }, 'failed'],
  ['flag', { agents: proxy('flag proxy-mode=ipvs') }, 'ipvs: --proxy-mode=ipvs of kube-proxy, pid 9'],
  ['flag in other letters', { agents: proxy('flag proxy-mode=IPVS') }, 'ipvs: --proxy-mode=ipvs of kube-proxy, pid 9'],
  [
    'no flag, no file',
    { agents: proxy() },
    'iptables: kube-proxy, pid 9, has neither --proxy-mode nor --config: its default',
  ],
  [
    'an empty flag',
    { agents: proxy('flag proxy-mode=') },
    'iptables: kube-proxy, pid 9, has neither --proxy-mode nor --config: its default',
  ],
  ['an unknown flag', { agents: proxy('flag proxy-mode=userspace') }, 'unsupported'],
  ['file', { agents: proxy('flag config=/c', 'config mode="ipvs"') }, 'ipvs: mode "ipvs" in /c of kube-proxy, pid 9'],
  [
    'an empty mode in the file',
    { agents: proxy('flag config=/c', 'config mode=""') },
    'iptables: mode "" in /c of kube-proxy, pid 9',
  ],
  ['an unknown mode in the file', { agents: proxy('flag config=/c', 'config mode=userspace') }, 'unsupported'],
  [
    'with a file the flag is ignored',
    { agents: proxy('flag proxy-mode=iptables', 'flag config=/c', 'config mode=ipvs') },
    'ipvs: mode "ipvs" in /c of kube-proxy, pid 9',
  ],
  [
    'a file that could not be read, a flag beside it',
    { agents: proxy('flag proxy-mode=iptables', 'flag config=/c') },
    'failed',
  ],
  [
    'a file that could not be read, the ConfigMap',
    { agents: proxy('flag config=/c'), config: config('mode: ipvs') },
    'ipvs: ConfigMap kube-system/kube-proxy',
  ],
  [
    'ConfigMap with an empty mode',
    { agents: proxy('flag config=/c'), config: config('mode: ""') },
    'iptables: ConfigMap kube-system/kube-proxy',
  ],
  ['ConfigMap with an unknown mode', { agents: proxy('flag config=/c'), config: config('mode: userspace') }, 'failed'],
  ['ConfigMap without one', { agents: proxy('flag config=/c'), config: config('') }, 'failed'],
  ['Cilium instead', { agents: runs('kubelet', 'cilium-agent') }, 'none: no kube-proxy; cilium-agent runs (Cilium)'],
  ['kubelet alone, an unknown proxy perhaps', { agents: runs('kubelet') }, 'failed'],
  ['k3s, which holds a proxy', { agents: runs('k3s-server') }, 'failed'],
  ['nothing of Kubernetes', { agents: said('') }, 'none: neither kube-proxy nor kubelet runs here'],
  ['processes not seen', { agents: none('tool-missing') }, 'tool-missing'],
  [
    'processes not seen, virtual servers there',
    { agents: none('timeout'), servers: said('count\t1\n') },
    'ipvs: 1 virtual servers in /proc/net/ip_vs',
  ],
])('%s', (_, g, want) => {
  const reading = proxyModeLive.parse({
    live: g.live ?? none('failed'),
    agents: g.agents ?? said(''),
    servers: g.servers ?? noServers,
    config: g.config ?? none('not-chosen'),
  });
  const { mode, source, replacedBy } = reading.ok ? reading.value : {};
  expect(reading.ok ? `${mode}: ${source}${replacedBy ? ` (${replacedBy})` : ''}` : reading.gap.kind).toBe(want);
});

it('takes the address from the ConfigMap, where that is known', () => {
  const vars = proxyModeLive.params?.vars;
  expect(vars?.({ metricsAddress: { ok: true, value: '10.0.0.5:9999' } }, 'n1')).toEqual({
    proxy_metrics: '10.0.0.5:9999',
  });
  expect(vars?.({ metricsAddress: { ok: false, gap: { kind: 'absent', detail: '' } } }, 'n1')).toEqual({});
});
