import { known, missing } from '../../core/gap.ts';
import { probe } from '../../core/probe.ts';
import { metricsAddress } from '../../facts/kube-proxy/metrics-address.ts';
import { textAt } from '../../lib/json.ts';
import { kubeJson } from '../kube-json.ts';
import { kubeProxyConfigMap } from './config-map.ts';

/** metricsBindAddress of the configuration; a wildcard is asked on the loopback. */
export const metricsAddressKube = probe({
  yields: metricsAddress,
  via: 'kube',
  reads: { config: kubeProxyConfigMap },
  parse: ({ config }) => {
    const json = kubeJson(config);
    if (!json.ok) return json;
    const m = /^metricsBindAddress:\s*["']?([A-Za-z0-9.-]*|\[[0-9A-Fa-f:.]+\]):(\d{1,5})["']?\s*$/m.exec(
      textAt(json.value.body, 'data', 'config.conf'),
    );
    if (!m) return missing('unsupported', 'the ConfigMap does not set metricsBindAddress to a host and port');
    const host = m[1] === '' || m[1] === '0.0.0.0' || m[1] === '[::]' ? '127.0.0.1' : m[1];
    return known(`${host}:${m[2]}`);
  },
});
