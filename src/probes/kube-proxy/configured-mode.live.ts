import { known, missing } from '../../core/gap.ts';
import { probe } from '../../core/probe.ts';
import { configuredMode } from '../../facts/kube-proxy/configured-mode.ts';
import { agentsProc } from '../node/agents.proc.ts';
import { kubeProxyConfigMap } from './config-map.ts';
import { configMapMode } from './config-map-mode.ts';
import { modeOfProcess } from './mode-of-process.ts';

/** The process's own word first: of several ConfigMaps and files only one is its own. */
export const configuredModeLive = probe({
  yields: configuredMode,
  via: 'live',
  reads: { agents: agentsProc.reads.list, config: kubeProxyConfigMap },
  parse: (raw) => {
    const running = agentsProc.parse({ list: raw.agents });
    const proxy = running.ok ? running.value.find((a) => a.name === 'kube-proxy') : undefined;
    const own = proxy ? modeOfProcess(proxy) : null;
    if (own) return own;
    const mode = configMapMode(raw.config);
    if (mode) return known({ mode, source: 'ConfigMap kube-system/kube-proxy' });
    if (!running.ok) return running;
    if (!proxy) return known(null);
    return missing('failed', `the mode of kube-proxy, pid ${proxy.pid}, stands in a file that could not be read`);
  },
});
